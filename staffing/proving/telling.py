"""What simulated weeks say of a roster, in figures.

Three simulations of the same weeks tell why weeks differ: in the first chance alone
plays, the number at work and the forecast being what is expected; in the second people
are away at random as well; in the third the forecast may be wrong as well. What each
adds to the variance of the share in time is its part of the reason.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from staffing.proving.weeks import Week
from staffing.simulation.outcomes import Floats
from staffing.standards import Standard

SOURCES = ("chance", "absence", "forecast")
LOW, HIGH = 0.1, 0.9


@dataclass(frozen=True)
class Proof:
    """The same weeks simulated with chance alone, with absence, and with futures too."""

    chance: Week
    absence: Week
    forecast: Week

    def of(self, skill: str) -> "Proof":
        """The queues of one skill."""
        return Proof(
            self.chance.of(skill), self.absence.of(skill), self.forecast.of(skill)
        )

    @property
    def shares(self) -> dict[str, Floats]:
        """Share in time per week, by the last source of chance that is let play."""
        return {
            name: getattr(self, name).counted.within_shares for name in SOURCES
        }  # fmt: skip


def tell(proof: Proof, standard: Standard) -> dict[str, object]:
    """The figures of one skill.

    `within_target` is how sure the mean is (95%), `weeks` how far single weeks lie apart
    (10% and 90% quantiles), `weeks_on_target` the share of weeks that meet the target,
    `weeks_by` the same quantiles with fewer sources of chance, `reasons` the part of each
    in the variance, and `after_closing_minutes` people's work after closing in a week.
    """
    week, shares = proof.forecast, proof.shares
    found = week.result.overall
    told = shares["forecast"]
    return {
        "within_target": week.counted.overall.within_share.as_figure(),
        "weeks": spread(told),
        "weeks_on_target": float(np.mean(told >= standard.target))
        if told.size
        else None,
        "weeks_by": {name: spread(values) for name, values in shares.items()},
        "means_by": {
            name: float(values.mean()) if values.size else None
            for name, values in shares.items()
        },
        "reasons": reasons(shares),
        "abandoned_share": found.abandoned_share.as_figure(),
        "mean_wait_s": found.mean_wait_s.as_figure(),
        "offered": found.offered.mean,
        "occupancy": found.occupancy.mean,
        "after_closing_minutes": float(week.after_s.mean()) / 60,
        "target": standard.target,
        "threshold_s": standard.threshold_s,
    }


def spread(shares: Floats) -> dict[str, float] | None:
    """The bounds of the middle 80% of weeks."""
    if not shares.size:
        return None
    low, high = np.quantile(shares, [LOW, HIGH])
    return {"q10": float(low), "q90": float(high)}


def reasons(shares: dict[str, Floats]) -> dict[str, float] | None:
    """The part of each source in the variance of weeks; nothing where none differ.

    A source that seems to narrow the weeks, within the error of the simulation, has none.
    """
    variances = [
        float(values.var()) if values.size else 0.0 for values in shares.values()
    ]
    added = [variances[0], *(max(b - a, 0.0) for a, b in pairwise(variances))]
    total = sum(added)
    if total == 0:
        return None
    return {name: part / total for name, part in zip(SOURCES, added, strict=True)}
