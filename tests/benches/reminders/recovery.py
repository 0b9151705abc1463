"""Planted truths: how often a 90% interval holds what was put into an invented world.

Renewal timing from expiries and applications, and the effect of letters from hold-outs.
A truth is recovered when 85 to 96 of 100 intervals hold it.
"""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np

from forecasting.policy import load_policy
from staffing.reminders import ReminderSettings, Response, estimate_timing
from staffing.reminders.effect_learning import measure_response
from staffing.reminders.outcomes import watch
from staffing.reminders.timing import Timing
from tests.benches.reminders.mailing import Floats, Truth, make_mailings
from tests.benches.reminders.renewing import BANDS, LAGS, make_history

CONFIG = Path(__file__).resolve().parents[3] / "config"
WANTED = (0.85, 0.96)
WEEK = 8

Answer = tuple[str, float, float, float]
"""What was asked, the truth, and the interval."""

SUMMARIES: dict[str, Callable[[Floats], Floats]] = {
    "mean lag": lambda w: (w @ LAGS) / w.sum(axis=-1),
    "share that renews": lambda w: w.sum(axis=-1),
    "12 to 5 weeks before": lambda w: w[..., (LAGS >= -12) & (LAGS < -4)].sum(axis=-1),
    "4 to 1 weeks before": lambda w: w[..., (LAGS >= -4) & (LAGS < 0)].sum(axis=-1),
    "0 to 3 weeks after": lambda w: w[..., (LAGS >= 0) & (LAGS < 4)].sum(axis=-1),
}


def measure(worlds: int = 100, seed: int = 1) -> Iterator[dict[str, object]]:
    """One line per planted truth: share within the interval, and its median width."""
    for number, (name, ask) in enumerate(TRUTHS.items()):
        rngs = (np.random.default_rng([seed, number, i]) for i in range(worlds))
        answers = [answer for rng in rngs for answer in ask(rng)]
        for detail in dict.fromkeys(answer[0] for answer in answers):
            mine = [answer[1:] for answer in answers if answer[0] == detail]
            yield {"case": f"{name}: {detail}", **_summary(mine)}


def _summary(answers: list[tuple[float, float, float]]) -> dict[str, object]:
    truth, low, high = np.array(answers).T
    within = float(np.mean((low <= truth) & (truth <= high)))
    return {
        "worlds": len(answers),
        "within": round(within, 3),
        "recovered": bool(WANTED[0] <= within <= WANTED[1]),
        "median_width": round(float(np.median(high - low)), 4),
    }


def timing(rng: np.random.Generator, *, banded: bool) -> Iterator[Answer]:
    """Of the older half of the worlds' bands one in turn: what its timing adds up to."""
    world = make_history(rng, banded=banded)
    found = estimate_timing("planted", world.issued, world.applications)
    for place, band in enumerate(BANDS):
        for name, summary in SUMMARIES.items():
            low, high = np.quantile(summary(found.weights[:, place]), (0.05, 0.95))
            truth = float(summary(world.weights[place]))
            yield f"{name}, {band}", truth, float(low), float(high)


def letters(rng: np.random.Generator) -> Iterator[Answer]:
    """Who acts on a letter, and how fast that fades with the lead."""
    truth = planted_letters(rng)
    made = make_mailings(rng, truth)
    watched = watch(made.arms, made.outcomes)
    found = measure_response(watched, knowing(truth), WEEK)
    for row in found.iter_rows(named=True):
        planted = truth.acts if row["quantity"] == "acts" else truth.half_life
        yield row["quantity"], planted, row["low"], row["high"]


def planted_letters(rng: np.random.Generator) -> Truth:
    """A timing of its own; who acts, and how that fades, up to a factor two from assumed."""
    renews, shape = rng.uniform(0.7, 0.95), make_shape(rng)
    letter = shipped().channel["letter"]
    acts, fading = 2.0 ** rng.uniform(-1, 1, 2)
    half_life = fading * letter.half_life_weeks.value
    return Truth(LAGS, renews * shape, acts * letter.acts.value, half_life)


def make_shape(rng: np.random.Generator) -> Floats:
    """Renewals around a few weeks before expiry."""
    middle, wide = rng.uniform(-8, -2), rng.uniform(3, 8)
    raised = np.exp(-0.5 * ((LAGS - middle) / wide) ** 2) + 0.02
    return np.asarray(raised / raised.sum())


def knowing(truth: Truth) -> Response:
    """The shipped response, with the timing of a world measured to within 5%."""
    renews = float(truth.weights.sum())
    share = {"value": renews, "low": 0.95 * renews, "high": min(1.0, 1.05 * renews)}
    points = tuple(zip(truth.lags.tolist(), truth.weights.tolist(), strict=True))
    known = Timing.model_validate(
        {
            "service": "passport",
            "renews": {**share, "source": "planted"},
            "points": points,
            "source": "planted",
        }
    )
    return shipped().model_copy(update={"timing": (known,)})


@cache
def shipped() -> Response:
    """The response that the product assumes."""
    return load_policy(CONFIG / "reminders.toml", ReminderSettings).response


TRUTHS: dict[str, Callable[[np.random.Generator], Iterator[Answer]]] = {
    "timing, one for all": lambda rng: timing(rng, banded=False),
    "timing, each band": lambda rng: timing(rng, banded=True),
    "letters": letters,
}
