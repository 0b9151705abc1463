"""Refuses an instance that contradicts itself, before anything is solved."""

from forecasting.errors import InputError
from staffing.roster.contradictions.limiting import (
    contract_above_availability,
    least_above_availability,
    limits_crossed,
    no_shift_fits,
)
from staffing.roster.contradictions.listing import (
    days_outside,
    misordered_past,
    misshapen_shifts,
    misshapen_spans,
    told_twice,
    uneven_days,
    unreadable,
)
from staffing.roster.contradictions.naming import unknown_names
from staffing.roster.contradictions.settling import broken_by_locks
from staffing.roster.instance import Instance

READING = (unreadable, uneven_days)
"""What must hold before anything else can be asked."""

ASKING = (
    told_twice,
    misshapen_spans,
    misshapen_shifts,
    misordered_past,
    days_outside,
    unknown_names,
    limits_crossed,
    contract_above_availability,
    least_above_availability,
    no_shift_fits,
    broken_by_locks,
)

SHOWN = 20
"""Contradictions told; beyond these their number."""


class ContradictionError(InputError):
    """An instance contradicts itself: one line for each contradiction."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(problems[0])
        self.problems = problems
        lines = [str(InputError(problem)) for problem in problems[:SHOWN]]
        if len(problems) > SHOWN:
            lines.append(f"And {len(problems) - SHOWN} more.")
        self.args = ("\n".join(lines),)


def check(instance: Instance) -> None:
    """Refuse an instance that contradicts itself.

    Raises:
        ContradictionError: an `InputError` with one line for each contradiction.
    """
    if problems := tuple(contradictions(instance)):
        raise ContradictionError(problems)


def contradictions(instance: Instance) -> list[str]:
    """What contradicts itself, a line each; what cannot be read at all comes alone."""
    for asked in (READING, ASKING):
        found = dict.fromkeys(problem for ask in asked for problem in ask(instance))
        if found:
            return list(found)
    return []
