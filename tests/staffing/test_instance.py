from collections import Counter
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.errors import InputError
from staffing.roster import Instance, build, solve
from staffing.roster.shifts import Template
from staffing.roster.templates import generate
from staffing.roster.week.curves import convex_envelope
from staffing.staff_tables import Absence
from staffing.tables import Requirement
from tests.staffing.roster_weeks import (
    VILLAGE,
    WEEK,
    moment,
    policy,
    requirement,
    rules,
    staff,
    village_week,
)


def built(people: pl.DataFrame, absence: pl.DataFrame | None = None, **changes):
    empty = Absence.create_empty()
    return build(
        requirement(VILLAGE),
        people,
        empty if absence is None else absence,
        week=WEEK,
        policy=policy().model_copy(update=changes),
        rules=rules(),
    )


def one_person(**values) -> pl.DataFrame:
    columns = [pl.lit(pl.Series([v])).first().alias(k) for k, v in values.items()]
    return staff({"gemeentehuis": 1}).with_columns(columns)


def test_an_instance_survives_json_with_the_same_hash():
    instance = village_week()
    again = Instance.from_json(instance.to_json())
    assert again == instance
    assert again.hash == instance.hash


def test_the_hash_changes_when_a_person_does():
    instance = village_week()
    fewer = instance.model_copy(update={"people": instance.people[1:]})
    assert Instance.from_json(fewer.to_json()).hash != instance.hash


def test_text_that_is_no_instance_names_the_field():
    with pytest.raises(InputError, match="field 'week'"):
        Instance.from_json('{"week": "soon"}')


def test_work_without_late_contacts_is_deferrable():
    kinds = {(d.skill, d.deferrable) for d in village_week().demands}
    assert kinds == {("phone", False), ("counter", False), ("back_office", True)}


def test_an_unknown_skill_is_named():
    with pytest.raises(InputError, match="M001: unknown skill 'juggling'"):
        built(one_person(skills=["phone", "juggling"]))


def test_an_unknown_location_is_named():
    with pytest.raises(InputError, match="unknown location 'atlantis'"):
        built(one_person(location="atlantis"))


def test_an_unknown_working_day_is_named():
    with pytest.raises(InputError, match="unknown working day 'monday'"):
        built(one_person(working_days=["monday"]))


def test_a_contract_above_its_working_days_is_named():
    with pytest.raises(InputError, match="36 hours does not fit 2 working days"):
        built(one_person(contract_hours=36.0, working_days=["mon", "tue"]))


def test_a_shift_longer_than_the_opening_is_named():
    with pytest.raises(InputError, match=r"shortest shift .12 h. is longer"):
        built(staff({"gemeentehuis": 1}), shift_hours=(12.0,))


def test_a_week_without_requirement_is_named():
    with pytest.raises(InputError, match="for the week of 2030-01-07, found none"):
        build(
            requirement(VILLAGE),
            staff({"gemeentehuis": 1}),
            Absence.create_empty(),
            week=date(2030, 1, 7),
            policy=policy(),
            rules=rules(),
        )


def test_a_bad_frame_is_an_input_error():
    with pytest.raises(InputError, match="People"):
        built(staff({"gemeentehuis": 1}).with_columns(contract_hours=pl.lit(-1.0)))


def test_absent_days_count_as_worked_in_proportion():
    person = one_person(contract_hours=32.0, working_days=["mon", "tue", "wed", "thu"])
    away = pl.DataFrame(
        {"code": ["M001"], "first": [WEEK], "last": [WEEK + timedelta(days=1)]}
    )
    (found,) = built(person, away).people
    assert found.contract_hours == 16
    assert found.days == (WEEK + timedelta(days=2), WEEK + timedelta(days=3))


def test_numbers_missing_from_the_table_count_as_too_few():
    table = requirement(VILLAGE).filter(pl.col("people") != 0)
    demand = build(
        table,
        staff({"gemeentehuis": 1}),
        Absence.create_empty(),
        week=WEEK,
        policy=policy(),
        rules=rules(),
    ).demands
    phone = next(d for d in demand if d.skill == "phone")
    offered = table.filter(skill="phone", start=phone.start)["offered"][0]
    assert phone.late_with(0) == pytest.approx(offered)
    assert phone.late_with(10**6) == phone.late[-1]


def overloaded(late: list[float]) -> pl.DataFrame:
    """A counter whose formula says how many are late with 0, 1, 2 ... people."""
    rows = [
        {
            "location": "gemeentehuis", "skill": "counter",
            "start": moment(WEEK, 9 + quarter / 4), "people": n, "offered": late[0],
            "load": 3.0, "handling_s": 600.0, "late": value, "chosen": n == 4,
        }
        for quarter in range(28)
        for n, value in enumerate(late)
    ]  # fmt: skip
    columns = Requirement.column_names()
    return Requirement.validate(pl.DataFrame(rows).select(columns))


def counter_week(people: int) -> Instance:
    team = staff({"gemeentehuis": people}).with_columns(
        pl.lit(["mon"]).alias("working_days"),
        pl.lit(["counter"]).alias("skills"),
        pl.lit(8.0).alias("contract_hours"),
    )
    return build(
        overloaded([5.0, 5.0, 5.0, 5.0, 1.0, 0.2]),
        team,
        Absence.create_empty(),
        week=WEEK,
        policy=policy(),
        rules=rules(),
    )


def test_each_person_at_an_overloaded_counter_is_worth_something():
    demand = counter_week(3).demands[0]
    assert demand.late == pytest.approx((5.0, 4.0, 3.0, 2.0, 1.0, 0.2))


def test_a_shortage_weighs_more_the_more_is_missing():
    demand = counter_week(3).demands[0]
    steps = -np.diff([demand.shortage(n) for n in range(6)])
    assert demand.shortage(0) == 8
    assert demand.shortage(4) == demand.shortage(5) == 0
    assert (np.diff(steps) < 0)[:3].all()


def test_an_overloaded_counter_does_not_shut_for_lunch():
    """Three people where four are required: the breaks are taken in turn."""
    roster = solve(counter_week(3), time_limit_s=60)
    present = Counter(start for a in roster.assignments for start, _ in a.moments())
    lunch = [present[moment(WEEK, 11.5 + i / 4)] for i in range(10)]
    assert min(lunch) == 2


def test_templates_hold_the_break_the_law_asks_for():
    for template in generate(policy(), rules(), 8 * 60, 20 * 60):
        minutes = template.end - template.start
        assert template.break_minutes >= 30 * (minutes > 330)
        assert template.break_minutes >= 45 * (minutes > 600)
        if template.break_start is not None and template.break_end is not None:
            assert template.start < template.break_start
            assert template.break_end < template.end


def test_a_template_works_its_hours_outside_the_break():
    shift = Template(start=480, end=990, break_start=720, break_end=750)
    assert shift.hours == 8
    assert len(shift.quarters) == 32
    assert 48 not in shift.quarters


@given(st.lists(st.floats(0, 100), min_size=1, max_size=12))
def test_the_envelope_is_convex_and_below_but_touches_the_ends(values):
    table = np.array(values)
    hull = convex_envelope(table)
    assert (hull <= table + 1e-9).all()
    assert (np.diff(hull, 2) >= -1e-9).all()
    assert hull[0] == table[0]
    assert hull[-1] == table[-1]
