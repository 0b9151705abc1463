"""What a run tells of its forecast: causes, peaks, earlier forecasts, what changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from forecasting.explaining.causes import causes_of, settled
from forecasting.explaining.changes import Difference, changes_of
from forecasting.explaining.peaks import peak_weeks
from forecasting.explaining.sentences import told_peaks
from forecasting.explaining.verification import verify
from forecasting.explaining.weekly import (
    drawn_weeks,
    groups_of,
    weekly_causes,
    weekly_sums,
    whole_weeks,
)
from forecasting.insight_tables import Changes, Peaks
from forecasting.pipeline.earlier import Before, run_before, runs_to_verify
from forecasting.pipeline.figures import stale_series
from forecasting.pipeline.town import Town
from forecasting.runs import RunKey
from forecasting.workspace import Workspace


@dataclass(frozen=True)
class Said:
    """A settled forecast and what it is made of.

    `effects` are log effects of the regressions, `parts` contacts that were added to the
    blend afterwards (`series, start, cause, count`), `blend` the mean before that,
    `dependence` how errors hang together.
    """

    forecast: pl.DataFrame
    blend: pl.DataFrame
    effects: pl.DataFrame
    parts: pl.DataFrame
    dependence: pl.DataFrame

    @property
    def causes(self) -> pl.DataFrame:
        """The `Causes` of the forecast."""
        explained = causes_of(self.effects, self.blend)
        every = pl.concat([explained, self.parts.select(explained.columns)])
        return settled(every, self.forecast)


def told(
    workspace: Workspace,
    town: Town,
    said: Said,
    key: RunKey,
    issued: pl.DataFrame,
    *,
    now: datetime,
    today: date,
) -> Mapping[str, pl.DataFrame]:
    """The tables `causes`, `peaks`, `verification` and `changes` of a run.

    Peaks are those of the week of `today` and later.
    """
    origin, tuning = town.last_day, town.tuning.explaining
    causes = said.causes
    earlier = runs_to_verify(
        workspace, run=key.id, now=now, last=origin, most=tuning.verified_runs
    )
    before = run_before(workspace, run=key.id, now=now)
    return {
        "causes": causes,
        "peaks": _peaks(town, said, causes, issued, key, today),
        "verification": verify(earlier, town.trained, tuning, seed=key.seed),
        "changes": _changes(before, said.forecast, causes, origin, key),
    }


def _peaks(
    town: Town,
    said: Said,
    causes: pl.DataFrame,
    issued: pl.DataFrame,
    key: RunKey,
    today: date,
) -> pl.DataFrame:
    # A series that ended long ago would be expected of weeks, and seen in none of late.
    ended = pl.col("series").is_in(stale_series(town))
    tuning, forecast = town.tuning.explaining, said.forecast.filter(~ended)
    weeks = whole_weeks(forecast, town.last_day)
    if weeks.is_empty():
        return Peaks.create_empty()
    groups = groups_of(forecast["series"])
    ahead = drawn_weeks(
        weeks,
        groups,
        draws=tuning.draws,
        seed=key.seed,
        dependence=said.dependence,
    )
    week = pl.col("start").dt.truncate("1w").alias("week")
    known = whole_past(town.demand.filter(~ended).with_columns(week), town.last_day)
    found = peak_weeks(ahead, weekly_sums(known, groups, "count"), tuning)
    found = found.filter(pl.col("week") >= today - timedelta(days=today.weekday()))
    why = weekly_causes(causes, weeks, groups)
    return told_peaks(found, why, issued, town.catalogue, tuning)


def whole_past(demand: pl.DataFrame, last: date) -> pl.DataFrame:
    """Demand by day or week, without the week that the end of the history cuts off."""
    weekly = demand.filter(pl.col("cadence") != "month")
    if last.weekday() >= 4:
        return weekly
    return weekly.filter(pl.col("week") < pl.lit(last).dt.truncate("1w"))


def _changes(
    before: Before | None,
    forecast: pl.DataFrame,
    causes: pl.DataFrame,
    origin: date,
    key: RunKey,
) -> pl.DataFrame:
    if before is None:
        return Changes.create_empty()
    names = pl.concat([before.forecast["series"], forecast["series"]])
    groups = groups_of(names)
    was = weekly_causes(
        before.causes, whole_weeks(before.forecast, before.origin), groups
    )
    is_ = weekly_causes(causes, whole_weeks(forecast, origin), groups)
    return changes_of(was, is_, difference(before, key))


def difference(before: Before, key: RunKey) -> Difference:
    """What differs between an earlier run and the one of a key."""
    old = before.record
    return Difference(
        inputs=_files(old.inputs) != _files(key.inputs),
        policy=old.config_hash != key.config_hash,
        exclusions=set(old.inputs) != set(key.inputs),
    )


def _files(inputs: list[str] | tuple[str, ...]) -> set[str]:
    return {name for name in inputs if not name.startswith("notes-")}
