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
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from forecasting import forecast
from forecasting.calendar import Calendar, monday
from forecasting.catalogue import Catalogue
from forecasting.models.counts import CountRegression
from forecasting.models.expiry import exposures
from forecasting.models.prophet import ProphetMethod
from forecasting.models.protocol import Past
from forecasting.models.seasonal import SameWeekLastYear
from forecasting.policy import load_policy
from forecasting.reference.assumptions import BANDS, default_policy
from forecasting.reference.demand import World, build_world
from forecasting.reference.stock import OVERDUE
from forecasting.reference.truth import LATE
from forecasting.series.panel import Series
from forecasting.settings import shipped
from forecasting.tuning import load_tuning

Floats = npt.NDArray[np.float64]
KNOWN = date(2018, 12, 31)
LIVED = date(2028, 3, 31)
FIRST = np.datetime64("2019-01", "M")
MONTHS = 108
JUDGED = 96
"""Months to the end of 2026, over which errors count."""

AHEAD = 13
PEAK = 1.2
ORIGINS = tuple(date(2024, 1, 1) + timedelta(weeks=13 * i) for i in range(8))


Turn = tuple[str, str]
"""The first and last month among which a level changes once."""

DIP_BEGINS: Turn = ("2018-01", "2020-02")
DIP_ENDS: Turn = ("2022-06", "2025-01")
ECHO: Turn = ("2025-04", "2027-06")
RAISED = ("2026-10", "2027-06")


def measure(seeds: int = 20) -> dict[str, object]:
    """Errors, turns and peaks of a number of towns; each figure is a mean over towns."""
    towns = [_town(seed) for seed in range(seeds)]
    keys = towns[0].keys()
    found = {key: [town[key] for town in towns] for key in keys}
    return {"seeds": seeds, **{key: _told(values) for key, values in found.items()}}


def _told(values: Sequence[float]) -> dict[str, float]:
    return {
        "mean": round(statistics.fmean(values), 4),
        "worst": round(max(values), 4),
        "least": round(min(values), 4),
    }


def _town(seed: int) -> dict[str, float]:
    world = _world(seed)
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
        "echo_height_part": _height(licence, echo) / _height(licence, None),
        **_peaks(world),
    }


def _world(seed: int) -> World:
    config = shipped("config", "config")
    policy = default_policy()
    return build_world(
        policy.places["town"],
        policy,
        load_policy(config / "calendar.toml", Calendar),
        load_policy(config / "catalogue.toml", Catalogue),
        until=LIVED,
        seed=seed,
    )


def _daily(world: World, service: str) -> Series:
    """Applications of a service per day since the beginning of the history."""
    mine = [
        counts
        for series, counts in world.contacts.items()
        if series.service == service and series.step in ("application", "renewal")
    ]
    days = np.datetime64(world.days.first) + np.arange(world.days.number)
    inside = (days >= np.datetime64(world.days.start)) & (days <= np.datetime64(LIVED))
    return Series(service, days[inside], np.sum(mine, axis=0)[inside].astype(float))


def _by_month(world: World, service: str) -> Series:
    """Applications per month up to the end of the forecast."""
    daily = _daily(world, service)
    month = daily.starts.astype("datetime64[M]")
    months, place = np.unique(month, return_inverse=True)
    counts = np.bincount(place, weights=daily.counts).astype(float)
    kept = months < FIRST + MONTHS
    return Series(service, months[kept].astype("datetime64[D]"), counts[kept])


def stock_of(world: World, service: str, known: date) -> pl.DataFrame:
    """What the registry had listed of a service by a day, districts together."""
    parts = []
    for as_of, counts in world.cohorts[service].stocks.items():
        listed = counts[LATE - OVERDUE :]
        week, band = np.nonzero(listed)
        first = np.datetime64(monday(as_of) - timedelta(weeks=OVERDUE))
        part = {
            "as_of": [as_of] * week.size,
            "expiry_week": first + 7 * week,
            "age_band": np.array(BANDS)[band],
            "count": listed[week, band],
        }
        parts.append(pl.DataFrame(part) if as_of <= known else pl.DataFrame())
    rows = pl.concat([part for part in parts if part.height])
    named = rows.with_columns(
        service=pl.lit(service), basis=pl.lit("outstanding"), district=pl.lit("all")
    )
    return named.with_columns(pl.col("expiry_week").cast(pl.Date))


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


def _height(months: Series, said: Floats | None) -> float:
    """How far licences rise in the echo, beside the same months of the year before."""
    axis, counts = _with(months, said)
    raised = _within(axis, RAISED)
    return float(counts[raised].sum() / counts[np.roll(raised, -12)].sum() - 1)


def _peaks(world: World) -> dict[str, float]:
    """Peak weeks of passports 13 to 25 weeks ahead, by documents and by last year.

    A peak is a week above 1.2 times the median of the 52 weeks around it; an announced
    one is above that in a mixture of what is known and what is expected.
    """
    daily = _daily(world, "passport")
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
