"""Approved batches: how many in each arm, how far they came, who stands for them."""

from pathlib import Path

import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.tasks import start_button
from dashboard.pages.view import View, heading, show_missing, show_table
from dashboard.queries import batches
from dashboard.roles import Action
from staffing.reminders.batches.stored import APPROVED, MADE, BatchStep
from staffing.reminders.batches.tables import HELD_OUT, MAILED

SPREADSHEET = "xlsx"


def draw_batches(view: View) -> None:
    """A row per batch, its files, and jobs that hand it out."""
    if not view.may(Action.see_records):
        return
    words = view.words
    heading(words("batches.heading"))
    known = batches.approved(view.workspace)
    if not known:
        show_missing(view, "batches.empty")
        return
    names = ("week", "letters", "held_out", "status", "made", "approved")
    heads = [words(f"batches.{name}") for name in names]
    body = [_row(view, one) for one in known]
    show_table(Table(words("batches.heading"), heads, body, frozenset({1, 2})))
    st.caption(words("batches.note"))
    if not view.may(Action.see_people):  # the lists hold references to people
        return
    with st.expander(words("batches.hand_out")):
        for one in known:
            if not one.batch.withdrawn:
                _draw_files(view, one)


def _row(view: View, one: batches.Known) -> list[str | Cell]:
    words, batch = view.words, one.batch
    counts = one.shown.counts.row(-1, named=True)
    approved = words("batches.letters_approved", letters=words.number(batch.letters))
    after = [state for state in batch.steps if state != MADE]
    state = sorted(after, key=lambda name: batch.steps[name].at)[-1]
    content = words(f"batches.as_{batch.content}") if batch.content else ""
    return [
        Cell(words.week(batch.mailing_week), words.named("channel", batch.channel)),
        Cell(_told(view, counts[MAILED]), approved),
        _told(view, counts[HELD_OUT]),
        Cell(words.named("batch_state", state), content),
        _who(view, batch.steps.get(MADE)),
        _who(view, batch.steps.get(APPROVED)),
    ]


def _told(view: View, count: int | None) -> str:
    return view.words("tally.few") if count is None else view.words.number(count)


def _who(view: View, step: BatchStep | None) -> Cell:
    """A name, when, and whether a login stands behind it."""
    words = view.words
    if step is None:
        return Cell(words("missing"), tone="muted")
    proof = words(f"batches.{'verified' if step.verified else 'unverified'}")
    at = words.day(view.local(step.at).date())
    return Cell(step.by, f"{at}, {proof}", "plain" if step.verified else "near")


def _draw_files(view: View, one: batches.Known) -> None:
    words, name = view.words, one.batch.name
    title = words("batches.files", week=words.week(one.batch.mailing_week))
    st.markdown(f"**{title}**")
    if not one.files:
        st.caption(words("batches.no_files"))
    with st.container(horizontal=True):
        for file in one.files:
            _download(view, file)
        command = ("reminders", "export", "--week", name, "--format", SPREADSHEET)
        start_button(view, words("batches.export"), command, key=f"export_{name}")


def _download(view: View, file: Path) -> None:
    st.download_button(
        view.words("roster.download", file=file.name),
        file.read_bytes(),
        file_name=file.name,
        key=f"get_{file.name}",
        icon=":material/download:",
        on_click="ignore",
    )
