"""Headline figures of a requirement: hours per week, peaks, aims and closing time."""

from datetime import date, timedelta

import polars as pl

from forecasting.calendar import local_day, monday, week_name
from forecasting.runs import Figures
from staffing.requirement import Needed
from staffing.standards import Standards
from staffing.workload import peaks

SLOT_HOURS = 0.25
FRIDAY = timedelta(days=4)


def hours_figures(needed: pl.DataFrame, load: pl.DataFrame, zone: str) -> Figures:
    """Weeks, hours per week and peaks of a `Requirement` and a `WeeklyLoad`."""
    peak = peaks(load).with_columns(
        pl.concat_str("location", "skill", separator="/").alias("pair")
    )
    return {
        "weeks": _whole_weeks(needed, zone),
        "required_hours": _hours_per_week(needed, zone),
        "peak_weeks": {
            str(pair): [week_name(week) for week in rows["week"]]
            for (pair,), rows in peak.group_by("pair", maintain_order=True)
        },
    }


def standard_figures(standards: Standards) -> Figures:
    """The share and the seconds that each skill was worked out for."""
    return {
        "standards": {
            name: {"target": one.target, "threshold_s": one.threshold_s}
            for name, one in sorted(standards.skill.items())
        }
    }


def aim_figures(needed: Needed) -> Figures:
    """Hours of queues by what the target is to hold over, the worst slot, and closing."""
    weeks = needed.weeks
    columns = {aim: f"hours_{aim}_aim" for aim in ("slot", "day", "week")}
    hours = {aim: float(weeks[name].sum()) for aim, name in columns.items()}
    return {
        "queue_hours": hours,
        "hours_saved": hours["slot"] - float(weeks["hours_chosen"].sum()),
        "worst_slot": _worst_slot(weeks),
        "closing": _latest_closing(needed.closing),
    }


def _worst_slot(weeks: pl.DataFrame) -> dict[str, object] | None:
    told = weeks.drop_nulls("worst_share").sort(
        "worst_share", "worst_start", "location"
    )
    if told.is_empty():
        return None
    row = told.row(0, named=True)
    return {
        "location": row["location"],
        "skill": row["skill"],
        "start": row["worst_start"].isoformat(),
        "share": row["worst_share"],
    }


def _latest_closing(closing: pl.DataFrame) -> dict[str, float]:
    """Per location and skill the most minutes, on nine days of ten, after closing."""
    most = closing.group_by("location", "skill").agg(pl.col("minutes_q90").max())
    return {
        f"{location}/{skill}": round(minutes, 1)
        for location, skill, minutes in most.sort("location", "skill").iter_rows()
    }


def _hours_per_week(needed: pl.DataFrame, zone: str) -> dict[str, float]:
    week = local_day("start", zone).dt.truncate("1w").alias("week")
    chosen = needed.filter("chosen").group_by(week).agg(pl.col("people").sum())
    return {
        week_name(first): people * SLOT_HOURS
        for first, people in chosen.sort("week").iter_rows()
    }


def _whole_weeks(needed: pl.DataFrame, zone: str) -> list[str]:
    """Weeks of which Monday to Friday lie between the first and the last slot."""
    days = needed.select(local_day("start", zone)).to_series()
    first, last = _ends(days)
    weeks = [
        monday(first) + timedelta(weeks=i) for i in range((last - first).days // 7 + 2)
    ]
    return [week_name(w) for w in weeks if first <= w and w + FRIDAY <= last]


def _ends(days: pl.Series) -> tuple[date, date]:
    listed: list[date] = days.unique().sort().to_list()
    return listed[0], listed[-1]
