"""Ten years of applications by month, with what they are made of and how sure that is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from forecasting.insight_tables import Outlook
from forecasting.models.expiry.cohorts import Lived
from forecasting.models.expiry.exposing import ahead, exposure_values
from forecasting.models.expiry.standing import Standing
from forecasting.models.expiry.weeks import FIRST_MONDAY, midweek
from forecasting.models.features import weekday
from forecasting.series.panel import DayArray, FloatArray
from forecasting.tables import QUANTILE_NAMES, QUANTILES
from forecasting.tuning import ExpiryTuning, Tuning
from forecasting.validity import WEEKS_A_YEAR

REPEATS = 8
"""Futures per draw of the rates: the level and chance differ between them."""

CAUTION = 13
"""Weeks of evidence that the level of the past year is held against."""


Moves = Callable[[str, DayArray], FloatArray]
"""The factor on the applications of a service on each of some days to come."""


def as_ever(_service: str, days: DayArray) -> FloatArray:
    """Nothing but documents moves applications."""
    return np.ones(days.size)


@dataclass(frozen=True)
class _Months:
    """The whole months to come, and the part of each week that falls in them."""

    starts: DayArray
    part: FloatArray
    years: FloatArray


def outlook(
    standings: Mapping[str, Standing],
    tuning: Tuning,
    seed: int,
    moves: Moves = as_ever,
) -> pl.DataFrame:
    """The table `Outlook`: applications of each service per month, for ten years.

    The mean is that of the best estimate, at the level of the past year; `renewals`,
    `lost`, `first` and `echo` add up to it. The quantiles hold what is uncertain of the
    rates, how far the level wanders, more so where the stock was rebuilt, and chance.
    What `moves` applications (a fee that will change) has its echo when what was issued
    then expires.
    """
    rows = [
        _of_service(standings[name], tuning.expiry, [seed, *name.encode()], moves)
        for name in sorted(standings)
    ]
    frame = pl.concat(rows) if rows else Outlook.create_empty()
    return Outlook.validate(frame.sort("series", "start"), cast=True)


def _of_service(
    known: Standing, tuning: ExpiryTuning, seed: list[int], moves: Moves
) -> pl.DataFrame:
    months = _months(known, tuning.outlook_years)
    weeks = known.now + np.arange(months.part.shape[1])
    best = [known.estimate.rates]
    span = int(weeks[-1]) - known.holding.start + 1
    level = level_of(known, tuning)
    season = best[0].season_of(weeks)
    moved = np.ones(span)
    moved[-weeks.size :] = moves(known.service.id, midweek(weeks))
    lived = ahead(known, best, span, moved)
    parts = _by_month(lived, months, season * level)
    rng = np.random.default_rng(seed)
    drawn = known.estimate.draws(tuning.draws, int(rng.integers(2**31)))
    futures = ahead(known, drawn, span, moved).total[:, -weeks.size :]
    seasons = np.stack([rates.season_of(weeks) for rates in drawn])
    means = level * (futures * seasons) @ months.part.T
    drawn_counts = _chance(
        np.repeat(means, REPEATS, axis=0), known, months, tuning, rng
    )
    shift = np.sum(list(parts.values()), axis=0) / np.maximum(means.mean(axis=0), 1e-9)
    quantiles = np.quantile(drawn_counts * shift, QUANTILES, axis=0)
    return pl.DataFrame(
        {
            "series": known.service.id,
            "start": months.starts,
            "mean": np.sum(list(parts.values()), axis=0),
            **dict(zip(QUANTILE_NAMES, quantiles, strict=True)),
            **parts,
            "basis": known.basis,
        }
    )


def level_of(known: Standing, tuning: ExpiryTuning) -> float:
    """Applications of the past year beside what was expected of it."""
    last = known.now - 1
    weeks = np.arange(last - round(WEEKS_A_YEAR) + 1, last + 1)
    counted = known.applications
    inside = weeks[
        (weeks >= counted.first) & (weeks < counted.first + counted.weekly.size)
    ]
    if not inside.size:
        return 1.0
    expected = exposure_values(known, inside, tuning)
    expected = expected * known.estimate.rates.season_of(inside)
    came = counted.weekly[inside - counted.first].sum()
    usual = CAUTION * expected.mean()
    return float((came + usual) / max(expected.sum() + usual, 1e-9))


def _months(known: Standing, years: int) -> _Months:
    begin = np.datetime64(FIRST_MONDAY) + 7 * np.timedelta64(known.now, "D")
    first = (begin - np.timedelta64(1, "D")).astype("datetime64[M]") + 1
    months = first + np.arange(12 * years + 1)
    days = np.arange(begin, months[-1].astype("datetime64[D]"))
    days = days[weekday(days) < 5]
    month = (days.astype("datetime64[M]") - first).astype(int)
    week = (days - begin).astype(int) // 7
    part = np.zeros((12 * years, int(week.max()) + 1))
    whole = month >= 0
    np.add.at(part, (month[whole], week[whole]), 0.2)
    starts = months[:-1].astype("datetime64[D]")
    since = (starts - begin).astype(float) / 365.25 + 1 / 24
    return _Months(starts, part, np.maximum(since, 1 / 24))


def _by_month(
    lived: Lived, months: _Months, factor: FloatArray
) -> dict[str, FloatArray]:
    weeks = factor.size
    sources = {
        "renewals": lived.renewals,
        "lost": lived.lost,
        "first": lived.first,
        "echo": lived.echo,
    }
    return {
        name: months.part @ (factor * came[0, -weeks:])
        for name, came in sources.items()
    }


def _chance(
    means: FloatArray,
    known: Standing,
    months: _Months,
    tuning: ExpiryTuning,
    rng: np.random.Generator,
) -> FloatArray:
    """Futures around their means: a level that wanders from year to year, and chance."""
    yearly = tuning.level_sd_a_year
    if known.basis == "history":
        yearly = tuning.rebuilt_sd_a_year
    steps = np.sqrt(np.diff(months.years, prepend=0.0))
    walk = np.cumsum(rng.standard_normal(means.shape) * steps, axis=1) * yearly
    level = means * np.exp(walk - yearly**2 * months.years / 2)
    spread = np.sqrt(known.estimate.fitted.dispersion[0] * np.maximum(level, 0.0))
    return np.asarray(
        np.maximum(level + spread * rng.standard_normal(means.shape), 0.0)
    )
