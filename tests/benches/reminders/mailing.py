"""Invented batches with a hold-out: every resident reads, acts and comes by chance.

Shares no code with what measures the effect.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
FIRST = date(2027, 1, 4)
NEVER = 10_000
READ = ((1, 0.60), (2, 0.80), (4, 0.90))
DELAY = (0.30, 0.25, 0.20, 0.12, 0.08, 0.05)


@dataclass(frozen=True)
class Truth:
    """How residents of an invented town renew (share per lag) and react to a letter."""

    lags: Whole
    weights: Floats
    acts: float
    half_life: float


@dataclass(frozen=True)
class Mailings:
    """The arms, and what came of them until the last week of the history."""

    arms: pl.DataFrame
    outcomes: pl.DataFrame


@dataclass(frozen=True)
class Sizes:
    """How many batches, and letters in each stratum; a tenth is held out."""

    batches: int = 20
    letters: tuple[int, int] = (60, 400)
    held_out: float = 0.10
    strata: int = 2
    watched: int = 36


def make_mailings(
    rng: np.random.Generator, truth: Truth, sizes: Sizes | None = None
) -> Mailings:
    """Mail a batch a week, each to some strata with a lead of 6 to 24 weeks."""
    size = sizes or Sizes()
    arms, came = [], []
    for batch in range(size.batches):
        for stratum in range(size.strata):
            lead = int(rng.integers(6, 25))
            number = int(rng.integers(*size.letters))
            held = rng.binomial(number, size.held_out)
            for arm, documents in (("mailed", number - held), ("held out", held)):
                names = _names(batch, stratum, arm)
                arms.append(names | _arm(batch, lead, documents))
                weeks = applied(rng, truth, lead, documents, letter=arm == "mailed")
                inside = weeks[batch + weeks < size.watched]
                for week, count in zip(*np.unique(inside, return_counts=True)):  # noqa: B905
                    day = FIRST + timedelta(weeks=batch + int(week))
                    came.append(names | {"request_week": day, "count": int(count)})
    return Mailings(pl.DataFrame(arms), pl.DataFrame(came))


def applied(
    rng: np.random.Generator, truth: Truth, lead: int, documents: int, *, letter: bool
) -> Whole:
    """Week since mailing in which each document is applied for; `NEVER` if never."""
    own = _own_weeks(rng, truth, lead, documents)
    if not letter:
        return own
    reads = _reading_week(rng, documents)
    acts = rng.random(documents) < truth.acts * 2.0 ** (-lead / truth.half_life)
    comes = reads + rng.choice(len(DELAY), documents, p=DELAY)
    moved = acts & (comes < own) & (own < NEVER)
    return np.where(moved, comes, own)


def _own_weeks(
    rng: np.random.Generator, truth: Truth, lead: int, documents: int
) -> Whole:
    """By itself: of those not applied for before the mailing."""
    later = truth.lags >= -lead
    chances = truth.weights[later]
    never = 1.0 - truth.weights.sum()
    whole = np.append(chances, never)
    weeks = np.append(truth.lags[later] + lead, NEVER)
    return np.asarray(rng.choice(weeks, documents, p=whole / whole.sum()))


def _reading_week(rng: np.random.Generator, documents: int) -> Whole:
    """The week since mailing in which each is read, on lines between `READ`."""
    weeks, shares = zip((0, 0.0), *READ, strict=True)
    chance = rng.random(documents)
    when = np.interp(chance, shares, weeks)
    read = np.ceil(when).astype(int) - 1
    return np.where(chance < shares[-1], np.maximum(read, 0), NEVER)


def _names(batch: int, stratum: int, arm: str) -> dict[str, object]:
    return {"batch": f"b{batch:03}", "stratum": f"passport {stratum}", "arm": arm}


def _arm(batch: int, lead: int, documents: int) -> dict[str, object]:
    mailing = FIRST + timedelta(weeks=batch)
    return {
        "service": "passport",
        "expiry_week": mailing + timedelta(weeks=lead),
        "channel": "letter",
        "mailing_week": mailing,
        "count": documents,
    }
