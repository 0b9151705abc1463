"""From stored tables to the whole instance: who counts, when, and what came before."""

from datetime import date, datetime, time, timedelta

import polars as pl
import pytest

from forecasting.errors import InputError, PolicyError
from forecasting.policy import load_policy
from staffing.roster import Instance, Roster, build
from staffing.roster.building import Town
from staffing.roster.building.looking_back import wish_factors, with_past
from staffing.roster.building.minimums import with_sites
from staffing.roster.building.own_time import with_protected_time, with_wishes
from staffing.roster.people import Burden, Person
from staffing.roster.result import Assignment, Objective
from staffing.roster.shifts import Span
from staffing.staff_tables import (
    Absence,
    Availability,
    ProtectedTime,
    PublishedShifts,
    Wishes,
)
from staffing.supply.patterns import absent_on, spells_by_person
from staffing.supply.sites import LeastThere, Sites, TwoPeople, WishTurns
from tests.staffing import roster_weeks as weeks
from tests.staffing.roster_weeks import CONFIG, WEEK, moment

HALL = "gemeentehuis"
TUESDAY, WEDNESDAY = WEEK + timedelta(days=1), WEEK + timedelta(days=2)
CEREMONIES = (*weeks.VILLAGE, (HALL, "ceremony", 1, 1, 1800, 900, 0.9, 1))


def team(*changes: dict[str, object]) -> pl.DataFrame:
    """People of the village, each with some columns changed."""
    rows = weeks.staff({HALL: len(changes)}).to_dicts()
    told = [{**row, **change} for row, change in zip(rows, changes, strict=True)]
    return pl.DataFrame(told, schema=weeks.staff({HALL: 1}).schema)


def built(people: pl.DataFrame, away: pl.DataFrame | None = None, **given) -> Instance:
    town = given.pop("asked", weeks.VILLAGE)
    return build(
        given.pop("needed", weeks.requirement(town)),
        people,
        Absence.create_empty() if away is None else away,
        week=given.pop("week", WEEK),
        policy=weeks.policy(),
        rules=weeks.rules(),
        **given,
    )


def table(schema, *rows: dict[str, object]) -> pl.DataFrame:
    names = schema.create_empty().schema
    empty = dict.fromkeys(names)
    frame = pl.DataFrame([{**empty, **row} for row in rows], schema=names)
    return pl.DataFrame(schema.validate(frame))


def only(instance: Instance) -> Person:
    (person,) = instance.people
    return person


def test_a_trainee_counts_for_nothing_and_a_learner_not_for_what_is_learned():
    people = team(
        {"authorisations": ["trainee"]},
        {"authorisations": ["learning_phone"]},
        {"skills": ["phone"], "authorisations": ["learning_phone"]},
        {},
    )
    found = {person.code: person.skills for person in built(people).people}
    assert found == {
        "M002": ("back_office", "counter"),
        "M004": ("back_office", "counter", "phone"),
    }


def test_an_authorisation_allows_its_skill_where_there_is_work_of_it():
    people = team({"authorisations": ["babs", "raas_issue"]})
    town = Town(allows={"babs": ("ceremony",)})
    person = only(built(people, asked=CEREMONIES, town=town))
    assert "ceremony" in person.skills
    assert person.able >= {"babs", "raas_issue"}
    assert "ceremony" not in only(built(people, town=town)).skills


def test_leave_is_kept_as_hours_absent_and_extra_days_are_none():
    person = {
        "working_days": ["mon", "tue", "wed", "thu"],
        "contract_hours": 32.0,
    }
    away = table(
        Availability,
        {"code": "M001", "first": WEEK, "last": TUESDAY, "kind": "absent"},
        {
            "code": "M001", "first": WEDNESDAY, "last": WEDNESDAY, "kind": "absent",
            "from_time": time(13), "to_time": time(15),
        },
        {
            "code": "M001", "first": WEEK + timedelta(days=4),
            "last": WEEK + timedelta(days=4), "kind": "available",
        },
    )  # fmt: skip
    found = only(built(team(person), away))
    assert found.contract_hours == 16 - 2 + 8
    assert found.absent_hours == 16 + 2
    spells = spells_by_person(away)["M001"]
    row = team(person).row(0, named=True)
    assert sum(absent_on(row, WEEK, spells).values()) == 18


def test_another_location_may_be_worked_at_and_must_be_known():
    needed = pl.concat([weeks.requirement(weeks.VILLAGE), weeks.requirement()])
    person = only(built(team({"elsewhere": ["noord", HALL]}), needed=needed))
    assert person.locations == (HALL, "noord")
    with pytest.raises(InputError, match="M001: unknown location 'atlantis'"):
        built(team({"elsewhere": ["atlantis"]}))


def test_the_part_of_the_contract_that_must_be_rostered_is_in_whole_quarters():
    person = team({"contract_hours": 25.0, "working_days": ["mon", "tue", "wed"]})
    found = only(built(person, town=Town(contract_minimum=0.9)))
    assert found.limits.least_minutes == 1350


def split_opening() -> pl.DataFrame:
    """The counter shut from 12:30 to 13:00 on Tuesday."""
    rows = weeks.requirement(weeks.VILLAGE)
    local = pl.col("start").dt.convert_time_zone("Europe/Amsterdam")
    lunch = local.dt.time().is_between(time(12, 30), time(12, 45))
    shut = (pl.col("skill") == "counter") & (local.dt.date() == TUESDAY) & lunch
    return rows.filter(~shut)


def least(**given) -> LeastThere:
    told = {"name": "Lunch", "name_nl": "Lunch", "least": 2, "source": "assumed"}
    return LeastThere.model_validate({**told, **given})


def test_lunch_cover_holds_while_the_counter_is_open_in_two_parts_where_it_shuts():
    sites = Sites(
        presence=(
            least(
                able=("counter",), while_open=("counter",), weekdays=("tue", "wed"),
                from_time=time(12), to_time=time(14),
            ),
        )
    )  # fmt: skip
    instance = with_sites(built(team({}), needed=split_opening()), sites)
    spans = [(p.day, p.start, p.end) for p in instance.presences]
    assert spans == [
        (TUESDAY, 720, 750),
        (TUESDAY, 780, 840),
        (WEDNESDAY, 720, 840),
    ]
    assert {(p.able, p.least) for p in instance.presences} == {(("counter",), 2)}


def test_a_presence_keeps_to_its_locations_and_validity():
    instance = built(team({}))
    elsewhere = Sites(presence=(least(locations=("noord",)),))
    assert with_sites(instance, elsewhere).presences == ()
    later = Sites(presence=(least(first=WEDNESDAY),))
    days = {p.day for p in with_sites(instance, later).presences}
    assert days == {WEDNESDAY + timedelta(days=i) for i in range(3)}


def test_two_for_travel_documents_bind_where_somebody_has_either_function():
    two = TwoPeople(
        name="Two", name_nl="Twee", skill="counter", first="raas_apply",
        second="raas_issue", source="RAAS",
    )  # fmt: skip
    sites = Sites(separation=(two,))
    unknown = with_sites(built(team({})), sites)
    assert unknown.separations == ()
    known = with_sites(built(team({"authorisations": ["raas_issue"]}, {})), sites)
    assert [(s.location, s.first) for s in known.separations] == [(HALL, "raas_apply")]


def test_the_shipped_sites_know_their_places_and_skills_and_refuse_others():
    shipped = load_policy(CONFIG / "sites.toml", Sites)
    assert {one.name for one in shipped.presence} >= {"Lunch cover"}
    assert shipped.separation[0].source
    shipped.check({HALL}, {"counter", "phone"})
    with pytest.raises(PolicyError, match="unknown skill or authorisation 'balie'"):
        Sites(presence=(least(able=("balie",)),)).check({HALL}, {"counter"})
    with pytest.raises(PolicyError, match="Lunch: unknown location 'zuid'"):
        Sites(presence=(least(locations=("zuid",)),)).check({HALL}, {"counter"})


def test_protected_time_is_of_a_person_or_of_a_location():
    protected = table(
        ProtectedTime,
        {"location": HALL, "weekdays": "tue thu", "last": WEDNESDAY,
         "from_time": time(8, 30), "to_time": time(9, 15)},
        {"code": "M002", "day": WEDNESDAY, "from_time": time(13), "to_time": time(17)},
        {"location": "noord", "weekdays": "wed", "from_time": time(9), "to_time": time(10)},
    )  # fmt: skip
    days = ["mon", "tue", "wed", "thu"]
    people = team({"working_days": days}, {"working_days": days})
    instance = with_protected_time(built(people), protected)
    apart = {
        p.code: [(a.day, a.start, a.end) for a in p.set_apart] for p in instance.people
    }
    assert apart == {
        "M001": [(TUESDAY, 510, 555)],
        "M002": [(TUESDAY, 510, 555), (WEDNESDAY, 780, 1020)],
    }


def wished() -> pl.DataFrame:
    return table(
        Wishes,
        {"code": "M001", "weekdays": "tue wed sat", "wish": "avoids", "weight": 1,
         "from_time": time(15), "to_time": time(20)},
        {"code": "M001", "day": WEDNESDAY, "wish": "wants", "weight": 3},
    )  # fmt: skip


def test_wishes_are_priced_and_one_of_a_day_stands_in_for_its_weekday():
    people = team({"working_days": ["mon", "tue", "wed", "thu"]})
    person = only(with_wishes(built(people), wished(), {"M001": 1.5}))
    price = weeks.policy().price_wish
    assert [(w.day, w.wants, w.start, w.end, w.weight) for w in person.wishes] == [
        (TUESDAY, False, 900, 1200, 1.5 * price),
        (WEDNESDAY, True, 0, 1440, 3 * 1.5 * price),
    ]


def roster_of(instance: Instance, *shifts: tuple[str, date, float, float]) -> Roster:
    return Roster(
        instance=instance.hash,
        week=instance.week,
        seed=0,
        status="feasible",
        assignments=tuple(
            Assignment(
                person=code,
                day=day,
                location=HALL,
                shift=Span(start=moment(day, first), end=moment(day, last)),
            )
            for code, day, first, last in shifts
        ),
        objective=Objective(),
        bound=0,
        unavoidable=0,
        gap=None,
        shortfalls=(),
    )


def test_who_was_granted_less_than_the_mean_weighs_more_within_bounds():
    days: dict[str, object] = {"working_days": ["mon", "tue", "wed", "thu"]}
    people = team(days, days)
    instance = with_wishes(built(people), wished(), {})
    after = instance.model_copy(update={"week": WEEK + timedelta(weeks=1)})
    turns = WishTurns(least=0.8, most=1.2)
    shifts = [("M001", TUESDAY, 8, 15), ("M001", WEDNESDAY, 8, 16)]
    granted = {WEEK: (instance, roster_of(instance, *shifts))}
    assert wish_factors(after, granted, turns) == {"M001": 0.8, "M002": 1.2}
    late = {WEEK: (instance, roster_of(instance, ("M001", TUESDAY, 9, 17)))}
    assert wish_factors(after, late, turns) == {"M001": 1.0, "M002": 1.0}
    assert WishTurns().factor(1, 0.5) == 0.75
    old = {WEEK - timedelta(weeks=12): granted[WEEK]}
    assert set(wish_factors(after, old, turns).values()) == {1.0}


def published(*shifts: tuple[str, date, float, float]) -> pl.DataFrame:
    return table(
        PublishedShifts,
        *(
            {"person": code, "start": moment(day, first), "end": moment(day, last)}
            for code, day, first, last in shifts
        ),
    )


def test_the_past_tells_shifts_hours_sundays_and_burden():
    back = [WEEK - timedelta(days=days) for days in (1, 2, 14, 15, 84, 85)]
    sunday, saturday, monday, before, oldest, older = back
    shifts = published(
        ("M001", sunday, 9, 13),
        ("M001", saturday, 9, 17),
        ("M001", monday, 12, 20),
        ("M001", before, 9, 13),
        ("M001", oldest, 10, 18),
        ("M001", older, 10, 18),
        ("M001", WEEK, 9, 17),
    )
    away = {sunday: 8.0, TUESDAY - timedelta(weeks=1): 6.0}

    def absent(code: str, week: date) -> dict[date, float]:
        last = week + timedelta(days=7)
        return {day: n for day, n in away.items() if week <= day < last}

    past = only(with_past(built(team({})), shifts, absent)).past
    assert [s.start for s in past.shifts] == [
        moment(monday, 12), moment(saturday, 9), moment(sunday, 9),
    ]  # fmt: skip
    assert past.sundays == 3
    # The rule of 12 weeks leaves out `older`; 84 days before is the first day within.
    assert past.burden == Burden(late=1, saturday=1, evening=1)
    assert past.week_hours[-1] == 4 + 8 + 6
    assert past.week_hours[-2:-1] == (8.0,)
    assert past.week_hours[-3] == 4
    assert len(past.week_hours) == 13


def test_a_shift_over_a_break_counts_the_hours_worked_and_no_shift_tells_nothing():
    day = WEEK - timedelta(days=3)
    rows = published(("M001", day, 9, 17)).with_columns(
        break_start=pl.lit(moment(day, 12)).cast(pl.Datetime("us", "UTC")),
        break_end=pl.lit(moment(day, 12.5)).cast(pl.Datetime("us", "UTC")),
    )
    instance = built(team({}))
    person = only(with_past(instance, rows, lambda *_: {}))
    assert person.past.week_hours == (7.5,)
    assert (
        with_past(instance, PublishedShifts.create_empty(), lambda *_: {}) is instance
    )
    assert isinstance(person.past.shifts[0].start, datetime)
