"""Plain shift cover: against every roster enumerated, the direct model, the verifier."""

from itertools import product

import numpy as np
import pytest

from staffing.roster import read_instance, solve, verify
from staffing.roster.cover.solving_cover import solve_cover
from staffing.roster.lawful.conflicting import conflicts
from staffing.roster.lawful.framing import compile_person
from staffing.roster.people import Limits, Wish
from staffing.roster.wanted import ShiftCover
from tests.benches.roster.direct import solve_directly
from tests.benches.roster.made import Size, text_of
from tests.staffing.lawful_cases import (
    every_schedule,
    instance_of,
    lawful,
    person_of,
)


@pytest.fixture
def made(tmp_path):
    def instance(size, seed):
        path = tmp_path / "made.txt"
        path.write_text(text_of(size, seed), encoding="utf-8")
        return read_instance(path)

    return instance


def _tiny(seed):
    draw = np.random.default_rng(seed)
    limits = Limits(most_days_in_a_row=2, most_minutes=1500, least_minutes=480)
    people = []
    for code in ("A", "B"):
        person = person_of(limits, length=4, code=code)
        wish = Wish(
            day=person.days[int(draw.integers(4))],
            wants=bool(draw.integers(2)),
            shift="D",
            weight=int(draw.integers(1, 5)),
        )
        people.append(person.model_copy(update={"wishes": (wish,)}))
    covers = tuple(
        ShiftCover(
            day=day,
            shift=name,
            wanted=int(draw.integers(0, 3)),
            price_under=int(draw.integers(1, 9)),
            price_over=int(draw.integers(1, 4)),
        )
        for day in people[0].days
        for name in ("E", "D")
    )
    return instance_of(
        people[0],
        length=4,
        people=tuple(people),
        covers=covers,
        forbidden=(("D", "E"),),
    )


def _cheapest(instance):
    """The least objective over all pairs of lawful schedules, by heads counted anew."""
    rows = []
    for person in instance.people:
        alone = instance.model_copy(update={"people": (person,)})
        compiled = compile_person(alone, person)
        names = [option.shift.name for option in compiled.options]
        rows.append(
            [
                (
                    [names[o] if o >= 0 else "" for o in schedule],
                    sum(
                        wish.weight
                        for wish in person.wishes
                        for day, o in zip(instance.days, schedule, strict=True)
                        if day == wish.day
                        and not wish.granted(
                            compiled.options[o].shift if o >= 0 else None
                        )
                    ),
                )
                for schedule in every_schedule(compiled)
                if lawful(alone, compiled, schedule, short_rest=False)
            ]
        )
    return min(
        own + other + _amiss(instance, first, second)
        for (first, own), (second, other) in product(*rows)
    )


def _amiss(instance, first, second):
    total = 0.0
    for cover in instance.covers:
        day = (cover.day - instance.week).days
        heads = (first[day] == cover.shift) + (second[day] == cover.shift)
        total += max(cover.wanted - heads, 0) * cover.price_under
        total += max(heads - cover.wanted, 0) * cover.price_over
    return total


@pytest.mark.parametrize("seed", range(3))
def test_the_best_roster_of_two_people_is_the_best_of_all(seed):
    instance = _tiny(seed)
    roster = solve_cover(instance, time_limit_s=20, workers=1, dives=8)
    assert roster.objective.total == pytest.approx(_cheapest(instance))
    assert roster.bound <= roster.objective.total + 1e-6
    assert [found for found in verify(instance, roster) if found.hard] == []


def test_ours_is_verified_and_the_bound_is_below_the_proven_best(made):
    instance = made(Size(people=6, weeks=2, shifts=2), 3)
    roster = solve_cover(instance, time_limit_s=20, workers=2, dives=2)
    direct = solve_directly(instance, time_limit_s=20, workers=2)
    assert [found for found in verify(instance, roster) if found.hard] == []
    assert direct is not None
    assert [found for found in verify(instance, direct) if found.hard] == []
    assert roster.bound <= direct.objective.total + 1e-6


def test_a_long_horizon_gets_a_verified_roster_though_time_is_short(made):
    instance = made(Size(people=8, weeks=26, shifts=4), 1)
    roster = solve(instance, time_limit_s=2, workers=2)
    assert roster.status in ("feasible", "optimal")
    assert [found for found in verify(instance, roster) if found.hard] == []


def test_a_roster_to_begin_from_is_not_made_worse(made):
    instance = made(Size(people=6, weeks=2, shifts=2), 4)
    first = solve_cover(instance, time_limit_s=20, workers=1, dives=1)
    again = solve_cover(instance, time_limit_s=0.1, workers=1, start=first)
    assert again.objective.total <= first.objective.total + 1e-6


def test_who_has_no_lawful_schedule_is_named_with_the_rule():
    limits = Limits(least_minutes=2400, most_days_in_a_row=1, least_days_off_in_a_row=2)
    person = person_of(limits, length=6)
    instance = instance_of(person, length=6)
    found = conflicts(instance, person)
    assert {each.rule for each in found} >= {"least_minutes", "most_days_in_a_row"}
    roster = solve_cover(instance, time_limit_s=1, workers=1)
    assert roster.status == "infeasible"
    assert roster.assignments == ()
    assert {each.person for each in roster.conflicts} == {"A"}


def test_somebody_with_a_lawful_schedule_has_no_conflicts():
    person = person_of(Limits(least_minutes=960), length=5)
    assert conflicts(instance_of(person, length=5), person) == ()
