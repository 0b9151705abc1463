"""A home folder with small frames made up for these tests, in the stored schemas."""

import math
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from forecasting.calendar import SLOT, week_name
from forecasting.records import ImportRecord
from forecasting.settings import Settings
from forecasting.tables import (
    QUANTILE_NAMES,
    Accuracy,
    Contacts,
    Demand,
    Gaps,
    Rejects,
    StoredForecast,
    Unmet,
)
from forecasting.workspace import Workspace
from staffing.tables import (
    Activities,
    Coverage,
    Letters,
    People,
    Requirement,
    Shifts,
    SimulatedSlots,
    Smoothing,
    WeeklyLoad,
    completed,
)

LAST = date(2026, 11, 20)
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
WEEK, WEEK_MONDAY = "2027-W02", date(2027, 1, 11)
ZONE = ZoneInfo("Europe/Amsterdam")
SERIES = {
    "stadhuis/passport/application/appointment": 60.0,
    "stadhuis/passport/collection/walk_in": 55.0,
    "stadhuis/licence/application/appointment": 40.0,
    "stadhuis/general/question/phone": 180.0,
    "stadhuis/move/question/phone": 70.0,
    "noord/passport/application/appointment": 25.0,
    "noord/extract/application/walk_in": 12.0,
}
TEAMS = (("stadhuis", "phone"), ("stadhuis", "counter"), ("noord", "counter"))
SKILLS = {"phone": 240.0, "counter": 600.0}
Stored = tuple[str, dict[str, str], dict[str, pl.DataFrame], dict[str, object]]
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


def _open_days(first: date, last: date) -> list[date]:
    days = (first + timedelta(days=i) for i in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]


def _expected(base: float, day: date) -> float:
    season = 1 + 0.25 * math.sin((day.timetuple().tm_yday - 60) / 58)
    return base * season * (1.25, 1.05, 1.0, 0.95, 0.75)[day.weekday()]


def _wobble(day: date, i: int) -> float:
    return 1 + 0.08 * math.sin(day.toordinal() * 1.7 + i)


def demand() -> pl.DataFrame:
    rows = [
        {
            "series": name,
            "start": day,
            "cadence": "day",
            "count": float(round(_expected(base, day) * _wobble(day, i))),
            "unmet": 1.0 if name.endswith("phone") else 0.0,
            "handling_s": 300.0,
        }
        for i, (name, base) in enumerate(SERIES.items())
        for day in _open_days(date(2024, 1, 1), LAST)
        if not date(2025, 7, 7) <= day <= date(2025, 7, 25) or i
    ]
    return Demand.validate(pl.DataFrame(rows), cast=True)


def forecast() -> pl.DataFrame:
    factors = (0.78, 0.84, 0.93, 1.0, 1.07, 1.16, 1.24)
    rows = [
        {
            "series": name,
            "start": day,
            "mean": _expected(base, day),
            **{
                q: _expected(base, day) * f
                for q, f in zip(QUANTILE_NAMES, factors, strict=True)
            },
            "cadence": "day",
            "method": "prophet",
        }
        for name, base in SERIES.items()
        for day in _open_days(LAST + timedelta(days=1), LAST + timedelta(days=180))
    ]
    return StoredForecast.validate(pl.DataFrame(rows), cast=True)


def gaps() -> pl.DataFrame:
    stretch = {
        "first": date(2025, 7, 7),
        "last": date(2025, 7, 25),
        "periods": 15,
        "kind": "location",
        "covered_by": "none",
    }
    short = {**stretch, "first": date(2024, 5, 13), "last": date(2024, 5, 14)}
    names = [name for name in SERIES if name.startswith("stadhuis")]
    rows = [{"series": name, **stretch} for name in names[:2]]
    rows.append({"series": names[2], **short, "periods": 2, "kind": "series"})
    return Gaps.validate(pl.DataFrame(rows), cast=True)


def unmet() -> pl.DataFrame:
    calls = demand().filter(pl.col("series").str.ends_with("phone"))
    frame = calls.select(
        "series",
        "start",
        pl.lit("gave up").alias("kind"),
        (pl.col("count") - pl.col("unmet")).alias("served"),
        (0.6 * pl.col("unmet")).alias("unmet"),
        (0.3 * pl.col("unmet")).alias("low"),
        (0.9 * pl.col("unmet")).alias("high"),
    )
    return Unmet.validate(frame, cast=True)


def accuracy() -> pl.DataFrame:
    rows = [
        {
            "series": name,
            "method": method,
            "horizon": 28,
            "chosen": method == "prophet",
            "periods": 80,
            "demand": base * 80,
            "wape": wape,
            "mase": wape * 6,
            "pinball": wape * 2,
            "coverage90": coverage,
        }
        for name, base in SERIES.items()
        for method, wape, coverage in (
            ("prophet", 0.11, 0.91),
            ("last_year", 0.16, None),
        )
    ]
    return Accuracy.validate(pl.DataFrame(rows), cast=True)


def _slots(day: date) -> list[datetime]:
    first = datetime.combine(day, time(9), ZONE).astimezone(UTC)
    return [first + i * SLOT for i in range(32)]


def _load(skill: str, at: datetime) -> float:
    hour = at.astimezone(ZONE).hour + at.minute / 60
    top = 4.2 if skill == "phone" else 5.6
    return top * math.exp(-(((hour - 11) / 3.2) ** 2)) + 0.8


def requirement() -> pl.DataFrame:
    rows = []
    for location, skill in TEAMS:
        for day in _open_days(
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
            "capacity": None if location == "noord" and i > 5 else hours * 1.12,
        }
        for (location, skill), hours in zip(TEAMS, (150.0, 210.0, 70.0), strict=True)
        for i in range(26)
    ]
    return WeeklyLoad.validate(pl.DataFrame(rows), cast=True)


def peak_weeks() -> dict[str, list[str]]:
    over = weekly_load().filter(pl.col("hours_q75") > pl.col("capacity"))
    found: dict[str, list[str]] = {"noord/counter": ["2027-W10"]}
    for row in over.to_dicts():
        pair = f"{row['location']}/{row['skill']}"
        found.setdefault(pair, []).append(week_name(row["week"]))
    return found


def _people() -> pl.DataFrame:
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
    for i, person in enumerate(_people().to_dicts()):
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
    smoothing = {
        "week": weeks,
        "before": before,
        "after": after,
        "capacity": [240.0] * 40,
    }
    return {
        "letters": Letters.validate(pl.DataFrame(letters), cast=True),
        "smoothing": Smoothing.validate(pl.DataFrame(smoothing), cast=True),
    }


def _record_imports(workspace: Workspace) -> None:
    contacts = Contacts.create_empty()
    rejects = pl.DataFrame(
        {
            "source": ["telephony"] * 3,
            "file": ["telefonie_2026.csv"] * 3,
            "line": [7, 19, 230],
            "column": ["offered", "offered", "start"],
            "value": ["-3", "-1", "31-02-2026"],
            "reason": ["negative count", "negative count", "unreadable date"],
        }
    )
    stored = (
        ("telephony", "contacts", "telefonie_2026.csv", 5200, 3, "contacts", contacts),
        ("people", "people", "medewerkers.xlsx", 20, 0, "people", _people()),
    )
    for source, kind, file, rows, refused, dataset, frame in stored:
        owner = f"import-{source}"
        tables = {dataset: frame}
        if refused:
            tables["rejects"] = Rejects.validate(rejects, cast=True)
        record = ImportRecord(
            id=owner,
            source=source,
            kind=kind,
            file=file,
            sha256="0" * 64,
            rows_imported=rows,
            rows_rejected=refused,
            at=NOW - timedelta(hours=1),
        )
        workspace.adopt(record, tables, now=NOW)


def fill(home: Path) -> Workspace:
    """Store a made-up chain: every step has run once."""
    workspace = Workspace.open(Settings(home=home))
    _record_imports(workspace)
    (home / "SYNTHETIC.txt").write_text("Made up for tests.\n", "utf-8")
    week = {"week": WEEK}
    short = {
        "location": "stadhuis",
        "skill": "counter",
        "start": "2027-01-11T09:00:00+00:00",
        "end": "2027-01-11T10:30:00+00:00",
        "short": 2,
        "quarters": 6,
        "reason": "Everyone who may do this already works.",
        "reason_nl": "Iedereen die dit mag, werkt al.",
    }
    runs: tuple[Stored, ...] = (
        (
            "forecast",
            {},
            {
                "demand": demand(),
                "forecast": forecast(),
                "accuracy": accuracy(),
                "gaps": gaps(),
                "unmet": unmet(),
            },
            {
                "series": len(SERIES),
                "horizon_days": 180,
                "wape": 0.112,
                "wape_last_year": 0.163,
                "coverage90": 0.894,
                "history_first": "2024-01-01",
                "history_last": "2026-11-20",
            },
        ),
        (
            "requirement",
            {},
            {"requirement": requirement(), "weekly_load": weekly_load()},
            {"required_hours": {WEEK: 430.0}, "peak_weeks": peak_weeks()},
        ),
        (
            "roster",
            week,
            roster(),
            {
                "required_hours": 430.0,
                "rostered_hours": 455.5,
                "hard_violations": 0,
                "gap": 0.012,
                "shortfalls": [short],
            },
        ),
        (
            "simulate",
            week,
            {"simulated_slots": simulated_slots()},
            {
                "within_25s": {"mean": 0.831, "low": 0.822, "high": 0.840},
                "skills": {
                    "phone": {
                        "within_target": {"mean": 0.831, "low": 0.822, "high": 0.840},
                        "abandoned_share": {"mean": 0.031, "low": 0.02, "high": 0.04},
                        "mean_wait_s": {"mean": 14.2, "low": 12.0, "high": 16.0},
                        "occupancy": 0.74,
                        "target": 0.8,
                        "threshold_s": 25.0,
                    }
                },
            },
        ),
        (
            "reminders",
            {},
            reminders(),
            {
                "letters_planned": 3391,
                "peak_week": {"before": "2027-W20", "after": "2027-W19"},
                "peak_load_hours": {"before": 270.4, "after": 245.0},
            },
        ),
    )
    for i, (kind, parameters, tables, figures) in enumerate(runs):
        key = workspace.key(kind, [], parameters, seed=0)
        workspace.store(key, tables, figures, now=NOW + timedelta(minutes=i))
    exports = home / "exports"
    exports.mkdir()
    (exports / f"rooster_{WEEK}.csv").write_text("persoon;dag\n", "utf-8")
    return workspace


@pytest.fixture(scope="session")
def full_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("full")
    fill(home)
    return home


@pytest.fixture
def empty_home(tmp_path: Path) -> Path:
    return tmp_path / "empty"
