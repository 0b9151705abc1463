"""Approval of a week's letters by a second person, of the plan that was looked at."""

from datetime import date

import streamlit as st

from dashboard.pages.asking import Said, ask, draw_outcome
from dashboard.pages.deeds import acting, permit
from dashboard.pages.faults import said_fault
from dashboard.pages.letters import LETTERS
from dashboard.pages.letters.preview import draw_preview
from dashboard.pages.view import View
from dashboard.queries import approvals
from dashboard.roles import Action
from forecasting.calendar import week_name
from forecasting.errors import InputError, OvertakenError
from forecasting.records import RunRecord
from staffing.pipeline.approving import ApprovedAlreadyError, approve_batch
from staffing.pipeline.second_person import SamePersonError

NAME = "approver"


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
    with st.form("approval", border=False, width=560):
        _draw_name(view, maker)
        st.form_submit_button(
            words("approval.approve"),
            type="primary",
            key="approve",
            on_click=_ask,
            args=(week, run.id),
        )
    draw_outcome(view, LETTERS, "error")


def _draw_name(view: View, maker: str | None) -> None:
    """Where nobody logs in, the name of who approves."""
    words, name = view.words, view.user.name
    if not view.user.verified:
        known = "" if name == maker else name
        st.text_input(words("approval.name"), known, key=NAME, max_chars=100)
        st.caption(words("approval.unverified"))


def _ask(week: date, seen: str) -> None:
    typed = str(st.session_state.get(NAME, "")).strip()
    ask(LETTERS, lambda view: _approve(view, week, seen, typed))


def _approve(view: View, week: date, seen: str, typed: str) -> Said:
    words = view.words
    user = permit(view, Action.approve, week_name(week))
    name = user.name if user.verified else typed
    if not name:
        return "error", words("approval.no_name")
    try:
        approve_batch(
            acting(view, user),
            week=week,
            now=view.clock(),
            by=name,
            verified=user.verified,
            seen=seen,
        )
    except OvertakenError as error:
        return "warning", _first(view, "approval.overtaken", error)
    except ApprovedAlreadyError as error:
        if (error.by, error.run) != (name, seen):  # else she pressed twice
            return "warning", _first(view, "approval.already", error)
    except SamePersonError as error:
        return "error", words("approval.same", name=error.who)
    except InputError as error:
        return "error", said_fault(words, error)
    return "success", words("approval.done", week=words.week(week))


def _first(view: View, key: str, error: OvertakenError | ApprovedAlreadyError) -> str:
    """Who was first, and when."""
    words = view.words
    return words(key, by=error.by, at=words.moment(view.local(error.at)))
