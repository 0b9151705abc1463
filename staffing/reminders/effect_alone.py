"""How many of a stratum apply by themselves: beforehand, and once its hold-out is seen.

The renewal timing says so, all odds shifted alike, and each stratum apart from that by
a beta law worth some documents. Both the shift and that worth are read off the held-out
arms: a flat law in every small stratum would add up to a bias.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import betaincinv, betaln, expit, logit, logsumexp
from scipy.stats import norm

from staffing.reminders.timing import FloatArray

WORTHS = (10.0, 30.0, 100.0, 300.0)
"""Held-out documents that the timing may be worth in each stratum."""

SHIFT_SD = 0.5
"""How far the log odds of a town may lie from its timing, for all strata alike."""

SHIFTS = np.linspace(-2.0, 2.0, 201)
POINTS = np.linspace(-2.5, 2.5, 7)
QUANTILES = (np.arange(60) + 0.5) / 60
LEAST = 1e-4


@dataclass(frozen=True)
class Alone:
    """Arms of strata, what the timing says of each, and how much that is worth.

    `usual` is the share applied for by itself, `shifts` are log odds to look at, with
    the log of their `chances` beforehand.
    """

    held_out: FloatArray
    came: FloatArray
    usual: FloatArray
    worth: float
    shifts: FloatArray
    chances: FloatArray

    def nodes(self, shift: float) -> FloatArray:
        """Shares that are equally likely after the held-out arm: strata x nodes."""
        first, second = _law(shifted(self.usual, shift), self.worth)
        came, did_not = first + self.came, second + self.held_out - self.came
        return np.asarray(betaincinv(came[:, None], did_not[:, None], QUANTILES))

    def told(self, shift: float) -> float:
        """Log likelihood of the held-out arms at a shift."""
        usual = shifted(self.usual, shift)
        return float(_fit(self.held_out, self.came, usual, self.worth).sum())


def alone(rows: pl.DataFrame, usual: FloatArray) -> Alone:
    """What is held of strata beforehand; `rows` are of `Watched`, `usual` by the timing."""
    held_out = rows["held_out"].cast(pl.Float64).to_numpy()
    came = rows["held_out_came"].cast(pl.Float64).to_numpy()
    before = norm.logpdf(SHIFTS, scale=SHIFT_SD)
    every = shifted(usual, SHIFTS[:, None])
    logs = [before + _fit(held_out, came, every, worth).sum(axis=1) for worth in WORTHS]
    best = int(np.argmax([logsumexp(part) for part in logs]))
    chance = np.exp(logs[best] - logsumexp(logs[best]))
    middle = float(chance @ SHIFTS)
    apart = max(float(np.sqrt(chance @ (SHIFTS - middle) ** 2)), 0.01)
    shifts = middle + apart * POINTS
    chances = norm.logpdf(shifts, scale=SHIFT_SD)
    return Alone(held_out, came, usual, WORTHS[best], shifts, chances)


def shifted(usual: FloatArray, shift: FloatArray | float) -> FloatArray:
    """Shares with all log odds shifted; never quite 0 or 1."""
    odds = logit(np.clip(usual, LEAST, 1 - LEAST))
    return np.clip(expit(odds + shift), LEAST, 1 - LEAST)


def _law(usual: FloatArray, worth: float) -> tuple[FloatArray, FloatArray]:
    return worth * usual, worth * (1 - usual)


def _fit(
    held_out: FloatArray, came: FloatArray, usual: FloatArray, worth: float
) -> FloatArray:
    """Log likelihood of each held-out arm (beta-binomial)."""
    first, second = _law(usual, worth)
    return np.asarray(
        betaln(first + came, second + held_out - came) - betaln(first, second)
    )
