"""Demand and its forecast, made up in the stored schemas."""

import math
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from forecasting.tables import (
    QUANTILE_NAMES,
    Accuracy,
    Demand,
    Gaps,
    StoredForecast,
    Unmet,
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


def open_days(first: date, last: date) -> list[date]:
    days = (first + timedelta(days=i) for i in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]


def expected(base: float, day: date) -> float:
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
            "count": float(round(expected(base, day) * _wobble(day, i))),
            "unmet": 1.0 if name.endswith("phone") else 0.0,
            "handling_s": 300.0,
        }
        for i, (name, base) in enumerate(SERIES.items())
        for day in open_days(date(2024, 1, 1), LAST)
        if not date(2025, 7, 7) <= day <= date(2025, 7, 25) or i
    ]
    return Demand.validate(pl.DataFrame(rows), cast=True)


def forecast() -> pl.DataFrame:
    factors = (0.78, 0.84, 0.93, 1.0, 1.07, 1.16, 1.24)
    rows = [
        {
            "series": name,
            "start": day,
            "mean": expected(base, day),
            **{
                q: expected(base, day) * f
                for q, f in zip(QUANTILE_NAMES, factors, strict=True)
            },
            "cadence": "day",
            "method": "prophet",
        }
        for name, base in SERIES.items()
        for day in open_days(LAST + timedelta(days=1), LAST + timedelta(days=180))
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
