"""Mailing weeks in a table: how many in each arm, how far they came, who stands for them."""

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.view import View, show_table
from dashboard.queries import batches
from staffing.reminders.batches.stored import APPROVED, MADE, Batch, BatchStep
from staffing.reminders.batches.tables import HELD_OUT, MAILED

NAMES = ("week", "status", "letters", "held_out", "made", "approved")


def draw_weeks(
    view: View,
    waiting: Mapping[date, int],
    known: Sequence[batches.Known],
    made: Cell,
) -> None:
    """A row per batch and per week that waits, of a plan `made` by whom, in order of week."""
    words = view.words
    rows = [
        *((one.batch.mailing_week, _row(view, one)) for one in known),
        *((week, _waiting(view, week, count, made)) for week, count in waiting.items()),
    ]
    body = [row for _, row in sorted(rows, key=lambda pair: pair[0])]
    heads = [words(f"batches.{name}") for name in NAMES]
    show_table(
        Table(words("batches.heading"), heads, body, frozenset({2, 3}), stacks=True)
    )
    if known:
        st.caption(words("batches.note"))


def told_count(view: View, count: int | None) -> str:
    """A count of documents, or that it is not told."""
    return view.words("tally.few") if count is None else view.words.number(count)


def _waiting(view: View, week: date, count: int, made: Cell) -> list[str | Cell]:
    words, none = view.words, Cell("\N{EN DASH}", tone="muted")
    return [
        Cell(words.week(week)),
        words("approval.waits"),
        words.number(count),
        none,
        made,
        none,
    ]


def _row(view: View, one: batches.Known) -> list[str | Cell]:
    words, batch = view.words, one.batch
    counts = one.shown.counts.row(-1, named=True)
    sent, approved = counts[MAILED], ""
    if sent != batch.letters:  # second letters, or fewer documents found than approved
        known = words.number(batch.letters)
        approved = words("batches.letters_approved", letters=known)
    return [
        Cell(words.week(batch.mailing_week), words.named("channel", batch.channel)),
        _state(view, batch),
        Cell(told_count(view, sent), approved),
        told_count(view, counts[HELD_OUT]),
        _who(view, batch.steps.get(MADE)),
        _who(view, batch.steps.get(APPROVED)),
    ]


def _state(view: View, batch: Batch) -> Cell:
    """How far it came; of what was handed out or withdrawn also by whom, as what or why."""
    words = view.words
    said = [] if batch.state == APPROVED else [_signed(view, batch.last)]
    if batch.content is not None and not batch.withdrawn:
        said.insert(0, words(f"batches.as_{batch.content}"))
    if batch.last.reason:
        said.append(words("batches.reason", reason=batch.last.reason))
    name = words.named("batch_state", batch.state)
    return Cell(name, "; ".join(said), "muted" if batch.withdrawn else "calm")


def _signed(view: View, step: BatchStep) -> str:
    words = view.words
    proof = words(f"batches.{'verified' if step.verified else 'unverified'}")
    at = words.day(view.local(step.at).date())
    return words("batches.signed", by=step.by, at=at, proof=proof)


def _who(view: View, step: BatchStep | None) -> Cell:
    """A name, when, and whether a login stands behind it."""
    words = view.words
    if step is None:
        return Cell(words("missing"), tone="muted")
    proof = words(f"batches.{'verified' if step.verified else 'unverified'}")
    at = words.day(view.local(step.at).date())
    return Cell(step.by, f"{at}, {proof}", "plain" if step.verified else "near")
