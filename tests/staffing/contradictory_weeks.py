"""Weeks that contradict themselves, each with the words that name it."""

from datetime import date, datetime, timedelta
from typing import Any

from staffing.roster.instance import Instance, Known, Settled
from staffing.roster.people import Away, Limits, Lock, Past, Person, Wish
from staffing.roster.shifts import Span, Template
from staffing.roster.wanted import (
    Ceiling,
    Demand,
    Pool,
    Presence,
    Separation,
    ShiftCover,
    Travel,
)
from tests.staffing.planted_breaches import (
    DAYS,
    named_days,
    open_days,
    person,
)
from tests.staffing.roster_weeks import WEEK, moment

MORNING = Template(start=540, end=780)
OUTSIDE = WEEK + timedelta(days=70)


def week(*people: Person, **more: Any) -> Instance:
    """A week with one shift; people whose contract fits."""
    staff = people or (someone(),)
    return open_days(*staff, **({"templates": (MORNING,)} | more))


def someone(code: str = "A", **more: Any) -> Person:
    return person(code, **({"contract_hours": 24, "days": DAYS[:7]} | more))


def settled(*shifts: tuple[int, float, float], **more: Any) -> Person:
    """Somebody with settled shifts: day, first and last hour."""
    locks = tuple(
        Lock(day=DAYS[day], shift=Template(start=int(60 * first), end=int(60 * last)))
        for day, first, last in shifts
    )
    return someone(**({"locks": locks} | more))


def limited(**limits: object) -> Instance:
    return week(someone(limits=Limits.model_validate(limits)))


def past(*spans: tuple[datetime, datetime]) -> Instance:
    return week(
        someone(past=Past(shifts=tuple(Span(start=s, end=e) for s, e in spans)))
    )


def before(day: int, hour: float) -> datetime:
    return moment(WEEK - timedelta(days=day), hour)


DEMAND = Demand(location="hall", skill="phone", start=moment(WEEK, 9), required=1)
COVER = ShiftCover(day=WEEK, shift="D", wanted=1, price_under=1, price_over=1)
HEADS = Presence(name="lunch", location="hall", day=WEEK, start=720, end=780, least=1)
TWO = Separation(location="hall", skill="phone", first="phone", second="phone")
DESKS = Ceiling(location="hall", skills=("phone",), day=WEEK, people=1)
LONG = Template(start=480, end=990)

CONTRADICTIONS: dict[str, tuple[Instance, str]] = {
    # what cannot be read
    "zone": (week(zone="Europe/Nowhere"), "zone: unknown time zone 'Europe/Nowhere'"),
    "horizon": (week().model_copy(update={"week": date(9999, 12, 30)}), "horizon: "),
    "moment": (
        week(
            demands=(
                DEMAND.model_copy(
                    update={"start": moment(WEEK, 9).replace(tzinfo=None)}
                ),
            )
        ),
        "a demand: expected a moment with a time zone",
    ),
    "hours of days": (week(someone(most=(8.0,))), "1 hours of the day are told for 7"),
    "day twice": (week(someone(days=(WEEK, WEEK))), "person A: a day is told twice"),
    # told twice
    "person twice": (week(someone(), someone()), "person A is told 2 times"),
    "demand twice": (week(demands=(DEMAND, DEMAND)), "demand hall phone 2027-01-11"),
    "cover twice": (
        named_days(covers=(COVER, COVER)),
        "cover 2027-01-11 'D' is told 2",
    ),
    "shift name twice": (
        named_days(templates=(LONG, *named_days().templates)).model_copy(
            update={
                "templates": tuple(
                    t.model_copy(update={"name": "D"}) for t in (LONG, MORNING)
                )
            }
        ),
        "shift 'D' is told 2 times",
    ),
    "travel twice": (
        week(
            travels=(
                Travel(between=("hall", "annex"), minutes=1),
                Travel(between=("annex", "hall"), minutes=2),
            )
        ),
        "travel annex - hall is told 2 times",
    ),
    "pool member twice": (
        week(pools=(Pool(skill="phone", location="annex", members=("hall", "hall")),)),
        "pool phone: member hall is told 2 times",
    ),
    "double-booked": (
        week(settled((0, 9, 13), (0, 14, 18))),
        "person A is double-booked: settled 2027-01-11 is told 2 times",
    ),
    # spans and order
    "reversed shift": (
        week(templates=(MORNING, Template(start=780, end=540))),
        "shift 13:00-09:00 ends before it begins",
    ),
    "half a break": (
        week(templates=(MORNING.model_copy(update={"break_start": 600}),)),
        "shift 09:00-13:00 tells only one end of its break",
    ),
    "break outside": (
        week(
            templates=(
                MORNING.model_copy(update={"break_start": 540, "break_end": 555}),
            )
        ),
        "has a break that is not inside it",
    ),
    "odd minutes": (
        week(templates=(Template(start=541, end=780),)),
        "shift 09:01-13:00 is not in whole quarter-hours",
    ),
    "reversed absence": (
        week(someone(away=(Away(day=WEEK, start=600, end=540),))),
        "person A: absence of 2027-01-11 ends before it begins",
    ),
    "reversed time apart": (
        week(someone(set_apart=(Away(day=WEEK, start=600, end=540),))),
        "person A: time set apart of 2027-01-11 ends",
    ),
    "reversed wish": (
        week(someone(wishes=(Wish(day=WEEK, wants=True, start=9, end=8, weight=1),))),
        "person A: wish of 2027-01-11 ends",
    ),
    "reversed presence": (
        week(presences=(HEADS.model_copy(update={"end": 600}),)),
        "presence 'lunch' of 2027-01-11 ends before it begins",
    ),
    "past in the horizon": (
        past((before(1, 20), before(0, 2))),
        "person A: a past shift ends at 2027-01-11 01:00+00:00, after the horizon",
    ),
    "past out of order": (
        past((before(2, 9), before(2, 17)), (before(3, 9), before(3, 17))),
        "person A: past shifts overlap or are out of order",
    ),
    "past reversed": (
        past((before(2, 17), before(2, 9))),
        "person A: a past shift ends before it begins",
    ),
    # days outside
    "wish outside": (
        week(someone(wishes=(Wish(day=OUTSIDE, wants=True, weight=1),))),
        "person A: a wish on 2027-03-22, outside the horizon (2027-01-11 to",
    ),
    "lock outside": (
        week(someone(locks=(Lock(day=OUTSIDE, shift=MORNING),))),
        "person A: settled on 2027-03-22, outside",
    ),
    "demand outside": (
        week(demands=(DEMAND, DEMAND.model_copy(update={"start": moment(OUTSIDE, 9)}))),
        "demand hall phone on 2027-03-22, outside",
    ),
    "cover outside": (
        named_days(covers=(COVER.model_copy(update={"day": OUTSIDE}),)),
        "cover 'D' on 2027-03-22, outside",
    ),
    "presence outside": (
        week(presences=(HEADS.model_copy(update={"day": OUTSIDE}),)),
        "presence 'lunch' on 2027-03-22, outside",
    ),
    "ceiling outside": (
        week(ceilings=(DESKS.model_copy(update={"day": OUTSIDE}),)),
        "ceiling hall on 2027-03-22, outside",
    ),
    # unknown names
    "skill of a person": (
        week(someone(skills=("phone", "astrology"))),
        "person A: unknown skill 'astrology'; known: phone",
    ),
    "location of a person": (
        week(someone(location="moon")),
        "person A: unknown location 'moon'; known: annex, hall",
    ),
    "elsewhere": (
        week(someone(elsewhere=("moon",))),
        "person A: unknown location 'moon'",
    ),
    "location of a presence": (
        week(presences=(HEADS.model_copy(update={"location": "moon"}),)),
        "presence 'lunch': unknown location 'moon'",
    ),
    "authorisation of a presence": (
        week(presences=(HEADS.model_copy(update={"able": ("raas",)}),)),
        "presence 'lunch': unknown authorisation 'raas'",
    ),
    "authorisation of a separation": (
        week(separations=(TWO.model_copy(update={"second": "issue"}),)),
        "separation of hall: unknown authorisation 'issue'",
    ),
    "skill of a separation": (
        week(separations=(TWO.model_copy(update={"skill": "chess"}),)),
        "separation of hall: unknown skill 'chess'",
    ),
    "skill of a ceiling": (
        week(ceilings=(DESKS.model_copy(update={"skills": ("chess",)}),)),
        "ceiling of hall: unknown skill 'chess'",
    ),
    "member of a pool": (
        week(pools=(Pool(skill="chess", location="annex", members=("hall",)),)),
        "pool annex: unknown skill 'chess'",
    ),
    "place of travel": (
        week(travels=(Travel(between=("hall", "moon"), minutes=9),)),
        "travel: unknown location 'moon'",
    ),
    "person of the known roster": (
        week(
            known=Known(
                shifts=(Settled(person="Z", day=WEEK, location="hall", shift=MORNING),)
            )
        ),
        "known roster: unknown person 'Z'; known: A",
    ),
    "shift of a cover": (
        named_days(covers=(COVER.model_copy(update={"shift": "N"}),)),
        "cover 2027-01-11: unknown shift 'N'; known: D, L",
    ),
    "shift of a succession": (
        named_days(forbidden=(("D", "N"),)),
        "forbidden succession: unknown shift 'N'",
    ),
    "shift of a limit": (
        named_days(person(limits=Limits(most_shifts=(("N", 1),)))),
        "person A: limits: unknown shift 'N'",
    ),
    "shift of a wish": (
        named_days(person(wishes=(Wish(day=WEEK, wants=True, shift="N", weight=1),))),
        "person A: wish of 2027-01-11: unknown shift 'N'",
    ),
    # limits and hours
    "least minutes": (
        limited(least_minutes=600, most_minutes=500),
        "person A: at least 600 minutes, at most 500",
    ),
    "least days": (
        limited(least_days_in_a_row=4, most_days_in_a_row=3),
        "person A: at least 4 days in a row, at most 3",
    ),
    "least above contract": (
        limited(least_minutes=1500),
        "person A: at least 1500 minutes, with a contract of 24 hours",
    ),
    "negative limit": (
        named_days(person(limits=Limits(most_shifts=(("D", -1),)))),
        "person A: at most -1 shifts 'D'",
    ),
    "contract above days": (
        week(someone(contract_hours=36, days=DAYS[:2])),
        "person A: a contract of 36 hours is above availability: 2 days leave room for "
        "at most 24 hours",
    ),
    "contract above hours of days": (
        week(someone(most=(3.0,) * 7)),
        "leave room for at most 21 hours",
    ),
    "contract above absence": (
        week(
            someone(days=DAYS[:1], away=(Away(day=WEEK, start=0, end=1380),)),
        ),
        "leave room for at most 1 hours",
    ),
    "contract above the law": (
        week(someone(contract_hours=61), templates=(Template(start=480, end=1020),)),
        "person A: a contract of 61 hours is above availability: 7 days leave room for "
        "at most 60 hours",
    ),
    "least above the longest shifts": (
        limited(least_minutes=1440).model_copy(
            update={
                "people": (someone(days=DAYS[:5], limits=Limits(least_minutes=1440)),)
            }
        ),
        "at least 1440 minutes, above availability: the longest shifts of 5 days make "
        "1200",
    ),
    "shift longer than opening": (
        week(hours=(9, 11)),
        "location hall: no shift fits the opening hours; the longest are 09:00-11:00",
    ),
    "no shifts": (week(templates=()), "no shifts are told; expected templates"),
    # days settled against the rules
    "settled on a free day": (
        week(settled((5, 9, 13), days=DAYS[:5])),
        "person A: settled 2027-01-16 breaks the rule of available: not available",
    ),
    "settled while absent": (
        week(settled((0, 9, 13), away=(Away(day=WEEK, start=720, end=800),))),
        "person A: settled 2027-01-11 breaks the rule of present: absent from 12:00",
    ),
    "settled elsewhere": (
        week(someone(locks=(Lock(day=WEEK, shift=MORNING, location="moon"),))),
        "person A: settled 2027-01-11 breaks the rule of allowed location: works at moon",
    ),
    "settled too long": (
        week(settled((0, 7, 20))),
        "person A: settled 2027-01-11 breaks the rule of longest shift: a shift of 13",
    ),
    "settled longer than open": (
        week(settled((0, 9, 14)), hours=(9, 13)),
        "person A: settled 2027-01-11 breaks the rule of opening hours",
    ),
    "settled without rest": (
        week(settled((0, 17, 22), (1, 8, 12), (2, 16, 22), (3, 8, 12))),
        "person A: settled 2027-01-14 breaks the rule of daily rest: 10 hours of rest",
    ),
    "settled above the contract": (
        week(settled((0, 9, 13), (1, 9, 13), contract_hours=7)),
        "person A: settled breaks the rule of contract hours: 8 hours worked of 7",
    ),
    "settled on Sunday": (
        week(settled((6, 9, 13)), sunday_work=False),
        "person A: settled 2027-01-17 breaks the rule of sunday off",
    ),
    "settled in a row": (
        week(
            settled((0, 9, 13), (1, 9, 13), limits=Limits(most_days_in_a_row=1)),
        ),
        "person A: settled 2027-01-11 breaks the rule of most days in a row: 2 days",
    ),
}
