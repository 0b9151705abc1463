"""Seeded weeks to roster: requirement by Erlang C and staff of an invented town."""

import math
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from forecasting.calendar import WEEKDAYS
from forecasting.policy import load_policy
from staffing.roster.building import build
from staffing.roster.instance import Instance
from staffing.rules import LabourRules, RosterPolicy
from staffing.staff_tables import Absence, People, completed
from staffing.tables import Requirement

CONFIG = Path(__file__).parents[2] / "config"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
WEEK = date(2027, 1, 11)
OFFICE = ("mon", "tue", "wed", "thu", "fri")
MIXES = (
    ("phone", "back_office"),
    ("counter", "back_office"),
    ("phone", "counter", "back_office"),
    ("counter", "civil_status", "back_office"),
    ("phone",),
    ("counter", "civil_status"),
    ("phone", "counter"),
)


def policy() -> RosterPolicy:
    """The shipped roster policy."""
    return load_policy(CONFIG / "roster.toml", RosterPolicy)


def rules() -> LabourRules:
    """The shipped labour rules."""
    return load_policy(CONFIG / "labour.toml", LabourRules)


def moment(day: date, hour: float) -> datetime:
    """UTC of a local hour."""
    clock = time(int(hour), round(hour % 1 * 60))
    return datetime.combine(day, clock, AMSTERDAM).astimezone(UTC)


@cache
def late(offered: float, load: float, people: int, handling_s: float, within: float):
    """Expected late contacts by Erlang C; at overload the part that cannot be served."""
    if people <= load:
        return offered * (1 - 0.3 * people / load)
    blocked = 1.0
    for n in range(1, people + 1):
        blocked = load * blocked / (n + load * blocked)
    waits = people * blocked / (people - load * (1 - blocked))
    return offered * waits * math.exp(-(people - load) * within / handling_s)


def slot_rows(place, start, wanted, handling_s, within, target, floor):
    """Rows of one slot whose chosen number lies near `wanted`."""
    load = max(0.05, 0.72 * wanted)
    offered = load * 900 / handling_s
    table = [
        late(offered, load, n, handling_s, within)
        for n in range(int(1.8 * wanted) + floor + 6)
    ]
    enough = next(n for n, v in enumerate(table) if v <= (1 - target) * offered)
    chosen = max(enough, floor)
    return [
        (*place, start, n, offered, load, handling_s, value, n == chosen)
        for n, value in enumerate(table)
    ]


# location, skill, low and high number of people, handling, threshold, target, floor
TOWN = (
    ("stadhuis", "phone", 6, 14, 240, 25, 0.8, 2),
    ("stadhuis", "counter", 5, 16, 700, 900, 0.9, 2),
    ("stadhuis", "civil_status", 2, 4, 1500, 900, 0.9, 1),
    ("stadhuis", "back_office", 3, 8, 300, None, 0.85, 0),
    ("noord", "counter", 3, 6, 700, 900, 0.9, 2),
    ("zuid", "counter", 3, 6, 700, 900, 0.9, 2),
)
VILLAGE = (
    ("gemeentehuis", "phone", 1, 2, 240, 25, 0.8, 1),
    ("gemeentehuis", "counter", 1, 2, 700, 900, 0.9, 1),
    ("gemeentehuis", "back_office", 0, 1, 300, None, 0.85, 0),
)


def opening(location: str, skill: str, weekday: int) -> tuple[float, float]:
    """Opening hours like those of the shipped calendar."""
    if location == "zuid" and weekday == 1:
        return 12, 19
    if location in ("noord", "zuid"):
        return (9, 13) if weekday == 4 else (9, 16)
    if skill in ("phone", "back_office"):
        return 8.5, 17
    return 9, 20 if weekday == 3 else 17


def requirement(town=TOWN, *, week=WEEK, scale=1.0, seed=0) -> pl.DataFrame:
    """A week of requirement with two humps a day and busy Mondays."""
    draw = np.random.default_rng(seed)
    rows = []
    for day in range(5):
        for location, skill, low, high, handling_s, within, target, floor in town:
            first, last = opening(location, skill, day)
            busy = (1.15, 1.0, 0.95, 1.0, 0.85)[day] * draw.uniform(0.9, 1.1)
            for hour in np.arange(first, last, 0.25):
                x = (hour - first) / (last - first)
                hump = math.exp(-(((x - 0.3) / 0.22) ** 2))
                hump += 0.7 * math.exp(-(((x - 0.75) / 0.18) ** 2))
                wanted = (low + (high - low) * min(hump, 1) * busy) * scale
                start = moment(week + timedelta(days=day), float(hour))
                place = (location, skill)
                if within is None:
                    number = round(wanted)
                    rows.append((*place, start, number, 0, 0, handling_s, 0, True))
                else:
                    rows += slot_rows(
                        place, start, wanted, handling_s, within, target, floor
                    )
    names = Requirement.column_names()
    return Requirement.validate(
        pl.DataFrame(rows, schema=names, orient="row"), cast=True
    )


def staff(sizes=None, *, seed=0) -> pl.DataFrame:
    """People with mixed skills and contracts of 24 to 36 hours on 3 to 5 days."""
    draw = np.random.default_rng(seed + 1)
    rows: list[tuple[object, ...]] = []
    for location, size in (sizes or {"stadhuis": 62, "noord": 14, "zuid": 14}).items():
        for _ in range(size):
            hours = int(draw.choice([36, 32, 28, 24], p=[0.4, 0.25, 0.15, 0.2]))
            days = int(
                draw.choice({36: [4, 5], 32: [4, 5], 28: [4], 24: [3, 4]}[hours])
            )
            chosen = sorted(draw.choice(5, days, replace=False))
            mix = MIXES[draw.choice(7, p=[0.2, 0.2, 0.22, 0.16, 0.07, 0.05, 0.1])]
            if location in ("noord", "zuid"):
                mix = ("counter",)
            if location == "gemeentehuis":
                mix = ("phone", "counter", "back_office")
            code = f"M{len(rows) + 1:03d}"
            days_named = [WEEKDAYS[i] for i in chosen]
            rows.append(
                (code, f"Medewerker {code}", location, hours, days_named, list(mix))
            )
    names = People.column_names()[:6]
    frame = pl.DataFrame(rows, schema=names, orient="row")
    return People.validate(completed(People, frame), cast=True)


@cache
def town_week(scale: float = 1.0) -> Instance:
    """Three locations, four skills, 90 people."""
    return build(
        requirement(scale=scale),
        staff(),
        Absence.create_empty(),
        week=WEEK,
        policy=policy(),
        rules=rules(),
    )


@cache
def village_week(people: int = 6) -> Instance:
    """One location, six people."""
    return build(
        requirement(VILLAGE),
        staff({"gemeentehuis": people}),
        Absence.create_empty(),
        week=WEEK,
        policy=policy(),
        rules=rules(),
        minimum={"phone": 1, "counter": 1},
    )
