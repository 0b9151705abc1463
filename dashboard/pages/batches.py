"""Batches of letters: who made and approved them, and approval by a second person."""

from datetime import date

import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.deeds import acting, permit
from dashboard.pages.view import View, heading, show_table
from dashboard.queries import batches as queries
from dashboard.queries.load import SMALLEST_CELL
from dashboard.roles import Action
from forecasting.calendar import week_name
from forecasting.errors import InputError, OvertakenError
from forecasting.records import RunRecord
from staffing.pipeline.approving import approve_batch
from staffing.reminders.batches.stored import APPROVED, EXPORTED, MADE, Batch, batches

SEEN = "plan_seen"
STEPS = (MADE, APPROVED, EXPORTED)


def draw_batches(view: View, run: RunRecord | None) -> None:
    """The batches so far and, for who may approve, the weeks of the plan that wait."""
    if not view.may(Action.see_records):
        return
    words, found = view.words, batches(view.workspace)
    heading(words("batches.title"))
    if found:
        heads = [words(f"batches.{name}") for name in ("week", "letters", *STEPS)]
        body = [_row(view, batch) for batch in found]
        show_table(Table(words("batches.title"), heads, body, frozenset({1})))
    else:
        st.caption(words("batches.none"))
    if run is not None and view.may(Action.approve):
        _draw_approval(view, run)


def _row(view: View, batch: Batch) -> list[str | Cell]:
    return [
        view.words.week(batch.mailing_week),
        _letters(view, batch.letters),
        *(_step(view, batch, name) for name in STEPS),
    ]


def _step(view: View, batch: Batch, name: str) -> Cell:
    step = batch.steps.get(name)
    if step is None:
        return Cell("\N{EN DASH}", tone="muted")
    proof = "" if step.verified else view.words("batches.unverified")
    when = view.words.moment(view.local(step.at))
    return Cell(step.by, f"{when} {proof}".strip())


def _letters(view: View, count: int) -> str:
    return view.words.number(count) if count >= SMALLEST_CELL else f"<{SMALLEST_CELL}"


def _draw_approval(view: View, run: RunRecord) -> None:
    """A press approves what stood here when it was pressed, or nothing."""
    words = view.words
    seen = st.session_state.get(SEEN, run.id)
    waiting = queries.to_approve(view.workspace, run, view.this_week)
    if not waiting:
        st.caption(words("batches.nothing"))
        return
    week = st.selectbox(
        words("batches.which"),
        list(waiting),
        format_func=lambda one: words(
            "batches.choice", week=words.week(one), letters=_letters(view, waiting[one])
        ),
    )
    if st.button(words("batches.approve"), type="primary", key="approve"):
        _approve(view, week, str(seen))
    st.session_state[SEEN] = run.id


def _approve(view: View, week: date, seen: str) -> None:
    user = permit(view, Action.approve, week_name(week))
    try:
        approve_batch(
            acting(view, user),
            week=week,
            now=view.clock(),
            by=user.name,
            verified=user.verified,
            seen=seen,
        )
    except OvertakenError as error:
        at = view.words.moment(view.local(error.at))
        text = view.words("batches.overtaken", by=error.by, at=at)
        st.warning(text, icon=":material/sync_problem:")
    except InputError as error:
        st.error(view.words("app.error", error=error), icon=":material/error:")
    else:
        st.rerun()
