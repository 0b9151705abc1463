"""Peak weeks of passports announced a quarter ahead, beside the same week last year."""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from forecasting.calendar import monday
from forecasting.catalogue import Catalogue
from forecasting.models.counts import CountRegression
from forecasting.models.expiry import exposures
from forecasting.models.protocol import Past
from forecasting.models.seasonal import SameWeekLastYear
from forecasting.reference.demand import World
from forecasting.series.panel import Series
from forecasting.tuning import load_tuning
from tests.benches.forecast.town_world import LIVED, daily_requests, stock_of

Floats = npt.NDArray[np.float64]
AHEAD = 13
PEAK = 1.2
ORIGINS = tuple(date(2024, 1, 1) + timedelta(weeks=13 * i) for i in range(8))


def announced_peaks(world: World) -> dict[str, float]:
    """Peak weeks of passports 13 to 25 weeks ahead, by documents and by last year.

    A peak is a week above 1.2 times the median of the 52 weeks around it; an announced
    one is above that in a mixture of what is known and what is expected.
    """
    daily = daily_requests(world, "passport")
    week = (daily.starts - np.datetime64(monday(world.days.start))).astype(int) // 7
    counts = np.bincount(week, weights=daily.counts).astype(float)
    starts = np.datetime64(monday(world.days.start)) + 7 * np.arange(counts.size)
    weekly = Series("passport", starts[1:], counts[1:])
    true = _high(weekly.counts)
    stock = stock_of(world, "passport", LIVED)
    said = {"documents": np.zeros((0, 2)), "last_year": np.zeros((0, 2))}
    for origin in ORIGINS:
        known = int(np.searchsorted(weekly.starts, np.datetime64(origin)))
        for name, mean in _both(weekly, known, stock, world.catalogue).items():
            mixed = np.concatenate([weekly.counts[:known], mean])
            span = slice(known + AHEAD - 1, known + 2 * AHEAD - 1)
            pairs = np.column_stack([true[span], _high(mixed)[span]])
            said[name] = np.vstack([said[name], pairs])
    return {
        f"{what}_{name}": value
        for name, pairs in said.items()
        for what, value in _alarms(pairs).items()
    }


def _both(
    weekly: Series, known: int, stock: pl.DataFrame, catalogue: Catalogue
) -> dict[str, Floats]:
    tuning = load_tuning()
    until = weekly.starts[known - 1].item() + timedelta(days=6)
    wanted = weekly.starts[known : known + 52]
    past = weekly.until(weekly.starts[known - 1])
    frame = {"series": "passport", "start": past.starts, "count": past.counts}
    last = wanted[-1].item() + timedelta(days=6)
    found = exposures(pl.DataFrame(frame), stock, catalogue, [until], last, tuning)
    told = Past(past, "week", {}, exposure=found["passport"][0])
    way = CountRegression(tuning.glm, exposed=True)
    return {
        "documents": way.predict(told, wanted),
        "last_year": SameWeekLastYear().predict(told, wanted),
    }


def _high(counts: Floats) -> npt.NDArray[np.bool_]:
    around = [counts[max(i - 26, 0) : i + 27] for i in range(counts.size)]
    return np.array(
        [c > PEAK * np.median(a) for c, a in zip(counts, around, strict=True)]
    )


def _alarms(pairs: Floats) -> dict[str, float]:
    true, said = pairs[:, 0] > 0, pairs[:, 1] > 0
    return {
        "peaks_hit": float((true & said).sum() / max(true.sum(), 1)),
        "peaks_false": float((said & ~true).sum() / max(said.sum(), 1)),
    }
