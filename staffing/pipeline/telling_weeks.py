"""A stored week of the requirement per team, for people and programs that ask for it."""

from datetime import date, timedelta

import dataframely as dy
import polars as pl

from forecasting.errors import InputError
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing import store
from staffing.requirement.team_weeks import TeamWeeks, team_weeks


def stored_team_weeks(
    workspace: Workspace, run: RunRecord, week: date
) -> dy.DataFrame[TeamWeeks]:
    """The week that begins on Monday `week`, in the town's time, of a requirement.

    Raises:
        InputError: the requirement has no quarter-hour of that week.
    """
    zone = store.calendar(workspace).zone
    day = pl.col("start").dt.convert_time_zone(zone).dt.date()
    within = (day >= week) & (day < week + timedelta(weeks=1))
    rows = workspace.table(run, "requirement").filter(within).collect()
    if rows.is_empty():
        raise InputError(
            f"expected a week of the stored requirement, came the week of {week}",
            remedy="See which weeks it has: piekwijzer status.",
        )
    return team_weeks(rows)
