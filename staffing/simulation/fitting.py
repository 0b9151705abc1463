"""Fit what a telephony export does not hold: readiness, patience and unevenness."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from staffing.simulation.distributions import Distribution
from staffing.simulation.engine import Arrivals, simulate
from staffing.simulation.outcomes import Floats
from staffing.simulation.timeline import Line

FITTING_DRAWS, SHOWN_DRAWS, RUNS_PER_DRAW = 3, 40, 5
LADDER = ((0.3, 0.0), (0.5, 0.0), (0.7, 0.0), (1.0, 0.0), (1.0, 0.15), (1.2, 0.3))
"""Spread of handling times and unevenness of readiness, from narrow to wide."""
BUSY_SLOT = 5
COVERED = 0.80


@dataclass(frozen=True)
class Behaviour:
    """What was fitted: `readiness` scales agents, `unevenness` is its spread by slot."""

    readiness: float
    patience_s: float
    handling_cv: float
    unevenness: float


@dataclass(frozen=True)
class Search:
    """Where the search for readiness and patience starts, how wide and how long."""

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
                "xatol": 0.01,
                "fatol": 0.01,
            },
        )
        return np.asarray(result.x, dtype=np.float64)


FIRST_SEARCH = Search(readiness=0.9, patience_s=240.0, width=0.2, trials=30)


def live(
    line: Line, behaviour: Behaviour, threshold_s: float, draws: int, seed: int
) -> tuple[Floats, Floats]:
    """Answered in time and given up per run and slot, over draws of readiness."""
    spread = np.sqrt(np.log1p(behaviour.unevenness**2))
    normal = np.random.default_rng(seed).standard_normal((draws, line.size))
    ready = behaviour.readiness * np.exp(spread * (normal - spread / 2))
    runs = [
        simulate(
            line.offered,
            line.agents * ready[draw],
            Distribution(1.0, behaviour.handling_cv),
            behaviour.patience_s,
            slot_s=line.slot_s,
            threshold_s=threshold_s,
            replications=RUNS_PER_DRAW,
            seed=seed + draw,
            handling_factor=line.handling_s,
            pattern=Arrivals(exact=True),
        )
        for draw in range(draws)
    ]
    within = np.concatenate([run.within[:, line.rows] for run in runs])
    return within, np.concatenate([run.abandoned[:, line.rows] for run in runs])


def fit(line: Line, seen: Floats, threshold_s: float, seed: int) -> Behaviour:
    """Climb the ladder until the middle 80% holds 80% of the slots; the nearest rung.

    Each rung starts its search where the one below it ended.
    """
    busy = line.offered[line.rows] >= BUSY_SLOT
    busy = busy if busy.any() else np.ones_like(busy)
    fitted: list[tuple[float, int, Behaviour]] = []
    search = FIRST_SEARCH
    for rung, width in enumerate(LADDER):
        behaviour = _fit_means(line, seen, threshold_s, seed, width, search)
        search = Search(behaviour.readiness, behaviour.patience_s, 0.05, 15)
        within, _ = live(line, behaviour, threshold_s, SHOWN_DRAWS, seed)
        low, high = np.quantile(within[:, busy], [0.1, 0.9], axis=0)
        held = float(np.mean((seen[0][busy] >= low) & (seen[0][busy] <= high)))
        fitted.append((abs(held - COVERED), rung, behaviour))
        if held >= COVERED:
            break
    return min(fitted, key=lambda told: told[:2])[2]


def _fit_means(
    line: Line,
    seen: Floats,
    threshold_s: float,
    seed: int,
    width: tuple[float, float],
    search: Search,
) -> Behaviour:
    """Least squares of mean counts, each slot weighed by the inverse of its volume."""
    weight = 1 / np.maximum(line.offered[line.rows], 1)

    def behaviour(logs: Floats) -> Behaviour:
        readiness, patience_s = np.exp(np.clip(logs, [-2, 2], [1, 9]))
        return Behaviour(float(readiness), float(patience_s), *width)

    def misfit(logs: Floats) -> float:
        told = live(line, behaviour(logs), threshold_s, FITTING_DRAWS, seed)
        gaps = [runs.mean(axis=0) - real for runs, real in zip(told, seen, strict=True)]
        return float(sum(np.sum(weight * gap**2) for gap in gaps))

    return behaviour(search.minimum(misfit))
