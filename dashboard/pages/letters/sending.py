"""Mailing weeks one by one: what waits, what was approved, and the files of a week."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from dashboard.charts.tables import Cell
from dashboard.pages.asking import draw_outcome
from dashboard.pages.letters import LETTERS
from dashboard.pages.letters.approving import draw_waiting
from dashboard.pages.letters.batches import draw_weeks
from dashboard.pages.letters.handing import draw_batch
from dashboard.pages.letters.withdrawing import draw_withdrawal
from dashboard.pages.view import View, choose, heading, show_missing
from dashboard.queries import batches
from dashboard.queries.approvals import maker, to_approve
from forecasting.calendar import week_name
from forecasting.records import RunRecord

Waiting = Mapping[str, tuple[date, int]]
Standing = Mapping[str, batches.Known]


def draw_sending(view: View, run: RunRecord) -> None:
    """A row per mailing week, and below it whatever can be done with the chosen one."""
    words = view.words
    heading(words("batches.heading"))
    weeks = to_approve(view.workspace, run, view.this_week)
    known = batches.approved(view.workspace)
    if not weeks and not known:
        show_missing(view, "batches.none")
        return
    draw_weeks(view, weeks, known, _made(view, run))
    waiting = {week_name(week): (week, count) for week, count in weeks.items()}
    standing = {one.batch.name: one for one in known if not one.batch.withdrawn}
    chosen = _choose(view, waiting, standing)
    draw_outcome(view, LETTERS, "success", "warning")
    if chosen in waiting:
        draw_waiting(view, run, waiting[chosen][0])
    elif chosen is not None:
        draw_batch(view, standing[chosen])
        draw_withdrawal(view, standing[chosen].batch)
    draw_outcome(view, LETTERS, "error")  # of a form that is gone


def _made(view: View, run: RunRecord) -> Cell:
    """Who made the plan, and when."""
    name = maker(view.workspace, run) or view.words("missing")
    return Cell(name, view.words.day(view.local(run.at).date()), "muted")


def _choose(view: View, waiting: Waiting, standing: Standing) -> str | None:
    """The week to look at: first the one that waits longest, else the newest batch."""
    words = view.words

    def say(name: str) -> str:
        if name in waiting:
            week, count = waiting[name]
            key, letters = "approval.waits", words.number(count)
        else:
            batch = standing[name].batch
            week, key = batch.mailing_week, f"batch_state.{batch.state}"
            letters = words.number(batch.letters)
        said = {"week": words.week(week), "letters": letters, "state": words(key)}
        return words("batches.choice", **said)

    names = sorted([*waiting, *standing])
    first = next(iter(waiting), names[-1] if names else None)
    with st.container(width=560):
        return choose(
            "mailing", names, label=words("batches.which"), say=say, default=first
        )
