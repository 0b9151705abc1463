"""Approval of a week's letters by a second person, of the plan that was looked at."""

from datetime import date

import streamlit as st

from dashboard.pages.deeds import acting, permit
from dashboard.pages.faults import said_fault
from dashboard.pages.letters.preview import draw_preview
from dashboard.pages.view import View
from dashboard.queries import approvals
from dashboard.roles import Action
from forecasting.calendar import week_name
from forecasting.errors import InputError, OvertakenError
from forecasting.records import RunRecord
from staffing.pipeline.approving import approve_batch
from staffing.pipeline.second_person import SamePersonError

SEEN = "plan_seen"


def draw_waiting(view: View, run: RunRecord, week: date) -> None:
    """What a week would send and, for who may, the way to let it go.

    A press approves what stood here when it was pressed, or nothing.
    """
    words = view.words
    st.subheader(words("preview.title"), anchor=False)
    found = approvals.preview(view.workspace, run, week)
    draw_preview(view, found)
    if found.draft.counts.is_empty():
        return
    st.subheader(words("approval.title"), anchor=False)
    maker = approvals.maker(view.workspace, run)
    st.text(words("approval.made", name=maker or words("missing")))  # no markup
    if not view.may(Action.approve):
        st.caption(words("approval.who"))
        return
    seen = st.session_state.get(SEEN, run.id)
    _draw_form(view, week, str(seen), maker)
    st.session_state[SEEN] = run.id


def _draw_form(view: View, week: date, seen: str, maker: str | None) -> None:
    """A button; where nobody logs in, also the name of who approves."""
    words, name = view.words, view.user.name
    with st.form("approval", border=False, width=560):
        if not view.user.verified:
            known = "" if name == maker else name
            label = words("approval.name")
            name = st.text_input(label, known, key="approver", max_chars=100)
            st.caption(words("approval.unverified"))
        label = words("approval.approve")
        pressed = st.form_submit_button(label, type="primary", key="approve")
    if pressed:
        _approve(view, week, name.strip(), seen)


def _approve(view: View, week: date, name: str, seen: str) -> None:
    words = view.words
    user = permit(view, Action.approve, week_name(week))
    if not name:
        st.error(words("approval.no_name"), icon=":material/error:")
        return
    try:
        approve_batch(
            acting(view, user),
            week=week,
            now=view.clock(),
            by=user.name if user.verified else name,
            verified=user.verified,
            seen=seen,
        )
    except OvertakenError as error:
        at = words.moment(view.local(error.at))
        text = words("approval.overtaken", by=error.by, at=at)
        st.warning(text, icon=":material/sync_problem:")
    except SamePersonError as error:
        text = words("approval.same", name=error.who)
        st.error(text, icon=":material/group:")
    except InputError as error:
        st.error(said_fault(words, error), icon=":material/error:")
    else:
        st.rerun()
