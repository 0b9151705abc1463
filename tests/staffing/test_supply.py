"""Patterns, part-day absence, extra days and desks: what they allow, week by week."""

from datetime import date, time, timedelta

import polars as pl
import pytest
import xlsxwriter

from forecasting.calendar import WEEKDAYS
from forecasting.errors import InputError
from forecasting.ingest import import_file
from staffing import store
from staffing.roster import Instance, Roster, verify
from staffing.roster.building import build
from staffing.roster.options import options
from staffing.roster.solving import solve
from staffing.staff_tables import Availability, People, completed
from staffing.supply import SUPPLY_TARGETS
from staffing.supply.patterns import (
    days_at_work,
    pattern_days,
    spells_by_person,
)
from staffing.workload import capacity_hours
from tests.staffing import forecast_cases as cases
from tests.staffing import roster_weeks as weeks
from tests.staffing.roster_home import NOW

ODD, EVEN = date(2027, 1, 4), date(2027, 1, 11)
"""Weeks 1 and 2 of 2027."""

FRIDAYS = {
    "code": "F",
    "contract_hours": 36.0,
    "working_days": [*WEEKDAYS[:5]],
    "hours": [8.0] * 5 + [0.0] * 2,
    "odd_hours": [8.0] * 4 + [0.0] * 3,
}


def spells(*rows: tuple[object, ...]) -> pl.DataFrame:
    schema = Availability.create_empty().schema
    return Availability.validate(pl.DataFrame(list(rows), schema=schema, orient="row"))


def hours(person, week, *rows, opening=None) -> dict[int, float]:
    """Hours per weekday (Monday is 0)."""
    own = spells_by_person(spells(*rows)).get(person["code"], [])
    given = {} if opening is None else {"opening": lambda _: opening}
    found = days_at_work(person, week, own, **given)
    return {day.weekday(): work.hours for day, work in found.items()}


def test_alternate_fridays_off_follow_the_number_of_the_week():
    assert hours(FRIDAYS, EVEN) == dict.fromkeys(range(5), 8.0)
    assert hours(FRIDAYS, ODD) == dict.fromkeys(range(4), 8.0)
    # 2026 has 53 weeks: two odd ones in a row, each 32 hours.
    last, first = date(2026, 12, 28), date(2027, 1, 4)
    assert sum(hours(FRIDAYS, last).values()) == sum(hours(FRIDAYS, first).values())


def test_without_told_hours_the_contract_is_spread_over_the_working_days():
    person = {
        "code": "A",
        "contract_hours": 24.0,
        "working_days": ["mon", "wed", "thu"],
    }
    assert hours(person, EVEN) == {0: 8.0, 2: 8.0, 3: 8.0}
    assert not any(work.told for work in pattern_days(person, EVEN).values())


def test_nobody_works_before_the_first_or_after_the_last_day_of_employment():
    begun = {**FRIDAYS, "first": EVEN + timedelta(days=2)}
    assert list(hours(begun, EVEN)) == [2, 3, 4]
    gone = {**FRIDAYS, "last": EVEN + timedelta(days=1)}
    assert list(hours(gone, EVEN)) == [0, 1]
    assert hours(gone, EVEN + timedelta(weeks=1)) == {}


def test_leave_takes_whole_days_and_the_open_part_of_a_part_day():
    tuesday = EVEN + timedelta(days=1)
    whole = ("F", tuesday, tuesday, None, None, "absent")
    assert list(hours(FRIDAYS, EVEN, whole)) == [0, 2, 3, 4]
    part = ("F", tuesday, tuesday, time(15), time(22), "absent")
    assert hours(FRIDAYS, EVEN, part)[1] == 1.0
    assert hours(FRIDAYS, EVEN, part, opening=(9 * 60, 17 * 60))[1] == 6.0
    assert hours(FRIDAYS, ODD, part) == hours(FRIDAYS, ODD)


def test_an_extra_day_brings_hours_and_one_of_the_pattern_brings_none():
    saturday = EVEN + timedelta(days=5)
    extra = ("F", EVEN, saturday, time(9), time(13), "available")
    found = hours(FRIDAYS, EVEN, extra)
    assert found == {**dict.fromkeys(range(5), 8.0), 5: 4.0}
    all_day = ("F", saturday, saturday, None, None, "available")
    assert hours(FRIDAYS, EVEN, all_day)[5] == pytest.approx(36 / 5)
    gone = ("F", saturday, saturday, None, None, "absent")
    assert 5 not in hours(FRIDAYS, EVEN, extra, gone)


def test_capacity_counts_patterns_and_parts_of_days():
    row = {**FRIDAYS, "label": "F", "location": "hall", "skills": ["phone"]}
    team = People.validate(
        completed(People, pl.DataFrame([row])).select(People.column_names()), cast=True
    )
    asked = [("hall", "phone", week, 10.0) for week in (ODD, EVEN)]
    load = pl.DataFrame(
        asked, schema=["location", "skill", "week", "hours"], orient="row"
    )
    calendar = cases.calendar((time(9), time(17)))
    away = spells(("F", EVEN, EVEN, time(15), time(20), "absent"))
    found = capacity_hours(team, away, load, calendar, shrinkage=0.0)
    assert found.sort("week")["hours_at_hand"].to_list() == pytest.approx([32.0, 38.0])


HEAD = ["Code", "Weergavenaam", "Locatie", "Contracturen", "ma", "di", "wo", "do",
        "vr", "za", "zo"]  # fmt: skip
ODD_HEAD = [f"{day} oneven" for day in HEAD[4:]]
TICKS = ["Telefoon", "Balie", "Burgerlijke stand", "Back-office", "BABS",
         "Naturalisatie", "RAAS aanvragen", "RAAS uitgeven", "In opleiding"]  # fmt: skip
END = ["In dienst vanaf", "In dienst t/m"]


def bring(workspace, tmp_path, contract, days, odd=(), ticks=(), end=()):
    """Import one person from a sheet as a planner types it."""
    row = ["M1", "Anna", "stadhuis", contract]
    row += [*days, *[None] * (7 - len(days)), *odd, *[None] * (7 - len(odd))]
    row += [*ticks, *[None] * (9 - len(ticks)), *end, *[None] * (2 - len(end))]
    file = tmp_path / f"{len(list(tmp_path.iterdir()))}.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Medewerkers")
        sheet.write_row(0, 0, [*HEAD, *ODD_HEAD, *TICKS, *END])
        sheet.write_row(1, 0, row)
    import_file(workspace, file, "template_people", targets=SUPPLY_TARGETS, now=NOW)
    return store.people(workspace).row(0, named=True)


def test_a_pattern_is_read_as_a_planner_types_it(workspace, tmp_path):
    person = bring(
        workspace, tmp_path, 36, [9, "9", "9,0", 9], ticks=["ja", "JA", None, "x", "ja"]
    )
    assert person["hours"] == [9.0] * 4 + [0.0] * 3
    assert person["odd_hours"] is None
    assert person["working_days"] == ["mon", "tue", "wed", "thu"]
    assert person["skills"] == ["back_office", "counter", "phone"]
    assert person["authorisations"] == ["babs"]


def test_odd_weeks_need_only_what_differs_and_crosses_leave_hours_free(
    workspace, tmp_path
):
    person = bring(workspace, tmp_path, 36, [8] * 5, [None] * 4 + [0])
    assert person["odd_hours"] == [8.0] * 4 + [0.0] * 3
    assert person["working_days"] == [*WEEKDAYS[:5]]
    person = bring(workspace, tmp_path, 36, [8] * 4 + [4], [8] * 4 + [4])
    assert person["odd_hours"] is None
    person = bring(workspace, tmp_path, 24, ["x", "X", None, "x"])
    assert person["hours"] is None
    assert person["working_days"] == ["mon", "tue", "thu"]


@pytest.mark.parametrize(
    ("contract", "days", "reason"),
    [
        (36, [9, 9, 9, 9, 9], "the hours of the days are more than the contract"),
        (36, [13, 9], "column 'ma': expected hours from 0 to 12, or x"),
        (36, ["veel"], "column 'ma': expected hours"),
        (36, ["x", 8], "hours on every working day or a cross"),
        (36, [], "no working day is told"),
    ],
)
def test_a_pattern_that_cannot_be_is_named(workspace, tmp_path, contract, days, reason):
    with pytest.raises(InputError, match=reason):
        bring(workspace, tmp_path, contract, days)


def village(people: pl.DataFrame, availability: pl.DataFrame) -> Instance:
    return build(
        weeks.requirement(weeks.VILLAGE),
        people,
        availability,
        week=weeks.WEEK,
        policy=weeks.policy(),
        rules=weeks.rules(),
        minimum={"phone": 1, "counter": 1},
    )


def lawful(instance: Instance) -> Roster:
    roster = solve(instance, time_limit_s=60)
    assert not [found for found in verify(instance, roster) if found.hard]
    assert roster.bound <= roster.objective.total + 1e-6
    return roster


def test_nobody_is_rostered_while_away_or_beyond_the_hours_of_the_day():
    week, team = weeks.WEEK, weeks.staff({"gemeentehuis": 6})
    first, second = team["code"][:2]
    told = [4.0, 8.0, 6.0, 8.0, 0.0, 0.0, 0.0]
    mine = pl.when(pl.col("code") == second)
    team = team.with_columns(
        mine.then(pl.lit(told)).otherwise("hours").alias("hours"),
        mine.then(26.0).otherwise("contract_hours").alias("contract_hours"),
    )
    days = [week + timedelta(days=i) for i in range(5)]
    away = spells(*((first, day, day, time(13), time(19), "absent") for day in days))
    roster = lawful(village(team, away))
    worked = {first: 0.0, second: 0.0}
    for shift in roster.assignments:
        local = [
            t.astimezone(weeks.AMSTERDAM) for t in (shift.shift.start, shift.shift.end)
        ]
        if shift.person == first:
            assert local[1].time() <= time(13) or local[0].time() >= time(19)
        if shift.person == second:
            assert shift.worked_hours <= told[shift.day.weekday()]
        if shift.person in worked:
            worked[shift.person] += shift.worked_hours
    assert all(worked.values())


def test_a_shift_longer_than_the_hours_of_the_day_is_never_placed():
    team = weeks.staff({"gemeentehuis": 1}).with_columns(
        pl.lit([4.0, 8.0, 0.0, 6.0, 0.0, 0.0, 0.0]).alias("hours"),
        pl.lit(18.0).alias("contract_hours"),
    )
    instance = village(team, spells())
    person = instance.people[0]
    longest = {
        day.weekday(): max(
            template.hours
            for template in options(instance, person, day, person.location)
        )
        for day in person.days
    }
    assert longest == {0: 4.0, 1: 8.0, 3: 6.0}
