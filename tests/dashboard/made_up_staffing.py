"""Requirement, roster, simulation and letters, made up in the stored schemas."""

import math
from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from forecasting.calendar import SLOT, week_name
from staffing.staff_tables import People, completed
from staffing.tables import (
    Activities,
    Closing,
    Coverage,
    Letters,
    MailingGains,
    Pooled,
    Requirement,
    RequirementWeeks,
    SeriesWork,
    Shifts,
    SimulatedSlots,
    Smoothing,
    WeeklyLoad,
)
from tests.dashboard.made_up_demand import (
    SERIES,
    SKILLS,
    TEAMS,
    WEEK_MONDAY,
    ZONE,
    open_days,
)

NAMES = (
    "Ada",
    "Bram",
    "Chris",
    "Dina",
    "Evi",
    "Faris",
    "Gijs",
    "Hana",
    "Ilse",
    "Joost",
)


def _slots(day: date) -> list[datetime]:
    first = datetime.combine(day, time(9), ZONE).astimezone(UTC)
    return [first + i * SLOT for i in range(32)]


def _load(skill: str, at: datetime) -> float:
    hour = at.astimezone(ZONE).hour + at.minute / 60
    top = 4.2 if skill == "phone" else 5.6
    return top * math.exp(-(((hour - 11) / 3.2) ** 2)) + 0.8


def work() -> pl.DataFrame:
    """Visits take ten minutes as assumed; calls were timed, a little apart per service."""
    rows = [
        {
            "series": name,
            "location": name.split("/")[0],
            "skill": "phone" if name.endswith("phone") else "counter",
            "handling_s": 230.0 + i if name.endswith("phone") else 600.0,
            "handling_cv": 0.6,
            "comes": 1.0,
            "booked": name.endswith("appointment"),
            "late_s": 0.0,
            "late_sd_s": 0.0,
            "waits": False,
            "due_days": 0,
            "source": "measured" if name.endswith("phone") else "assumed",
        }
        for i, name in enumerate(SERIES)
    ]
    return SeriesWork.validate(pl.DataFrame(rows), cast=True)


def requirement() -> pl.DataFrame:
    rows = []
    for location, skill in TEAMS:
        for day in open_days(
            WEEK_MONDAY - timedelta(days=7), WEEK_MONDAY + timedelta(days=4)
        ):
            for at in _slots(day):
                load = _load(skill, at) * (0.5 if location == "noord" else 1)
                chosen = math.ceil(load + 1)
                offered = load * 900 / SKILLS[skill]
                rows += [
                    {
                        "location": location,
                        "skill": skill,
                        "start": at,
                        "people": n,
                        "offered": offered,
                        "load": load,
                        "handling_s": SKILLS[skill],
                        "late": offered * math.exp(-max(n - load + 0.4, 0.05)),
                        "chosen": n == chosen,
                    }
                    for n in range(max(chosen - 2, 0), chosen + 3)
                ]
    return Requirement.validate(pl.DataFrame(rows), cast=True)


def weekly_load() -> pl.DataFrame:
    rows = [
        {
            "location": location,
            "skill": skill,
            "week": date(2026, 11, 23) + timedelta(weeks=i),
            "hours": hours * (1 + 0.22 * math.sin(i / 3)),
            "hours_q75": hours * (1 + 0.22 * math.sin(i / 3)) * 1.06,
            "hours_at_hand": None if location == "noord" and i > 5 else hours * 1.4,
            "capacity": None if location == "noord" and i > 5 else hours * 1.12,
        }
        for (location, skill), hours in zip(TEAMS, (150.0, 210.0, 70.0), strict=True)
        for i in range(26)
    ]
    return WeeklyLoad.validate(pl.DataFrame(rows), cast=True)


def requirement_weeks() -> pl.DataFrame:
    rows = [
        {
            "location": location,
            "skill": skill,
            "week": WEEK_MONDAY,
            "offered": 2100.0,
            "hours_slot_aim": 231.5,
            "hours_day_aim": 214.25,
            "hours_week_aim": 212.0,
            "hours_chosen": 231.5,
            "share": 0.836,
            "worst_start": datetime.combine(WEEK_MONDAY, time(11, 30), ZONE),
            "worst_share": 0.801,
            "idle_hours": 61.0,
            "filled_hours": 0.0,
        }
        for location, skill in TEAMS
    ]
    return RequirementWeeks.validate(pl.DataFrame(rows), cast=True)


def closing() -> pl.DataFrame:
    rows = [
        {
            "location": location,
            "skill": skill,
            "day": WEEK_MONDAY + timedelta(days=i),
            "there": 2.4,
            "minutes": 12.0,
            "minutes_q90": 25.5,
        }
        for location, skill in TEAMS
        for i in range(5)
    ]
    return Closing.validate(pl.DataFrame(rows), cast=True)


def pooled() -> pl.DataFrame:
    row = {
        "location": "stadhuis",
        "skills": "counter+phone",
        "week": WEEK_MONDAY,
        "hours_apart": 443.0,
        "hours_pooled": 397.0,
    }
    return Pooled.validate(pl.DataFrame([row]), cast=True)


def peak_weeks() -> dict[str, list[str]]:
    over = weekly_load().filter(pl.col("hours_q75") > pl.col("capacity"))
    found: dict[str, list[str]] = {"noord/counter": ["2027-W10"]}
    for row in over.to_dicts():
        pair = f"{row['location']}/{row['skill']}"
        found.setdefault(pair, []).append(week_name(row["week"]))
    return found


def people() -> pl.DataFrame:
    rows = [
        {
            "code": f"m{i:02d}",
            "label": f"{NAMES[i % 10]} {'KLMNP'[i // 10]}.",
            "location": "noord" if i % 5 == 4 else "stadhuis",
            "contract_hours": (36.0, 32.0, 24.0)[i % 3],
            "working_days": ["mon", "tue", "wed", "thu", "fri"][: 5 - i % 3],
            "skills": ["counter"] if i % 5 == 4 else ["phone", "counter"],
        }
        for i in range(20)
    ]
    return People.validate(completed(People, pl.DataFrame(rows)), cast=True)


def roster() -> dict[str, pl.DataFrame]:
    shifts, activities = [], []
    for i, person in enumerate(people().to_dicts()):
        for d in range(len(person["working_days"])):
            day = WEEK_MONDAY + timedelta(days=d)
            start = datetime.combine(day, time(9, 30 * (i % 2)), ZONE).astimezone(UTC)
            pause = start + timedelta(hours=3)
            end = start + timedelta(hours=7)
            back = pause + timedelta(minutes=30)
            skill = person["skills"][i // 2 % len(person["skills"])]
            shifts.append(
                {
                    "person": person["code"],
                    "day": day,
                    "location": person["location"],
                    "start": start,
                    "end": end,
                    "break_start": pause,
                    "break_end": back,
                }
            )
            activities += [
                {
                    "person": person["code"],
                    "start": start + k * SLOT,
                    "location": person["location"],
                    "skill": skill if k < 20 else person["skills"][0],
                }
                for k in range(28)
                if not pause <= start + k * SLOT < back
            ]
    done = Activities.validate(pl.DataFrame(activities), cast=True)
    return {
        "shifts": Shifts.validate(pl.DataFrame(shifts), cast=True),
        "activities": done,
        "coverage": coverage(done),
    }


def coverage(activities: pl.DataFrame) -> pl.DataFrame:
    key = ["location", "skill", "start"]
    have = activities.group_by(key).agg(pl.len().alias("rostered"))
    need = (
        requirement().filter("chosen").select(*key, pl.col("people").alias("required"))
    )
    week = pl.col("start") >= datetime.combine(WEEK_MONDAY, time(), UTC)
    joined = need.filter(week).join(have, on=key, how="left")
    return Coverage.validate(
        joined.with_columns(pl.col("rostered").fill_null(0)), cast=True
    )


def simulated_slots() -> pl.DataFrame:
    rows = roster()["coverage"].with_row_index()
    wave = (pl.col("index") * 0.37).sin()
    share = (0.84 + 0.1 * wave + 0.06 * (pl.col("rostered") - pl.col("required"))).clip(
        0.2, 0.99
    )
    offered = pl.lit(4.0)
    frame = rows.select(
        "location",
        "skill",
        "start",
        pl.col("rostered").cast(pl.Float64).alias("agents"),
        offered.alias("offered"),
        (offered * share).alias("within"),
        (offered * (share - 0.03)).alias("within_low"),
        (offered * (share + 0.01)).alias("within_high"),
        pl.lit(0.1).alias("abandoned"),
        pl.lit(12.0).alias("mean_wait_s"),
    )
    return SimulatedSlots.validate(frame, cast=True)


def gains() -> pl.DataFrame:
    """A peak 25 hours lower, two weeks fewer above capacity, 120 hours less above it."""
    measures = {
        "peak_load_hours": (270.4, 245.0),
        "share_of_weeks_over": (0.2, 0.15),
        "hours_above_capacity": (150.25, 30.25),
        "staff_hours": (9000.0, 8990.0),
    }
    rows = []
    for measure, (before, after) in measures.items():
        values = {"before": before, "after": after, "change": after - before}
        rows.append({"measure": measure} | {
            f"{name}{end}": value + abs(value) * by for name, value in values.items()
            for end, by in (("", 0.0), ("_low", -0.1), ("_high", 0.1))
        })  # fmt: skip
    return MailingGains.validate(pl.DataFrame(rows), cast=True)


def reminder_figures() -> dict[str, object]:
    """As a plan of 40 weeks tells them; the documents add up to 30,000."""
    told = {str(row["measure"]): row for row in gains().to_dicts()}
    return {
        "letters_planned": 3391,
        "letters_euros": 3730.1,
        "verdict": "letters help",
        "tried": {
            "letters": 3391,
            **{name: row["change"] for name, row in told.items()},
        },
        "peak_week": {"before": "2027-W20", "after": "2027-W19"},
        "peak_load_hours": {"before": 270.4, "after": 245.0},
        "weeks_over_capacity": {"before": 8, "after": 6},
        "gains": told,
        "held_out": 700,
        "not_chosen": 2909,
        "too_late": 400,
        "not_due": 22000,
        "suppressed_small": 3,
        "in_batches": 0,
        "expired": 597,
        "expiries": 29403,
        "capacity_known": True,
        "as_of": "2026-11-20",
        "settings": {"price_letter": 1.1, "least_hours": 1.0},
    }


def reminders() -> dict[str, pl.DataFrame]:
    letters = [
        {
            "service": service,
            "expiry_week": date(2027, 5, 3) + timedelta(weeks=i),
            "age_band": "18-64",
            "district": "centrum",
            "mailing_week": date(2026, 11, 23) + timedelta(weeks=i + shift),
            "letters": 3 if i == 9 else 40 + 11 * (i % 4) + 25 * shift,
        }
        for shift, service in enumerate(("passport", "id_card", "licence"))
        for i in range(16)
    ]
    weeks = [date(2026, 11, 23) + timedelta(weeks=i) for i in range(40)]
    before = [
        210 + 60 * math.exp(-(((i - 25) / 4) ** 2)) + 8 * math.sin(i) for i in range(40)
    ]
    after = [min(value, 245) + (6 if i < 20 else 0) for i, value in enumerate(before)]
    smoothing: dict[str, list[date] | list[float]] = {
        "week": weeks,
        "capacity": [240.0] * 40,
    }
    for name, values in (("before", before), ("after", after)):
        spread = {"": 1.0, "_low": 0.95, "_high": 1.06}
        smoothing |= {f"{name}{end}": [v * by for v in values]
                      for end, by in spread.items()}  # fmt: skip
    return {
        "letters": Letters.validate(pl.DataFrame(letters), cast=True),
        "smoothing": Smoothing.validate(
            pl.DataFrame(smoothing).select(Smoothing.column_names()), cast=True
        ),
        "mailing_gains": gains(),
    }
