"""Hard rules on what a roster says of itself: its objective, bound, gap and status."""

import math
from collections.abc import Iterator

from staffing.roster.gap import CLOSE, relative_gap
from staffing.roster.instance import Instance
from staffing.roster.result import Roster
from staffing.roster.rules.rule import Rule
from staffing.roster.valuing import value
from staffing.roster.violation import Violation


def stated_objective(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Each term of the objective stated is that of the assignments."""
    found = value(instance, roster.assignments)
    for term, euros in found.model_dump().items():
        stated = getattr(roster.objective, term)
        if not _same(stated, euros):
            yield Violation("", f"{term}: states {stated:.2f}, is {euros:.2f}")


def stated_bound(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Bound, gap and status agree with the objective and with one another.

    Where nobody can be rostered lawfully there is no gap.
    """
    total, bound = roster.objective.total, roster.bound
    if roster.status == "infeasible":
        return
    if bound > total and not _same(bound, total):
        yield Violation("", f"a bound of {bound:.2f} above the objective {total:.2f}")
    gap = relative_gap(roster.objective, bound, roster.unavoidable)
    if (gap is None) != (roster.gap is None) or not _same(
        gap or 0.0, roster.gap or 0.0
    ):
        yield Violation("", f"states a gap of {roster.gap}, is {gap}")
    if roster.status == "optimal" and (gap is None or gap > CLOSE):
        yield Violation("", f"states to be optimal at a gap of {gap}")


def _same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE)


STATEMENT = (
    Rule(
        stated_objective,
        "Stated objective",
        "Opgegeven doelwaarde",
        "the prices of roster.toml and of the instance",
    ),
    Rule(
        stated_bound,
        "Stated bound",
        "Opgegeven ondergrens",
        "the roster's format: gap = (objective - bound) / (bound - unavoidable)",
    ),
)
