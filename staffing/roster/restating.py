"""A roster found for one past of its people, told for another that is known better."""

from staffing.roster.gap import relative_gap
from staffing.roster.instance import Instance
from staffing.roster.people import Person
from staffing.roster.personal import UNLOVED, unevenness
from staffing.roster.result import Roster
from staffing.roster.valuing import value


def restate(roster: Roster, before: Instance, after: Instance) -> Roster:
    """The same shifts as a roster of `after`, which differs from `before` in the past.

    More of the past only forbids more; but unloved shifts and wishes have other prices.
    The bound is lowered by the most that these can have become cheaper, and so holds.
    """
    objective = value(after, roster.assignments)
    bound = roster.bound - sum(
        _cheaper(before, after, person) for person in after.people
    )
    return roster.model_copy(
        update={
            "instance": after.hash,
            "objective": objective,
            "bound": bound,
            "gap": relative_gap(objective, bound, roster.unavoidable),
            "status": "feasible" if roster.status == "optimal" else roster.status,
        }
    )


def _cheaper(before: Instance, after: Instance, person: Person) -> float:
    """The most euros that any shifts of a person can have become cheaper."""
    was = before.person[person.code]
    uneven = sum(
        max(
            unevenness(before, was, {kind: n}) - unevenness(after, person, {kind: n})
            for n in range(after.length + 1)
        )
        for kind in UNLOVED
    )
    wishes = sum(
        max(old.weight - new.weight, 0.0)
        for old, new in zip(was.wishes, person.wishes, strict=True)
    )
    return uneven + wishes
