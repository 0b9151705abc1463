"""The reference municipality: ten years of documents seen from the end of 2018.

Counts per month up to then and the stock known then go into the public forecast; what
came of it is compared with what the town lived through. The town is invented, its hidden
parameters differ per seed, and no method is told of them. It has shocks that nobody could
know of (Covid, a failing printer): figures stand with and without their months.

One rule dates a turn, in truth and forecast alike: each month is divided by the same
month of the year before, which takes the season out of both, and the turn is the month
from which on a second level of that ratio (its logarithm) fits best: the split of the
months around it with the least squared error.
"""

import statistics
from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from forecasting import forecast
from forecasting.models.prophet import ProphetMethod
from forecasting.models.protocol import Past
from forecasting.reference.demand import World
from forecasting.series.panel import Series
from forecasting.tuning import load_tuning
from tests.benches.forecast.town_peaks import announced_peaks
from tests.benches.forecast.town_world import daily_requests, lived_world, stock_of

Floats = npt.NDArray[np.float64]
KNOWN = date(2018, 12, 31)
FIRST = np.datetime64("2019-01", "M")
MONTHS = 108
JUDGED = 96
"""Months to the end of 2026, over which errors count."""

MOST_SHIFT = 4


Turn = tuple[str, str]
"""The first and last month among which a level changes once."""

DIP_BEGINS: Turn = ("2018-01", "2020-02")
DIP_ENDS: Turn = ("2022-06", "2025-01")
ECHO: Turn = ("2025-04", "2027-06")
RAISED = ("2026-10", "2027-06")


def measure(seeds: int = 20) -> dict[str, object]:
    """Errors, turns and peaks of a number of towns; each figure is a mean over towns."""
    towns = [_town(seed) for seed in range(seeds)]
    found = {key: [town[key] for town in towns] for key in towns[0]}
    near = {
        key.replace("off_months", "within_a_month"): statistics.fmean(
            value <= 1 for value in values
        )
        for key, values in found.items()
        if key.endswith("off_months")
    }
    told = {key: _told(values) for key, values in found.items()}
    return {"seeds": seeds, **near, **told}


def _told(values: Sequence[float]) -> dict[str, float]:
    return {
        "mean": round(statistics.fmean(values), 4),
        "worst": round(max(values), 4),
        "least": round(min(values), 4),
    }


def _town(seed: int) -> dict[str, float]:
    world = lived_world(seed)
    passport = _by_month(world, "passport")
    said = _forecast(world, "passport", passport)
    came = passport.counts[-MONTHS:]
    calm = ~_shocked(world)[:JUDGED]
    alone = _prophet(passport)
    licence = _by_month(world, "licence")
    echo = _forecast(world, "licence", licence)
    own, other = (_wape(came[:JUDGED], f[:JUDGED]) for f in (said, alone))
    calm_own = _wape(came[:JUDGED][calm], said[:JUDGED][calm])
    calm_other = _wape(came[:JUDGED][calm], alone[:JUDGED][calm])
    return {
        "wape": own,
        "wape_prophet": other,
        "wape_ratio": own / other,
        "wape_without_shocks": calm_own,
        "wape_ratio_without_shocks": calm_own / calm_other,
        "dip_begins_off_months": _off(passport, said, DIP_BEGINS),
        "dip_ends_off_months": _off(passport, said, DIP_ENDS),
        "echo_off_months": _off(licence, echo, ECHO),
        "echo_shift_months": abs(_shift(licence, echo, ECHO)),
        "echo_height_part": _height(licence, echo) / _height(licence, None),
        **announced_peaks(world),
    }


def _by_month(world: World, service: str) -> Series:
    """Applications per month up to the end of the forecast."""
    daily = daily_requests(world, service)
    month = daily.starts.astype("datetime64[M]")
    months, place = np.unique(month, return_inverse=True)
    counts = np.bincount(place, weights=daily.counts).astype(float)
    kept = months < FIRST + MONTHS
    return Series(service, months[kept].astype("datetime64[D]"), counts[kept])


def _forecast(world: World, service: str, months: Series) -> Floats:
    """The public forecast from the end of 2018, for all months to come."""
    past = months.until(np.datetime64(KNOWN))
    history = pl.DataFrame(
        {"series": service, "start": past.starts, "count": past.counts}
    )
    stock = stock_of(world, service, KNOWN)
    return np.asarray(forecast(history, horizon=MONTHS, expiries=stock)["mean"])


def _prophet(months: Series) -> Floats:
    past = Past(months.until(np.datetime64(KNOWN)), "month", {})
    wanted = months.starts[-MONTHS:]
    return ProphetMethod(load_tuning().prophet).predict(past, wanted)


def _wape(came: Floats, said: Floats) -> float:
    return float(np.abs(came - said).sum() / came.sum())


def _shocked(world: World) -> npt.NDArray[np.bool_]:
    """The months to come in which something no one could know of befell passports."""
    months = FIRST + np.arange(MONTHS)
    hit = np.zeros(MONTHS, dtype=bool)
    for shock in world.policy.shock:
        services, channels = shock.services, shock.channels
        if "passport" in (services or ("passport",)) and "appointment" in (
            channels or ("appointment",)
        ):
            first = np.datetime64(shock.first, "M")
            hit |= (months >= first) & (months <= np.datetime64(shock.last, "M"))
    return hit


def _with(months: Series, said: Floats | None) -> tuple[Floats, Floats]:
    """Months (as numbers) and their counts, of the truth or of a forecast after it."""
    counts = months.counts.copy()
    if said is not None:
        counts[-MONTHS:] = said
    return months.starts.astype("datetime64[M]").astype(float), counts


def _within(axis: Floats, span: Turn) -> npt.NDArray[np.bool_]:
    low, high = (np.datetime64(month, "M").astype(int) for month in span)
    return np.asarray((axis >= low) & (axis <= high))


def _turn(months: Series, said: Floats | None, turn: Turn) -> float:
    axis, counts = _with(months, said)
    yearly = np.log(counts[12:] / counts[:-12])
    inside = _within(axis[12:], turn)
    around, when = yearly[inside], axis[12:][inside]
    errors = [
        float(np.var(around[:k]) * k + np.var(around[k:]) * (around.size - k))
        for k in range(3, around.size - 2)
    ]
    return float(when[3 + int(np.argmin(errors))])


def _off(months: Series, said: Floats, turn: Turn) -> float:
    return abs(_turn(months, said, turn) - _turn(months, None, turn))


def _shift(months: Series, said: Floats, turn: Turn) -> int:
    """How many months a forecast has to move to lie best on what came.

    A slow turn has no sharp month; this dates it by all of its months together.
    """
    ratios = []
    for source in (None, said):
        axis, counts = _with(months, source)
        ratios.append(np.log(counts[12:] / counts[:-12]))
    inside = np.flatnonzero(_within(axis[12:], turn))
    errors = {
        k: float(np.sum((ratios[0][inside] - ratios[1][inside - k]) ** 2))
        for k in range(-MOST_SHIFT, MOST_SHIFT + 1)
    }
    return min(errors, key=lambda k: (errors[k], abs(k)))


def _height(months: Series, said: Floats | None) -> float:
    """How far licences rise in the echo, beside the same months of the year before."""
    axis, counts = _with(months, said)
    raised = _within(axis, RAISED)
    return float(counts[raised].sum() / counts[np.roll(raised, -12)].sum() - 1)
