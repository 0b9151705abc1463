"""Approval of a week's letters by a second person, of the plan that was looked at."""

from datetime import date

import streamlit as st

from dashboard.pages.deeds import acting, permit
from dashboard.pages.view import View, heading
from dashboard.queries.approvals import to_approve
from dashboard.queries.load import SMALLEST_CELL
from dashboard.roles import Action
from forecasting.calendar import week_name
from forecasting.errors import InputError, OvertakenError
from forecasting.records import RunRecord
from staffing.pipeline.approving import approve_batch

SEEN = "plan_seen"


def draw_approval(view: View, run: RunRecord | None) -> None:
    """The weeks of a plan that wait for approval; for who may approve alone.

    A press approves what stood here when it was pressed, or nothing.
    """
    if run is None or not view.may(Action.approve):
        return
    words = view.words
    heading(words("approval.title"))
    seen = st.session_state.get(SEEN, run.id)
    waiting = to_approve(view.workspace, run, view.this_week)
    if not waiting:
        st.caption(words("approval.nothing"))
        return
    week = st.selectbox(
        words("approval.which"),
        list(waiting),
        format_func=lambda one: words(
            "approval.choice",
            week=words.week(one),
            letters=_letters(view, waiting[one]),
        ),
    )
    if st.button(words("approval.approve"), type="primary", key="approve"):
        _approve(view, week, str(seen))
    st.session_state[SEEN] = run.id


def _letters(view: View, count: int) -> str:
    return view.words.number(count) if count >= SMALLEST_CELL else f"<{SMALLEST_CELL}"


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
        text = view.words("approval.overtaken", by=error.by, at=at)
        st.warning(text, icon=":material/sync_problem:")
    except InputError as error:
        st.error(view.words("app.error", error=error), icon=":material/error:")
    else:
        st.rerun()
