"""Parts of an instance that no person, pool or place connects: solved apart, then joined.

Towns that share nothing are parts of one instance. Every term of the objective, and with
it the bound, is a sum over them.
"""

from collections.abc import Iterable, Sequence

from staffing.roster.building.renewing import renewed
from staffing.roster.gap import relative_gap
from staffing.roster.instance import Instance, Known
from staffing.roster.result import Roster, Status
from staffing.roster.valuing import value

WORST_LAST: tuple[Status, ...] = ("optimal", "feasible", "out_of_time", "infeasible")


def split(instance: Instance) -> tuple[Instance, ...]:
    """The independent parts, in the order of their first location; often the whole alone.

    Locations belong together when somebody may work at both or they share a pool. Plain
    shift cover has no locations to part by.
    """
    groups = [] if instance.covers else _groups(instance)
    if len(groups) < 2:
        return (instance,)
    return tuple(_part(instance, group) for group in groups)


def _groups(instance: Instance) -> list[set[str]]:
    """Locations that belong together; those without work or people go with the first."""
    homes = {place for person in instance.people for place in person.locations}
    asked = {demand.location for demand in instance.demands}
    ties = [{*person.locations} for person in instance.people]
    ties += [{pool.location, *pool.members} for pool in instance.pools]
    ties += [{place} for place in asked]
    groups: list[set[str]] = []
    for tie in ties:
        touched = [group for group in groups if group & tie]
        apart = [group for group in groups if not group & tie]
        groups = [*apart, tie.union(*touched)]
    groups.sort(key=min)
    full = [group for group in groups if group & homes and group & asked]
    rest = [group for group in groups if group not in full]
    return [full[0].union(*rest), *full[1:]] if full else []


def _part(instance: Instance, places: set[str]) -> Instance:
    def here(items: Iterable[object]) -> tuple[object, ...]:
        return tuple(one for one in items if getattr(one, "location", None) in places)

    people = tuple(p for p in instance.people if p.location in places)
    names = ("demands", "ceilings", "presences", "separations", "pools")
    fields: dict[str, object] = {name: here(getattr(instance, name)) for name in names}
    travels = tuple(one for one in instance.travels if {*one.between} <= places)
    codes = {person.code for person in people}
    return renewed(
        instance,
        **fields,
        people=people,
        travels=travels,
        known=_known(instance.known, codes),
    )


def _known(known: Known | None, codes: set[str]) -> Known | None:
    """What people know of a roster, of some of them."""
    if known is None:
        return None
    own = tuple(shift for shift in known.shifts if shift.person in codes)
    return known.model_copy(update={"shifts": own})


def part_of(roster: Roster, part: Instance) -> Roster:
    """The shifts of a roster that a part is about, to begin its search from."""
    own = tuple(shift for shift in roster.assignments if shift.person in part.person)
    return roster.model_copy(update={"instance": part.hash, "assignments": own})


def join(instance: Instance, rosters: Sequence[Roster]) -> Roster:
    """The roster of an instance from those of its parts, in their order."""
    if len(rosters) == 1:
        return rosters[0]
    shifts = tuple(
        sorted(
            (shift for roster in rosters for shift in roster.assignments),
            key=lambda shift: (shift.person, shift.day, shift.shift.start),
        )
    )
    objective = value(instance, shifts)
    bound = sum(roster.bound for roster in rosters)
    unavoidable = sum(roster.unavoidable for roster in rosters)
    status = max((roster.status for roster in rosters), key=WORST_LAST.index)
    shortfalls = (found for roster in rosters for found in roster.shortfalls)
    return Roster(
        instance=instance.hash,
        week=instance.week,
        seed=rosters[0].seed,
        status=status,
        assignments=shifts,
        objective=objective,
        bound=bound,
        unavoidable=unavoidable,
        gap=relative_gap(objective, bound, unavoidable),
        shortfalls=tuple(
            sorted(
                shortfalls, key=lambda s: (-s.quarters, s.start, s.location, s.skill)
            )
        ),
        conflicts=tuple(found for roster in rosters for found in roster.conflicts),
    )
