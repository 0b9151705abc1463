"""What the letters did, as the newest comparison with the hold-out stored it."""

import polars as pl

from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.pipeline.response_inputs import reminder_settings
from staffing.reminders.effect_tables import ALL_LEADS


def headlines(workspace: Workspace, run: RunRecord) -> pl.DataFrame:
    """`LettersDid`: a row per channel and weeks of lead, all leads first."""
    every = pl.col("lead") != ALL_LEADS
    return workspace.table(run, "letters_did").sort("channel", every, "lead").collect()


def by_week(workspace: Workspace, run: RunRecord) -> pl.DataFrame:
    """`LetterEffects` of all leads, of weeks in which enough came in both arms to tell."""
    few = reminder_settings(workspace).plan.small_cell
    told = (pl.col("mailed_came") >= few) & (pl.col("held_out_came") >= few)
    rows = workspace.table(run, "letter_effects").filter(told, lead=ALL_LEADS)
    return rows.sort("channel", "week").collect()
