"""What moves each coming period of a series: the log effects of its regression."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from forecasting.models.counts import CountRegression
from forecasting.models.protocol import Past
from forecasting.series.panel import DayArray, FloatArray, as_date
from forecasting.tuning import GlmTuning

LEVEL, TREND = "level", "trend"
SMOOTH = frozenset({"season", "weekday", "expiries"})
"""Effects that every period has: they count from their mean over the past year."""

YEAR = np.timedelta64(364, "D")
EFFECTS = {
    "series": pl.String,
    "start": pl.Date,
    "cause": pl.String,
    "effect": pl.Float64,
}


SHIFTS = {
    "series": pl.String,
    "first": pl.Date,
    "last": pl.Date,
    "ratio": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "evidence": pl.Int32,
}


def explained(
    past: Past, future: DayArray, tuning: GlmTuning
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Log effects of the coming periods, and shifts of level; nothing without periods."""
    if not future.size:
        return pl.DataFrame(schema=EFFECTS), pl.DataFrame(schema=SHIFTS)
    return log_effects(past, future, tuning), shifts_of(past, tuning)


def shifts_of(past: Past, tuning: GlmTuning) -> pl.DataFrame:
    """Sudden changes of level that the regression goes by, with a 90% interval.

    `first` is the day from which demand was `ratio` times what it was, `last` the last
    one known and `evidence` the periods between.
    """
    way = _regression(past, tuning)
    starts = past.series.starts
    rows = [
        (
            past.series.name,
            shift.day,
            as_date(starts[-1]),
            shift.ratio,
            shift.low,
            shift.high,
            int((starts >= np.datetime64(shift.day)).sum()),
        )
        for shift in (() if way is None else way.level_shifts(past))
    ]
    return pl.DataFrame(rows, schema=SHIFTS, orient="row")


def _regression(past: Past, tuning: GlmTuning) -> CountRegression | None:
    """The regression that explains a series: by its documents, where it has them."""
    ways = (CountRegression(tuning, exposed=on) for on in (True, False))
    return next((way for way in ways if way.suits(past)), None)


def log_effects(past: Past, future: DayArray, tuning: GlmTuning) -> pl.DataFrame:
    """`series, start, cause, effect`: log effects that add up to the log of the mean.

    `level` is the log of the usual level: an ordinary open period of the past year.
    `trend` is how far the level has moved since. Season, weekday and expiries count from
    their mean over that year, all others (holidays, events) from not being there. Without
    a regression that suits, the level is all there is to say.
    """
    year = past.series.since(past.series.starts[-1] - YEAR)
    way = _regression(past, tuning)
    if way is None:
        usual = np.log(max(float(year.counts.mean()), 1e-3))
        parts: Mapping[str, FloatArray] = {LEVEL: np.full(future.size, usual)}
    else:
        said = way.explain(past, np.concatenate([year.starts, future]))
        parts = _from_usual(said, year.starts.size)
    frames = [
        pl.DataFrame({"start": future, "cause": cause, "effect": effect})
        for cause, effect in parts.items()
    ]
    name = pl.lit(past.series.name).alias("series")
    days = pl.col("start").cast(pl.Date)
    return pl.concat(frames).with_columns(name, days).select(list(EFFECTS))


def _from_usual(said: Mapping[str, FloatArray], known: int) -> Mapping[str, FloatArray]:
    """The effects after the first `known` periods, which are the usual ones."""
    middle = {name: _log_mean(effect[:known]) for name, effect in said.items()}
    smooth = SMOOTH & said.keys()
    level = said[LEVEL]
    usual = float(level[:known].mean()) + sum(middle[name] for name in smooth)
    parts = {
        LEVEL: np.full(level.size - known, usual),
        TREND: level[known:] - level[:known].mean(),
    }
    for name in sorted(said.keys() - {LEVEL}):
        parts[name] = said[name][known:] - (middle[name] if name in smooth else 0.0)
    return parts


def _log_mean(effect: FloatArray) -> float:
    """The log of the mean of what the effect multiplies by."""
    return float(np.log(np.exp(effect).mean()))
