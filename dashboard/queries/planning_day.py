"""The day a planner plans from, on the pages and in `piekwijzer status` alike."""

from datetime import date, datetime, timedelta

from dashboard.queries.imports import synthetic_day
from forecasting.calendar import monday
from forecasting.workspace import Workspace
from staffing.store import calendar


def planning_day(workspace: Workspace, now: datetime) -> date:
    """Today in the town; for an invented town, the day after its history."""
    own = now.astimezone(calendar(workspace).tz).date()
    return synthetic_day(workspace) or own


def planning_week(day: date) -> date:
    """Monday of the week to plan from: in a weekend, of the week to come."""
    return monday(day + timedelta(days=2))
