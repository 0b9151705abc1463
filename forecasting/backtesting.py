"""Backtests: what each method and the blend would have said at earlier origins."""

import polars as pl

from forecasting.accuracy import naive_error, score
from forecasting.errors import InputError
from forecasting.intervals import conformal
from forecasting.models.blend import BLEND, combine, mean_shares, weigh
from forecasting.rolling.answers import NAIVE
from forecasting.rolling.fanout import Predictions, predict_all
from forecasting.rolling.tasks import origin_tasks
from forecasting.series.cadence import by_day, horizon_in_days, infer_cadence
from forecasting.series.checking import check_history
from forecasting.series.knowndays import known_days
from forecasting.series.panel import first_and_last, to_panel
from forecasting.settings import Settings
from forecasting.tables import QUANTILE_NAMES
from forecasting.tuning import Tuning, load_tuning


def settle(past: pl.DataFrame, wanted: pl.DataFrame, tuning: Tuning) -> pl.DataFrame:
    """The blend of `wanted`, with quantiles from how the blend did in `past`.

    Both are frames of predictions; `past` holds outcomes, all known before `wanted`.
    """
    edges = tuning.intervals.group_days
    mixed = ~pl.col("method").is_in(NAIVE)
    past, wanted = past.filter(mixed), wanted.filter(mixed)
    names = pl.concat([past["series"], wanted["series"]]).unique().sort()
    weights = weigh(past, names, edges, tuning.blend)
    return conformal(
        combine(past, weights, edges), combine(wanted, weights, edges), tuning.intervals
    )


def method_weights(
    past: pl.DataFrame, wanted: pl.DataFrame, tuning: Tuning
) -> pl.DataFrame:
    """`series, method, weight`: what each method counts for in the blend of `wanted`."""
    edges = tuning.intervals.group_days
    mixed = ~pl.col("method").is_in(NAIVE)
    past, wanted = past.filter(mixed), wanted.filter(mixed)
    weights = weigh(past, wanted["series"].unique().sort(), edges, tuning.blend)
    return mean_shares(wanted, weights, edges)


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
    events: pl.DataFrame | None = None,
    settings: Settings | None = None,
) -> pl.DataFrame:
    """Accuracy per series, horizon and method over the last `origins` rolling origins.

    Each origin is judged with weights and intervals from origins before it, so the
    blend (`chosen`) never sees what it is scored on. Slot histories are scored by day.

    Args:
        history: `series, start, count`, optionally `holiday`.
        horizon: periods of the history's cadence (days for a slot history).
        origins: how many origins are scored; as many again only calibrate.
        country: whose public holidays.
        subdiv: region of the country.
        events: `name, start, end`, known in advance.
        settings: executor and workers.

    Raises:
        InputError: the history is unusable or too short for one origin.
    """
    tuning = load_tuning()
    checked = by_day(check_history(history))
    cadence = infer_cadence(checked)
    panel = to_panel(checked, cadence)
    days = horizon_in_days(horizon, cadence)
    first, last = first_and_last(checked["start"])
    years = first.year, last.year + 1
    known = known_days(country, subdiv, years, named=checked, events=events)
    count = origins + tuning.backtest.origins
    tasks = origin_tasks(panel, days, known, tuning, count)
    predictions = predict_all(
        tasks, tuning, settings or Settings(executor="sequential")
    )
    rows = held_back(predictions, origins, tuning)
    if rows.is_empty():
        raise InputError(
            "expected a history that leaves room for a backtest",
            remedy=f"At least {tuning.backtest.least_history_days + 14} days are needed.",
        )
    scored = rows.with_columns(pl.lit(horizon, pl.Int32).alias("horizon"))
    return score(scored, naive_error(panel), BLEND)
