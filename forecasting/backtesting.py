"""Backtests: what each method and the blend would have said at earlier origins."""

from dataclasses import dataclass, replace

import polars as pl

from forecasting.accuracy import naive_error, score
from forecasting.errors import InputError
from forecasting.intervals import conformal
from forecasting.intraday.scoring import naive_slot_error, slots_held_back
from forecasting.models.blend import BLEND, combine, mean_shares, weigh
from forecasting.rolling.attempts import warn_of
from forecasting.rolling.documents import Documents, besides_with
from forecasting.rolling.fanout import Predictions, predict_all, settings_for
from forecasting.rolling.taking_part import beyond_evidence, taking_part
from forecasting.rolling.tasks import Task, origin_tasks
from forecasting.rolling.untested import holding, sides, with_untested
from forecasting.series.cadence import (
    SLOT_SECONDS,
    by_day,
    horizon_in_days,
    infer_cadence,
)
from forecasting.series.checking import check_history, check_origins
from forecasting.series.knowndays import Known, known_days
from forecasting.series.panel import Panel, first_and_last, to_panel
from forecasting.series.slots import whole_days, with_zeros
from forecasting.settings import Settings
from forecasting.tables import QUANTILE_NAMES
from forecasting.tuning import Tuning, load_tuning


def settle(past: pl.DataFrame, wanted: pl.DataFrame, tuning: Tuning) -> pl.DataFrame:
    """The blend of `wanted`, with quantiles from how the blend did in `past`.

    Both are frames of predictions; `past` holds outcomes, all known before `wanted`.
    """
    edges = tuning.intervals.group_days
    past = taking_part(past)
    every = taking_part(wanted, past)
    weights = _weights(past, every, tuning)
    mixed, asked, *alone = (
        combine(said, weights, edges, tuning.blend)
        for said in (past, beyond_evidence(past, every), *sides(past, every))
    )
    settled = conformal(mixed, asked, tuning.intervals)
    for side in alone:
        if side.height:
            settled = holding(settled, conformal(mixed, side, tuning.intervals))
    return settled.drop("apart")


def method_weights(
    past: pl.DataFrame, wanted: pl.DataFrame, tuning: Tuning
) -> pl.DataFrame:
    """`series, method, weight`: what each method counts for in the blend of `wanted`."""
    edges = tuning.intervals.group_days
    past = taking_part(past)
    every = taking_part(wanted, past)
    weights = _weights(past, every, tuning)
    return mean_shares(beyond_evidence(past, every), weights, edges, tuning.blend)


def _weights(past: pl.DataFrame, wanted: pl.DataFrame, tuning: Tuning) -> pl.DataFrame:
    """What each method counts for, by the past; beforehand where it has none."""
    edges = tuning.intervals.group_days
    names = pl.concat([past["series"], wanted["series"]]).unique().sort()
    weights = weigh(past, names, edges, tuning.blend)
    return with_untested(weights, past, wanted, edges, tuning.blend)


def settle_each(
    past: pl.DataFrame, wanted: pl.DataFrame, tuning: Tuning
) -> pl.DataFrame:
    """The blend and every method beside it, each with quantiles from its own past."""
    parts = [settle(past, wanted, tuning)]
    for method in wanted["method"].unique().sort():
        own = pl.col("method") == method
        parts.append(conformal(past.filter(own), wanted.filter(own), tuning.intervals))
    columns = parts[0].columns
    return pl.concat(part.select(columns) for part in parts)


def held_back(predictions: Predictions, count: int, tuning: Tuning) -> pl.DataFrame:
    """The last `count` origins of each series, each judged by what was known then.

    What was known is known of all series: no outcome later than the origin counts, in
    the weights and intervals of the series or in those of the pool.
    """
    past = predictions.past
    rank = pl.col("origin").rank("dense", descending=True).over("series")
    ranked = past.with_columns(rank.alias("rank"))
    parts = []
    for number in range(1, count + 1):
        wanted = ranked.filter(pl.col("rank") == number).drop("rank")
        for part in wanted.sort("origin").partition_by("origin", maintain_order=True):
            origin = part["origin"][0]
            earlier = (pl.col("origin") < origin) & (pl.col("start") <= origin)
            parts.append(settle_each(past.filter(earlier), part, tuning))
    none = (pl.lit(0.0).alias(name) for name in QUANTILE_NAMES)
    return pl.concat(parts) if parts else past.clear().with_columns(none)


def backtest(
    history: pl.DataFrame,
    *,
    horizon: int,
    origins: int,
    country: str = "NL",
    subdiv: str | None = None,
    expiries: pl.DataFrame | None = None,
    events: pl.DataFrame | None = None,
    settings: Settings | None = None,
) -> pl.DataFrame:
    """Accuracy per series, horizon and method over the last `origins` rolling origins.

    Each origin is judged with weights and intervals from origins before it, and sees no
    stock of documents counted after it. Of slots the days are forecast and the slots
    scored; a day known in part counts for nothing.

    Args:
        history: `series, start, count`, optionally `holiday`.
        horizon: periods of the history's cadence.
        origins: how many are scored; as many as a forecast has before them calibrate.
        country: whose public holidays.
        subdiv: region of the country.
        expiries: documents by week of expiry, as of `forecast()`.
        events: `name, start, end`, known in advance.
        settings: executor and workers.

    Raises:
        InputError: the history is unusable or too short for one origin.
    """
    tuning, documents = load_tuning(), Documents.given(expiries, country)
    past = _past(history, horizon)
    known = past.known(country, subdiv, events)
    tasks = _tasks(past, check_origins(origins), known, tuning, documents)
    predictions = predict_all(tasks, tuning, settings or settings_for(tasks))
    warn_of(predictions.failures, "series")
    return _scored(held_back(predictions, origins, tuning), past, known, tuning)


@dataclass(frozen=True)
class _Past:
    """A checked history with the panel of its days, and the horizon it is judged at."""

    checked: pl.DataFrame
    cadence: str
    panel: Panel
    horizon: int

    @property
    def by_day(self) -> pl.DataFrame:
        return by_day(self.checked)

    def known(
        self, country: str, subdiv: str | None, events: pl.DataFrame | None
    ) -> Known:
        days = self.by_day
        first, last = first_and_last(days["start"])
        years = first.year, last.year + 1
        return known_days(country, subdiv, years, named=days, events=events)


def _past(history: pl.DataFrame, horizon: int) -> _Past:
    slots = whole_days(with_zeros(check_history(history)))
    cadence = infer_cadence(slots)
    panel = to_panel(by_day(slots), "day" if cadence in SLOT_SECONDS else cadence)
    return _Past(slots, cadence, panel, horizon)


def _tasks(
    past: _Past,
    origins: int,
    known: Known,
    tuning: Tuning,
    documents: Documents | None,
) -> list[Task]:
    """One task per series, with what stands beside it as known at each origin."""
    days = horizon_in_days(past.horizon, past.cadence)
    count = origins + tuning.backtest.origins
    alone = origin_tasks(past.panel, days, known, tuning, count)
    besides = besides_with(documents, past.panel, alone, tuning)
    return [replace(task, beside=besides.of(task.series.name)) for task in alone]


def _scored(
    rows: pl.DataFrame, past: _Past, known: Known, tuning: Tuning
) -> pl.DataFrame:
    """The accuracy of what was held back; of slots that of each slot."""
    if rows.is_empty():
        raise InputError(
            "expected a history that leaves room for a backtest",
            remedy=f"At least {tuning.backtest.least_history_days + 14} days are needed.",
        )
    naive = naive_error(past.panel)
    if past.cadence in SLOT_SECONDS:
        reach = past.horizon * SLOT_SECONDS[past.cadence]
        rows = slots_held_back(rows, past.checked, known, reach, tuning.intraday)
        naive = naive_slot_error(past.checked)
    horizon = pl.lit(past.horizon, pl.Int32).alias("horizon")
    return score(rows.with_columns(horizon), naive, BLEND)
