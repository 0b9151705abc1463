"""More contacts on a day: what the quarter-hours ask for, and how events are written."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from forecasting.errors import InputError
from forecasting.policy import load_policy
from staffing.requirement import requirement as work_out
from staffing.roster.replanning.asking import ask
from staffing.roster.replanning.events import Absent, Asked, Available, Settle
from staffing.roster.replanning.reading import (
    read_absence,
    read_available,
    read_calls,
    read_free,
    read_given,
)
from staffing.standards import Standards
from tests.staffing.roster_weeks import (
    CONFIG,
    VILLAGE,
    WEEK,
    requirement,
    village_week,
)

STANDARDS = load_policy(CONFIG / "standards.toml", Standards)
TABLE = requirement(VILLAGE)
PLACE = "gemeentehuis"


def asked(contacts: float, skill: str = "phone") -> Asked:
    return ask(
        village_week(),
        TABLE,
        STANDARDS.skill[skill],
        location=PLACE,
        skill=skill,
        day=WEEK,
        contacts=contacts,
        at_work=STANDARDS.at_work,
    )


def required(event: Asked) -> int:
    return sum(demand.required for demand in event.demands)


def test_no_contacts_more_leave_every_quarter_hour_as_it_was():
    slots = village_week().slots[PLACE, "phone", WEEK]
    assert asked(0).demands == tuple(slots[q] for q in sorted(slots))


def test_more_contacts_ask_for_more_and_leave_more_late_and_fewer_for_less():
    few, now, many = asked(-40), asked(0), asked(80)
    assert required(few) < required(now) < required(many)
    for less, here, more in zip(few.demands, now.demands, many.demands, strict=True):
        for people in range(len(here.late)):
            assert less.late_with(people) <= here.late_with(people) + 1e-9
            assert here.late_with(people) <= more.late_with(people) + 1e-9
        assert list(more.late) == sorted(more.late, reverse=True)


def test_nobody_at_work_leaves_all_contacts_late():
    more = sum(demand.late_with(0) for demand in asked(80).demands)
    before = sum(demand.late_with(0) for demand in asked(0).demands)
    assert more - before == pytest.approx(80, abs=1e-6)


def test_work_that_can_wait_asks_for_the_person_quarters_of_the_contacts():
    before = required(asked(0, "back_office"))
    handling = 300 / 900
    grown = required(asked(12, "back_office"))
    assert grown - before == int(np.ceil(12 * handling / STANDARDS.at_work))


def test_the_numbers_are_those_of_the_requirement_made_for_the_busier_day():
    """A second implementation: the whole requirement of a quarter more contacts."""
    before, after = _made(1.0), _made(1.25)
    chosen = before.filter("chosen")
    contacts = 0.25 * float(chosen["offered"].to_numpy().sum())
    week = village_week()
    found = ask(
        _with_demands(week, before),
        before,
        STANDARDS.skill["phone"],
        location=PLACE,
        skill="phone",
        day=WEEK,
        contacts=contacts,
        at_work=STANDARDS.at_work,
    )
    wanted = after.filter("chosen")["people"].to_list()
    assert [demand.required for demand in found.demands] == wanted
    late = after.filter("chosen")["late"].to_numpy()
    mine = [d.late_with(n) for d, n in zip(found.demands, wanted, strict=True)]
    assert mine == pytest.approx(late.tolist(), rel=0.02, abs=0.01)


def _made(factor: float) -> pl.DataFrame:
    plain = TABLE.filter("chosen", pl.col("skill") == "phone")
    day = pl.col("start").dt.convert_time_zone("Europe/Amsterdam").dt.date()
    rows = plain.filter(day == WEEK)
    contacts = (8 + 4 * (np.arange(rows.height) % 5)) * factor
    workload = rows.select("location", "skill", "start").with_columns(
        pl.lit(WEEK).alias("day"),
        pl.Series("walk_ins", contacts.astype(float)),
        pl.lit(0.0).alias("booked"),
        pl.lit(240.0).alias("handling_s"),
        pl.lit(1.0).alias("handling_cv"),
        pl.lit(0.0).alias("noise_cv"),
        pl.lit(0.0).alias("load"),
        pl.lit(False).alias("waits"),
    )
    return work_out(workload, STANDARDS)


def _with_demands(week, table):
    from staffing.roster.building.demands import demands_of
    from staffing.roster.building.renewing import renewed

    return renewed(week, demands=demands_of(table, WEEK, week.clock, {}))


def test_more_contacts_fewer_than_there_are_or_at_a_closed_place_are_refused():
    with pytest.raises(InputError, match="contacts fewer"):
        asked(-1e6)
    with pytest.raises(InputError, match="found none"):
        ask(
            village_week(),
            TABLE,
            None,
            location="moon",
            skill="phone",
            day=WEEK,
            contacts=1,
            at_work=1,
        )


def test_events_are_read_as_planners_write_them():
    assert read_absence("M012:2027-01-12..2027-01-13") == Absent(
        person="M012", first=date(2027, 1, 12), last=date(2027, 1, 13)
    )
    assert read_absence("M012:2027-01-12:12:00-17:00").start == 720
    assert read_calls("stadhuis/phone/2027-01-14:+80") == (
        "stadhuis",
        "phone",
        date(2027, 1, 14),
        80.0,
    )
    assert read_free("M003:2027-01-12") == Settle(person="M003", day=date(2027, 1, 12))
    assert read_available("M003:2027-01-12:12:00-17:00:+4") == Available(
        person="M003", day=date(2027, 1, 12), start=720, end=1020, hours=4
    )
    given = read_given(village_week(), "M003:2027-01-12:08:30-17:00")
    assert given.shift in village_week().templates
    assert read_given(village_week(), "M003:2027-01-12:08:45-16:45@annex").location


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (read_absence, "M012"),
        (read_absence, "M012:2027-13-01"),
        (read_absence, "M012:2027-01-13..2027-01-12"),
        (read_absence, "M012:2027-01-12:17:00-12:00"),
        (read_calls, "stadhuis/phone/2027-01-14:80"),
        (read_calls, "stadhuis/2027-01-14:+80"),
        (read_free, "M003"),
        (read_available, "M003:2027-01-12:+40"),
        (read_available, "M003:2027-01-12:25:00-26:00"),
    ],
)
def test_what_cannot_be_read_is_one_line_that_says_what_was_expected(read, text):
    with pytest.raises(InputError, match="expected"):
        read(text)


def test_a_shift_that_ends_before_it_begins_is_refused():
    with pytest.raises(InputError, match="ends after it begins"):
        read_given(village_week(), "M003:2027-01-12:17:00-08:30")
