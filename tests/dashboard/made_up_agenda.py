"""An agenda and what-if tables, made up in the stored schemas."""

from datetime import datetime, time, timedelta

import polars as pl

from staffing.agenda import Agenda, AgendaDays, AgendaStaff
from staffing.whatif import WhatIfPeople, WhatIfTargets
from tests.dashboard.made_up_demand import TEAMS, WEEK, WEEK_MONDAY, ZONE, open_days

PRODUCTS = (
    ("passport", "application", "counter"),
    ("id_card", "application", "counter"),
)
FULL_FROM = 7
FACTORS, TARGETS, SECONDS = (0.9, 1.0, 1.1), (0.7, 0.8, 0.9, 0.95), (15.0, 25.0, 900.0)


def agenda() -> dict[str, pl.DataFrame]:
    days = open_days(WEEK_MONDAY, WEEK_MONDAY + timedelta(days=25))
    told = [
        {
            "location": "stadhuis", "service": service, "step": step, "skill": skill,
            "day": day, "places": 30 + 5 * (i % 3), "kept": 3, "already": max(9 - 3 * i, 0),
            "booked": 28.0, "requests": 31.5, "within_days": 5,
            "within": 0.6 if full else 0.93, "wait_q50": 2, "wait_q80": 8 if full else 3,
            "short": 2 if full else 0, "limit": "staff" if full else None,
        }
        for service, step, skill in PRODUCTS
        for i, day in enumerate(days)
        for full in [service == "passport" and i >= FULL_FROM]
    ]  # fmt: skip
    staff = [
        {
            "location": "stadhuis", "skill": "counter", "day": day, "walk_in_hours": 21.0,
            "place_hours": 14.0 + i % 3, "hours_at_hand": 40.0, "people": 6, "desks": 8,
            "ordered": 64.0, "applications": None,
        }
        for i, day in enumerate(days)
    ]  # fmt: skip
    places = [
        {
            "location": "stadhuis", "service": service, "step": step, "skill": skill,
            "start": datetime.combine(day, time(9, 15), ZONE), "minutes": 15, "places": 3,
            "kept": 1, "opens": day - timedelta(days=1), "booked": 2.5,
        }
        for service, step, skill in PRODUCTS
        for day in days
    ]  # fmt: skip
    return {
        "agenda": Agenda.validate(pl.DataFrame(places), cast=True),
        "agenda_days": AgendaDays.validate(
            pl.DataFrame(told, infer_schema_length=None), cast=True
        ),
        "agenda_staff": AgendaStaff.validate(pl.DataFrame(staff), cast=True),
    }


def agenda_figures() -> dict[str, object]:
    every = agenda()["agenda_days"]
    days = every.filter(pl.col("limit").is_not_null())
    unkept = {
        "location": "stadhuis", "service": "passport", "step": "application",
        "limit": "staff", "since": str(days["day"].min()), "days": days.height,
        "wait_q80": 8, "within": 0.6, "short": int(days["short"].sum()),
    }  # fmt: skip
    kept = {"days_kept": every.height - days.height, "days_promised": every.height}
    whole = {
        "first": str(WEEK_MONDAY),
        "weeks": 4,
        "places": int(every["places"].sum()),
    }
    return {**whole, **kept, "unkept": [unkept]}


def hours_of(factor: float, target: float, threshold_s: float) -> float:
    """Hours a week at a point of the made-up grid."""
    return round(200 * factor + 300 * (target - 0.7) - threshold_s / 30, 2)


def what_if() -> dict[str, pl.DataFrame]:
    teams = [(location, skill) for location, skill in TEAMS if skill != "back_office"]
    grid = [
        {
            "location": location, "skill": skill, "factor": factor, "target": target,
            "threshold_s": seconds, "hours": hours_of(factor, target, seconds),
            "share": min(target + 0.02, 1.0), "share_now": 1.6 - 0.8 * factor - 0.1,
        }
        for location, skill in teams
        for factor in FACTORS for target in TARGETS for seconds in SECONDS
    ]  # fmt: skip
    hours = [
        {
            "location": location, "skill": skill, "weekday": weekday, "hour": hour,
            "people": 5.0, "offered": 40.0, "late_less": 12.0, "late": 7.0 + hour / 10,
            "late_more": 4.0, "wait_less_s": 30.0, "wait_s": 15.0, "wait_more_s": 8.0,
        }
        for location, skill in teams
        for weekday in range(1, 6) for hour in range(9, 17)
    ]  # fmt: skip
    shares = pl.col("share_now").clip(0, 1)
    return {
        "what_if_people": WhatIfPeople.validate(pl.DataFrame(hours), cast=True),
        "what_if_targets": WhatIfTargets.validate(
            pl.DataFrame(grid).with_columns(shares), cast=True
        ),
    }


def what_if_figures() -> dict[str, object]:
    return {"week": WEEK, "weeks": [WEEK]}
