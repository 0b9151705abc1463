"""Why the made-up forecast is what it is, and what came of earlier ones."""

import math
from datetime import date, timedelta

import polars as pl

from forecasting.explaining.peaks import with_seasons
from forecasting.insight_tables import (
    Causes,
    Changes,
    Effects,
    Notices,
    Outlook,
    Peaks,
    SecondVisits,
    Verification,
)
from forecasting.outside_tables import OutsideApplied
from forecasting.tables import QUANTILE_NAMES
from tests.dashboard.made_up_demand import LAST, SERIES, forecast


def causes() -> pl.DataFrame:
    """The usual level and weekdays, a season; documents and a planner's note for some."""
    rows = forecast().select("series", "start", "mean")
    usual = rows["series"].replace_strict(SERIES, return_dtype=pl.Float64)
    documents = pl.when(pl.col("series").str.contains("passport")).then(5.0)
    parts = rows.with_columns(
        usual.alias("level"),
        documents.otherwise(0.0).alias("expiries"),
        pl.lit(-1.5).alias("rest"),
        pl.when(pl.col("start") < date(2026, 12, 5)).then(2.0).alias("planner 4"),
    ).fill_null(0.0)
    said = pl.sum_horizontal("level", "expiries", "rest", "planner 4")
    long = parts.with_columns((pl.col("mean") - said).alias("season")).unpivot(
        index=["series", "start"],
        on=["level", "expiries", "rest", "planner 4", "season"],
        variable_name="cause",
        value_name="count",
    )
    return Causes.validate(long.filter(pl.col("count") != 0), cast=True)


def peaks() -> pl.DataFrame:
    weeks = [date(2027, 2, 8), date(2027, 2, 15), date(2027, 4, 19)]
    rows = [
        {
            "group": group,
            "week": week,
            "expected": 1.4 * usual + i,
            "q75": 1.5 * usual,
            "usual": usual,
            "text_nl": f"Week {week.isocalendar().week}: druk met {group}.",
            "text_en": f"Week {week.isocalendar().week}: busy with {group}.",
        }
        for group, usual in (("passport", 700.0), ("phone", 1250.0))
        for i, week in enumerate(weeks)
    ]
    return Peaks.validate(with_seasons(pl.DataFrame(rows)), cast=True)


def verification() -> pl.DataFrame:
    """One earlier run; of one series the errors left their interval."""
    off = "noord/extract/application/walk_in"
    rows = [
        {
            "run": "forecast-000000000001",
            "series": name,
            "ahead": ahead,
            "origin": date(2026, 9, 25),
            "periods": 20 * (1 if name else len(SERIES)),
            "demand": 1000.0 * (1 if name else len(SERIES)),
            "wape": 0.1,
            "bias": -0.02,
            "outside": 0.6 if name == off else 0.1,
            "expected_outside": 0.5 if name else 0.3,
            "warning": name == off,
        }
        for name in ("", *SERIES)
        for ahead in (7, 28)
    ]
    return Verification.validate(pl.DataFrame(rows), cast=True)


def changes() -> pl.DataFrame:
    """A week that stayed the same, 19 that moved, and a note 15 weeks after another."""
    moved = {"level": -12.0, "stock": 30.0, "planner 4": 10.0}
    rows = [
        {
            "group": "passport",
            "week": date(2026, 11, 23) + timedelta(weeks=i),
            "before": 700.0,
            "now": 700.0 + (28.0 if i else 0.0) + (400.0 if i == 17 else 0.0),
            "cause": cause,
            "count": count,
        }
        for i in range(20)
        for cause, count in (
            {"nothing": 0.0}
            if i == 0
            else moved | ({"planner 5": 400.0} if i == 17 else {})
        ).items()
    ]
    return Changes.validate(pl.DataFrame(rows), cast=True)


def effects() -> pl.DataFrame:
    """A shift of level, an election, a fee, and calls where more goes online."""
    shift = {
        "kind": "level shift",
        "subject": "stadhuis/passport/application/appointment",
        "detail": "",
        "ratio": 1.3,
        "low": 1.2,
        "high": 1.4,
        "first": date(2026, 3, 2),
        "last": LAST,
        "evidence": 180,
    }
    days = {"first": date(2024, 3, 6), "last": date(2026, 3, 18), "evidence": 3}
    sure = {"ratio": 1.4, "low": 1.3, "high": 1.5, **days}
    rows = [
        shift,
        {"kind": "election", "subject": "general", "detail": "days before", **sure},
        {"kind": "election", "subject": "general", "detail": "polling day", **sure}
        | {"ratio": 0.95, "low": 0.85, "high": 1.06},
        {"kind": "fee", "subject": "passport", "detail": "2027: weeks -8 to 0", **sure}
        | {"first": date(2027, 1, 1), "last": date(2027, 4, 1), "evidence": 1},
        {"kind": "fee", "subject": "passport", "detail": "2025: net", **sure},
        {"kind": "cross-channel", "subject": "move", **sure}
        | {"detail": "calls per contact, per 10 points more online"},
    ]
    columns = Effects.column_names()
    return Effects.validate(pl.DataFrame(rows).select(columns), cast=True)


def second_visits() -> pl.DataFrame:
    row = {
        "series": "stadhuis/passport/collection/walk_in",
        "never": 0.12,
        "low": 0.1,
        "high": 0.14,
        "after": 5.4,
        "first": date(2024, 1, 1),
        "last": LAST,
    }
    return SecondVisits.validate(pl.DataFrame([row]), cast=True)


def outside() -> pl.DataFrame:
    """One statement that was followed, and two that were not."""
    rows = [
        ("passport", "2027-02", "team", 1, 2, 900.0, 1000.0, 1000.0, 900.0, "applied"),
        ("visa", "2027-03", "team", 2, 0, 50.0, 0.0, 0.0, 0.0, "no such series"),
        ("*/phone", "2019", "RvIG", 3, 2, None, 0.0, 0.0, 0.0, "outside the forecast"),
    ]
    names = ["subject", "period", "said_by", "place", "series"]
    sums = ["said", "ours", "before", "after", "state"]
    table = pl.DataFrame(rows, schema=names + sums, orient="row").with_columns(
        source=pl.lit("own_outlook"),
        mode=pl.lit("replace"),
        table=pl.lit("forecast"),
    )
    columns = OutsideApplied.column_names()
    return OutsideApplied.validate(table.select(columns), cast=True)


def outlook() -> pl.DataFrame:
    """Ten years of passports: a dip, and a wave of renewals."""
    months = [date(2027 + i // 12, i % 12 + 1, 1) for i in range(-1, 119)]
    rows = []
    for i, month in enumerate(months):
        renewals = 1200 + 700 * math.sin(i / 19)
        echo, lost, first = 4.0 * i, 90.0, 260.0
        mean = renewals + echo + lost + first
        spread = (0.7, 0.77, 0.88, 1.0, 1.12, 1.23, 1.3)
        bounds = {q: mean * f for q, f in zip(QUANTILE_NAMES, spread, strict=True)}
        parts = {"renewals": renewals, "echo": echo, "lost": lost, "first": first}
        rows.append(
            {"series": "passport", "start": month, "mean": mean, "basis": "stock"}
            | bounds
            | parts
        )
    return Outlook.validate(pl.DataFrame(rows), cast=True)


def notices() -> pl.DataFrame:
    row = {
        "series": "noord/extract/application/walk_in",
        "kind": "pooled",
        "about": "extract/application/walk_in",
        "first": date(2024, 1, 1),
        "last": LAST,
        "periods": 750,
    }
    return Notices.validate(pl.DataFrame([row]), cast=True)


def beside() -> dict[str, pl.DataFrame]:
    """The tables that a forecast stores beside its peaks and their causes, by name."""
    return {
        "verification": verification(),
        "changes": changes(),
        "effects": effects(),
        "second_visits": second_visits(),
        "outside_applied": outside(),
        "outlook": outlook(),
        "notices": notices(),
    }
