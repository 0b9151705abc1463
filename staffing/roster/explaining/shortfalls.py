"""Where a roster falls short of its requirement, what binds and what would cure it."""

from staffing.roster.explaining.causes import count_causes
from staffing.roster.explaining.cures import find_cures
from staffing.roster.explaining.desks import full_ceiling
from staffing.roster.explaining.standing import Standing
from staffing.roster.explaining.stretches import Stretch, find_stretches
from staffing.roster.explaining.tables import Tables
from staffing.roster.explaining.wording import reason
from staffing.roster.instance import Instance
from staffing.roster.result import Assignment, Shortfall

CURED = 20
"""Shortfalls whose cures are worked out: the largest."""


def find_shortfalls(
    instance: Instance, assignments: tuple[Assignment, ...], *, cured: int = CURED
) -> tuple[Shortfall, ...]:
    """Stretches short of their requirement, largest first.

    Deferrable work is short when its whole day is; it is reported as one stretch. The
    reason counts every authorised person once; of the `cured` largest the cures are
    worked out on the fixed rest of the roster.
    """
    tables = Tables(Standing(instance, assignments))
    return tuple(
        _told(tables, stretch, place < cured)
        for place, stretch in enumerate(find_stretches(tables.standing))
    )


def _told(tables: Tables, stretch: Stretch, cured: bool) -> Shortfall:
    full = full_ceiling(tables, stretch)
    counts = count_causes(tables, stretch)
    english, dutch = reason(counts, full.people if full else None)
    return Shortfall(
        location=stretch.location,
        skill=stretch.skill,
        start=stretch.start,
        end=stretch.end,
        short=stretch.short,
        quarters=stretch.quarters,
        reason=english,
        reason_nl=dutch,
        cures=find_cures(tables, stretch) if cured else (),
    )
