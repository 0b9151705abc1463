"""Letters to come, laid over the forecast: who comes sooner, collects and phones."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import numpy as np
import polars as pl

from forecasting.models.expiry.applications import service_of
from forecasting.outside import (
    Mail,
    calls_on,
    moved_applications,
    phone_of,
    weeks_to_come,
)
from forecasting.outside.asking_letters import Wave
from forecasting.pipeline.adjusting import ADDED
from forecasting.pipeline.collecting import Added, Following, Moved
from forecasting.pipeline.documents import LETTERS, Papers
from forecasting.pipeline.town import Town
from forecasting.pipeline.visiting import collected_after
from forecasting.rolling.tasks import Task
from forecasting.series.panel import FloatArray
from forecasting.tables import QUANTILE_NAMES, StoredForecast


@dataclass(frozen=True)
class LettersToCome:
    """The letters of a town, to be laid over its forecast.

    `tasks` tell how soon second visits follow.
    """

    town: Town
    papers: Papers
    tasks: Sequence[Task]

    def laid_over(self, forecast: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The forecast with what letters change, and the change as a cause.

        Where contacts are added the quantiles move up by as many; where they are taken
        off mean and quantiles shrink alike. The second frame holds `series, start,
        cause, count`, the cause `letters`.

        Args:
            forecast: a `StoredForecast`.
        """
        mail = self.papers.mail
        if mail is None:
            return forecast, pl.DataFrame(schema=ADDED)
        change = pl.Series("count", self._change(mail, forecast.with_row_index("row")))
        parts = forecast.select("series", "start", cause=pl.lit(LETTERS), count=change)
        return shifted(forecast, change), parts.filter(pl.col("count") != 0)

    def _change(self, mail: Mail, forecast: pl.DataFrame) -> FloatArray:
        """What letters add to the mean of each row."""
        total = np.zeros(forecast.height)
        for service in mail.services:
            work = partial(self._moved, mail, service, forecast)
            for rows, added in self.papers.attempts.at(service, work) or ():
                total[rows] += added
        for rows, added in self._calls(mail, forecast):
            total[rows] += added
        return total

    def _moved(self, mail: Mail, service: str, forecast: pl.DataFrame) -> list[Added]:
        """Applications of a service, then what follows them."""
        town, steps = self.town, self.town.tuning.expiry.steps
        names = forecast["series"].unique()
        mine = [name for name in names if service_of(name, [service], steps) == service]
        applied = forecast.filter(pl.col("series").is_in(mine))
        if applied.is_empty() or service not in town.catalogue.services:
            return []
        dealt = moved_applications(
            applied,
            service,
            partial(mail.shift, timing=self.papers.timing),
            known_at=town.last_day,
            first=weeks_to_come(town.last_day),
            until=town.last_day + timedelta(days=town.tuning.horizon_days),
        )
        own = applied["row"].to_numpy(), dealt.by_row(applied.height)
        shares = collected_after(self.tasks, service, town.tuning)
        following = Following(forecast, town.catalogue, shares, town.tuning.visits)
        owners = applied["series"].gather(dealt.rows).to_list()
        return [own, *following.of(Moved(service, dealt, owners))]

    def _calls(self, mail: Mail, forecast: pl.DataFrame) -> Iterator[Added]:
        names = forecast["series"].unique().sort().to_list()
        for phones, waves in _by_phone(mail, names, self.town).items():
            rows = forecast.filter(pl.col("series").is_in(list(phones)))
            yield rows["row"].to_numpy(), calls_on(rows, waves)


def _by_phone(
    mail: Mail, names: list[str], town: Town
) -> Mapping[tuple[str, ...], list[Wave]]:
    """Waves of calls by the series that take them; those that none takes are left out."""
    otherwise = mail.reactions.response.questions_to
    found: dict[tuple[str, ...], list[Wave]] = defaultdict(list)
    for wave in mail.waves(town.last_day):
        phones = phone_of(wave.service, names, otherwise)
        if phones:
            found[tuple(phones)].append(wave)
    return found


def shifted(forecast: pl.DataFrame, change: pl.Series) -> pl.DataFrame:
    """A `StoredForecast` of which the mean of each row changes by a count.

    An increase moves the quantiles along, a decrease shrinks all alike: so nothing falls
    below zero, and no quantiles cross.
    """
    mean = pl.col("mean")
    factor = pl.when(mean > 0).then(1 + change / mean).otherwise(1.0).clip(0)
    moved = forecast.with_columns(
        pl.when(change > 0).then(pl.col(name) + change).otherwise(pl.col(name) * factor)
        for name in ("mean", *QUANTILE_NAMES)
    )
    return StoredForecast.validate(moved, cast=True)
