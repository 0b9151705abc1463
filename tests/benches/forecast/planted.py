"""Planted truths: how often a 90% interval holds what was put into a simulated world.

Each world has its own length, size, season, drift, shocks and effect. The worlds share no
code with the estimators; a truth is recovered when 85 to 96 of 100 intervals hold it.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache

import numpy as np

from forecasting.calendar import FeeChange
from forecasting.catalogue import Catalogue
from forecasting.models.effects.channels import channel_effects
from forecasting.models.effects.elections import BEFORE, POLLING, election_effects
from forecasting.models.effects.fees import fee_effects
from forecasting.models.effects.openness import open_days_of
from forecasting.models.expiry.standing import standing_at
from forecasting.series.knowndays import Known, known_days
from forecasting.tuning import load_tuning
from tests.benches.forecast.planted_documents import (
    FIRST,
    WEEKS,
    Floats,
    make_documents,
    service,
)
from tests.benches.forecast.planted_worlds import (
    VOTES,
    channel_world,
    fee_world,
    voting_world,
)

WANTED = (0.85, 0.96)
DRAWS = 400
LAGS = np.arange(-40, 61)

Answer = tuple[str, float, float, float]
"""What was asked, the truth, and the interval."""

SUMMARIES: dict[str, Callable[[Floats], float]] = {
    "mean lag": lambda w: float(LAGS @ w.sum(axis=1) / w.sum()),
    "share late": lambda w: float(w[LAGS >= 0].sum() / w.sum()),
    "share that renews": lambda w: float(w[:, 0].sum()),
    "12 to 5 weeks before": lambda w: float(w[(LAGS >= -12) & (LAGS < -4), 0].sum()),
    "4 to 1 weeks before": lambda w: float(w[(LAGS >= -4) & (LAGS < 0), 0].sum()),
    "0 to 3 weeks after": lambda w: float(w[(LAGS >= 0) & (LAGS < 4), 0].sum()),
}


def measure(worlds: int = 100, seed: int = 0) -> dict[str, object]:
    """Per planted truth: worlds, share within the interval, median width, errors.

    The width of a ratio is high / low - 1; that of a share, or of weeks, high - low.
    """
    found: dict[str, object] = {}
    for number, (name, ask) in enumerate(TRUTHS.items()):
        rngs = (np.random.default_rng([seed, number, i]) for i in range(worlds))
        answers = [answer for rng in rngs for answer in ask(rng)]
        found |= _summary(name, answers, worlds)
    return found


def _summary(name: str, answers: list[Answer], worlds: int) -> dict[str, object]:
    found: dict[str, object] = {}
    for detail in dict.fromkeys(answer[0] for answer in answers):
        mine = [answer[1:] for answer in answers if answer[0] == detail]
        truth, low, high = np.array(mine).T
        within = float(np.mean((low <= truth) & (truth <= high)))
        ratios = not name.startswith("renewal")
        width = high / low - 1 if ratios else high - low
        found[f"{name}: {detail}"] = {
            "worlds": len(mine),
            "silent": worlds - len(mine),
            "within": round(within, 3),
            "recovered": bool(WANTED[0] <= within <= WANTED[1]),
            "median_width": round(float(np.median(width)), 4),
        }
    return found


def _renewals(rng: np.random.Generator, *, once: bool) -> Iterator[Answer]:
    world = make_documents(rng, once=once)
    last = FIRST + timedelta(weeks=WEEKS, days=-1)
    catalogue = Catalogue(service=(service(),))
    tuning = load_tuning().expiry
    known = standing_at(world.demand, world.stocks, service(), catalogue, last, tuning)
    if known is None:
        return
    draws = [rates.timing.weight for rates in known.estimate.draws(DRAWS, seed=0)]
    for name, summary in SUMMARIES.items():
        low, high = np.quantile([summary(draw) for draw in draws], (0.05, 0.95))
        yield name, summary(world.weights), float(low), float(high)


def _election(rng: np.random.Generator) -> Iterator[Answer]:
    world = voting_world(rng)
    days, tuning = open_days_of([world.series]), load_tuning().effects
    truth = {BEFORE: world.before, POLLING: world.on}
    for row in election_effects("planted", days, calendar(), tuning):
        yield row.detail, truth[row.detail], row.low, row.high


def _fee(rng: np.random.Generator) -> Iterator[Answer]:
    world = fee_world(rng)
    change = FeeChange(name="planted", service="a", day=world.day, source="planted")
    days, tuning = open_days_of([world.series]), load_tuning().effects
    for row in fee_effects(change, (), days, calendar(), tuning):
        phase = row.detail.removeprefix("planted: ")
        yield phase, world.ratios[phase], row.low, row.high


def _channel(rng: np.random.Generator, sign: int) -> Iterator[Answer]:
    world = channel_world(rng, sign)
    ways = ([world.online], [world.visits], [world.calls])
    for row in channel_effects("planted", *ways, load_tuning().effects):
        yield "calls per contact", world.ratio, row.low, row.high


@cache
def calendar() -> Known:
    """The holidays, school holidays and elections that the estimators may know."""
    known = known_days("NL", None, (2012, 2027), school_region="Noord")
    events = tuple(("election", vote - timedelta(days=13), vote) for vote in VOTES)
    return Known(known.holidays, events, known.school)


TRUTHS: dict[str, Callable[[np.random.Generator], Iterator[Answer]]] = {
    "election": _election,
    "fee change": _fee,
    "more online, more calls": lambda rng: _channel(rng, 1),
    "more online, fewer calls": lambda rng: _channel(rng, -1),
    "more online, calls as ever": lambda rng: _channel(rng, 0),
    "renewal, stocks by quarter": lambda rng: _renewals(rng, once=False),
    "renewal, issued once": lambda rng: _renewals(rng, once=True),
}
