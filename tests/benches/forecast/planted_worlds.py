"""Simulated worlds with one truth planted in each: an election, a fee, a channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from forecasting.series.panel import Series
from tests.benches.forecast.planted_days import Base, Floats, make_base

END = date(2026, 11, 1)
VOTES = tuple(
    date.fromisoformat(day)
    for day in [
        "2014-03-19",
        "2014-05-22",
        "2015-03-18",
        "2017-03-15",
        "2018-03-21",
        "2019-03-20",
        "2019-05-23",
        "2021-03-17",
        "2022-03-16",
        "2023-03-15",
        "2023-11-22",
        "2024-06-06",
        "2025-10-29",
        "2026-03-18",
    ]
)
FEE_PHASES = {
    "weeks -8 to -4": (-8, -4),
    "weeks -4 to 0": (-4, 0),
    "weeks 0 to 4": (0, 4),
    "weeks 4 to 13": (4, 13),
    "net": (-8, 13),
}


@dataclass(frozen=True)
class Voting:
    """A series through elections; `before` and `on` are the ratios of the next one."""

    series: Series
    before: float
    on: float


@dataclass(frozen=True)
class Fee:
    """A series around a change of fee, and the true ratio of each phase."""

    series: Series
    day: date
    ratios: dict[str, float]


@dataclass(frozen=True)
class Channels:
    """Online and counter contacts and calls; calls per contact at 10 points more online."""

    online: Series
    visits: Series
    calls: Series
    ratio: float


def voting_world(rng: np.random.Generator, *, effect: bool = True) -> Voting:
    """4 to 13 years; elections differ by about a tenth, as does the next one."""
    base = _base(rng)
    usual, apart = np.array([rng.uniform(-0.15, 0.4), rng.uniform(0, 0.12)]) * effect
    polling, own = np.array([rng.uniform(-0.2, 0.3), rng.uniform(0, 0.1)]) * effect
    factor = np.ones(base.mean.size)
    for vote in VOTES:
        ahead = base.between(vote - timedelta(days=13), vote - timedelta(days=1))
        factor[ahead] *= np.exp(rng.normal(usual, apart))
        factor[base.between(vote, vote)] *= np.exp(rng.normal(polling, own))
    coming = np.exp([rng.normal(usual, apart), rng.normal(polling, own)])
    return Voting(_series(base, base.draw(rng, factor)), *coming.tolist())


def fee_world(rng: np.random.Generator, *, effect: bool = True) -> Fee:
    """A rush that grows towards the change and a hollow that fills after it."""
    base = _base(rng)
    years = (END - base.days[0]).days / 365.25
    day = base.days[0] + timedelta(days=int(365 * years * rng.uniform(0.15, 0.9)))
    if rng.random() < 0.6:
        day = date(day.year, 1, 1)
    week = np.array([(one - day).days // 7 for one in base.days])
    size = rng.uniform(0.3, 6) * effect
    rush = size * np.exp((week + 1) / rng.uniform(1, 3))
    hollow = min(0.9, 0.25 * size) * np.exp(-week / rng.uniform(2, 6))
    factor = np.where((week >= -8) & (week < 0), 1 + rush, 1.0)
    factor = np.where((week >= 0) & (week < 13), 1 - hollow, factor)
    ratios = {}
    for name, (begin, end) in FEE_PHASES.items():
        mine = (week >= begin) & (week < end)
        ratios[name] = float((base.mean * factor)[mine].sum() / base.mean[mine].sum())
    return Fee(_series(base, base.draw(rng, factor)), day, ratios)


def channel_world(rng: np.random.Generator, sign: int) -> Channels:
    """Contacts that move online by a trend, a launch and whims; calls follow them."""
    base = _base(rng)
    scale, time = rng.uniform(0.5, 3), np.linspace(0, 1, base.mean.size)
    share = _online_share(rng, base, time)
    online = _scaled(base, scale * share, 0.12).draw(rng)
    visits = _scaled(base, scale * (1 - share), 0.10).draw(rng)
    own = make_base(rng, base.days[0], (END - base.days[0]).days / 365.25)
    around = np.convolve(np.pad(base.mean, 10, "edge"), np.full(21, 1 / 21), "valid")
    effect = sign * rng.uniform(0.05, 0.2)
    level = own.mean / own.mean.mean() * around * scale * rng.uniform(0.2, 0.8)
    moved = np.exp(effect * (share - share.mean()) / 0.1)
    calls = Base(base.days, level * moved, 0.12).draw(rng)
    one, two, three = (_series(base, counts) for counts in (online, visits, calls))
    return Channels(one, two, three, float(np.exp(effect)))


def _online_share(rng: np.random.Generator, base: Base, time: Floats) -> Floats:
    week = np.array([(day - base.days[0]).days // 7 for day in base.days])
    start = rng.uniform(0.03, 0.2)
    odds = np.log(start / (1 - start)) + rng.uniform(0, 2) * time
    odds += rng.uniform(0.2, 1) * (time > rng.uniform(0.2, 0.8))
    odds += np.cumsum(rng.normal(0, 0.03, week[-1] + 1))[week]
    share: npt.NDArray[np.float64] = 1 / (1 + np.exp(-odds))
    return share


def _base(rng: np.random.Generator) -> Base:
    years = rng.uniform(4, 13.5)
    return make_base(rng, END - timedelta(days=round(365.25 * years)), years)


def _scaled(base: Base, factor: Floats, spread: float) -> Base:
    return Base(base.days, base.mean * factor, spread)


def _series(base: Base, counts: Floats) -> Series:
    days: Sequence[date] = base.days
    return Series("planted", np.array(days, dtype="datetime64[D]"), counts)
