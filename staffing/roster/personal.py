"""What a person's own shifts cost, whatever the others do: wishes, evenness, changes.

Costs of days add up; those of unevenness follow from a person's counts. Solvers price
with these functions and the verifier recomputes the objective with them.
"""

from collections.abc import Mapping
from datetime import date
from typing import Literal, get_args

from staffing.roster.instance import Instance
from staffing.roster.people import Person
from staffing.roster.shifts import Template
from staffing.rules import RosterPolicy

Unloved = Literal["late", "saturday", "evening"]
UNLOVED: tuple[Unloved, ...] = get_args(Unloved)
SATURDAY = 5


def unloved(policy: RosterPolicy, day: date, end: int) -> tuple[Unloved, ...]:
    """As what a shift counts that ends at a minute: late or evening, and Saturday."""
    found: list[Unloved] = []
    if end > 60 * policy.evening_after_hour:
        found.append("evening")
    elif end > 60 * policy.late_after_hour:
        found.append("late")
    if day.weekday() == SATURDAY:
        found.append("saturday")
    return tuple(found)


def wish_cost(person: Person, day: date, *shifts: Template | None) -> float:
    """Euros of the wishes of a day that its shift does not grant, or (None) being free.

    Of several shifts of a day one must be as wanted, and none as not wanted.
    """
    had = shifts or (None,)
    return sum(
        wish.weight
        for wish in person.wishes
        if wish.day == day
        and not (any if wish.wants else all)(wish.granted(shift) for shift in had)
    )


Known = tuple[int, int, str]
"""What people know of a shift: begin, end and location."""


def change_cost(
    instance: Instance,
    person: Person,
    day: date,
    shift: Template | None,
    location: str = "",
) -> float:
    """Euros of a day that differs from the roster people know; 0 where none is known."""
    place = location or person.location
    return day_change_cost(
        instance, person, day, {(shift.start, shift.end, place)} if shift else set()
    )


def day_change_cost(
    instance: Instance, person: Person, day: date, now: set[Known]
) -> float:
    """Euros of a day of shifts that differ from those people know."""
    if instance.known is None:
        return 0.0
    was = {
        (settled.shift.start, settled.shift.end, settled.location)
        for settled in instance.known.of(person.code, day)
    }
    if was == now:
        return 0.0
    prices = instance.policy
    if day in instance.known.affected:
        return prices.price_change_affected
    return prices.price_change


def unevenness(instance: Instance, person: Person, counts: Mapping[str, int]) -> float:
    """Euros of a person's numbers of unloved shifts, by kind.

    The k-th of a kind costs `price_uneven_shift x (had + k) / (mean + 1)`: `had` in the
    12 weeks before, `mean` of the people of the same home location.
    """
    means = instance.mean_burdens[person.location]
    total = 0.0
    for kind in UNLOVED:
        number, had = counts.get(kind, 0), getattr(person.past.burden, kind)
        total += number * (had + (number + 1) / 2) / (means[kind] + 1)
    return instance.policy.price_uneven_shift * total


def dues(instance: Instance, person: Person, kind: Unloved) -> list[float]:
    """Euros of the first, the second ... unloved shift of a kind, as in `unevenness`."""
    had: int = getattr(person.past.burden, kind)
    mean = instance.mean_burdens[person.location][kind]
    each = instance.policy.price_uneven_shift / (mean + 1)
    return [each * (had + number) for number in range(1, instance.length + 1)]


def mean_burdens(instance: Instance) -> dict[str, dict[str, float]]:
    """Unloved shifts had on average by the people of each home location, by kind."""
    return instance.mean_burdens
