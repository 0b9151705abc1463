"""Fit what a telephony export does not hold: readiness, patience and unevenness.

Readiness scales the logged-in agents, patience is an exponential mean; both by least
squares on the counts of the slots. Unevenness, the spread of readiness from slot to slot,
is the rung of `LADDER` whose draws score best on those slots (the continuous ranked
probability score, Gneiting and Raftery 2007). The spread of handling times needs no fit:
slots that follow each other differ in their mean as much as it makes them differ.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from scipy.optimize import minimize

from staffing.simulation.outcomes import Floats
from staffing.simulation.timeline import Line

FITTING_RUNS, SCORING_RUNS = 12, 60
FITTING_CONTACTS = 200_000
"""Contacts simulated per trial of a fit: fewer runs where each holds many."""
LADDER = (0.0, 0.1, 0.2, 0.35, 0.5)
"""Coefficients of variation of readiness from slot to slot, from even to uneven."""
PLANNED_CV, LEAST_CV, MOST_CV = 1.0, 0.3, 2.0
"""Spread of handling where its means were not measured, and what can be measured."""


@dataclass(frozen=True)
class Behaviour:
    """How agents and callers behave: `readiness` is the share of logged time ready.

    `unevenness` is its coefficient of variation from slot to slot; `handling_cv` that of
    a contact's handling time; `measured` says whether slots know their own mean.
    """

    readiness: float
    patience_s: float
    handling_cv: float = PLANNED_CV
    measured: bool = False
    unevenness: float = 0.0


@dataclass(frozen=True)
class Search:
    """Where a search for readiness and patience starts, how wide and how long."""

    readiness: float
    patience_s: float
    width: float
    trials: int

    def minimum(self, function: Callable[[Floats], float]) -> Floats:
        """Logarithms of the two at which `function` is least (Nelder and Mead)."""
        guess = np.log([self.readiness, self.patience_s])
        corners = guess + self.width * np.array([[0, 0], [-1, 0], [0, 3]])
        result = minimize(
            function,
            guess,
            method="Nelder-Mead",
            options={
                "initial_simplex": corners,
                "maxfev": self.trials,
                "xatol": 0.003,
                "fatol": 0.003,
            },
        )
        return np.asarray(result.x, dtype=np.float64)


FIRST_SEARCH = Search(readiness=0.9, patience_s=240.0, width=0.2, trials=40)


def live(
    line: Line, behaviour: Behaviour, threshold_s: float, runs: int, seed: int
) -> Floats:
    """Answered in time and given up: 2 x runs x real slots of the line."""
    from staffing.simulation.replaying_kernel import live_through

    spread = np.sqrt(np.log1p(behaviour.unevenness**2))
    normal = np.random.default_rng(seed).standard_normal((runs, line.size))
    ready = behaviour.readiness * np.exp(spread * (normal - spread / 2))
    told = live_through(
        np.random.SeedSequence(seed).generate_state(runs),
        line.offered,
        line.handling_s,
        line.agents * ready,
        line.slot_s,
        float(threshold_s),
        behaviour.handling_cv,
        behaviour.measured,
        behaviour.patience_s,
    )
    return np.asarray(told[:, :, line.rows], dtype=np.float64)


def fit(
    line: Line, seen: Floats, handling_cv: float, threshold_s: float, seed: int
) -> Behaviour:
    """Readiness, patience and unevenness of slots whose counts `seen` (2 x slots) hold.

    `handling_cv` is `spread_of_handling` of the same slots. The ladder is climbed while
    the score gains; each rung starts its search where the one below it ended.
    """
    measured = handling_cv >= LEAST_CV
    start = Behaviour(
        FIRST_SEARCH.readiness,
        FIRST_SEARCH.patience_s,
        handling_cv if measured else PLANNED_CV,
        measured,
    )
    search, best, least = FIRST_SEARCH, start, np.inf
    for rung in LADDER:
        tried = replace(start, unevenness=rung)
        tried = _fit_means(line, seen, threshold_s, seed, tried, search)
        score = _score(live(line, tried, threshold_s, SCORING_RUNS, seed)[0], seen[0])
        if score >= least:
            break
        search = Search(tried.readiness, tried.patience_s, 0.05, 20)
        best, least = tried, score
    return best


def spread_of_handling(slots: pl.DataFrame) -> float:
    """Coefficient of variation of a handling time, from means of slots in sequence.

    The mean of n contacts varies by cv^2/n; the squared difference of two slots that
    follow each other tells it however the day drifts (von Neumann 1941). Slots of few
    contacts weigh most: there a true difference between slots adds least. 0 where the
    means hardly differ: they were planned, not measured.
    """
    answered = pl.col("offered") - pl.col("abandoned")
    handled = pl.col("handling_time_s").fill_nan(None) > 0
    known = slots.sort("start").filter(handled & (answered > 0))
    if known.height < 3:
        return 0.0
    count = known.select(answered).to_series().to_numpy().astype(np.float64)
    mean = known["handling_time_s"].to_numpy().astype(np.float64)
    overall = float((count * mean).sum() / count.sum())
    by_chance = (1 / count[:-1] + 1 / count[1:]).sum()
    cv = float(np.sqrt((np.diff(mean) ** 2).sum() / by_chance)) / overall
    return min(cv, MOST_CV)


def _fit_means(
    line: Line,
    seen: Floats,
    threshold_s: float,
    seed: int,
    like: Behaviour,
    search: Search,
) -> Behaviour:
    """Least squares of mean counts, each slot weighed by the inverse of its volume."""
    weight = 1 / np.maximum(line.offered[line.rows], 1)
    fewest = int(FITTING_CONTACTS / max(line.offered.sum(), 1))
    runs = min(FITTING_RUNS, max(2, fewest))

    def behaviour(logs: Floats) -> Behaviour:
        readiness, patience_s = np.exp(np.clip(logs, [-2, 2], [1, 9]))
        return replace(like, readiness=float(readiness), patience_s=float(patience_s))

    def misfit(logs: Floats) -> float:
        told = live(line, behaviour(logs), threshold_s, runs, seed).mean(axis=1)
        return float(np.sum(weight * (told - seen) ** 2))

    return behaviour(search.minimum(misfit))


def _score(runs: Floats, seen: Floats) -> float:
    """Continuous ranked probability score of draws (runs x slots), summed over slots."""
    ordered = np.sort(runs, axis=0)
    size = len(ordered)
    rank = 2 * np.arange(1, size + 1)[:, None] - size - 1
    apart = np.sum(rank * ordered, axis=0) / size**2
    return float(np.sum(np.abs(runs - seen).mean(axis=0) - apart))
