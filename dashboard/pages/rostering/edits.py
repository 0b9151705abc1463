"""Changing a week: enter what happened, see what it touches, and plan it again."""

from dataclasses import replace

import streamlit as st

from dashboard.pages.faults import said_fault
from dashboard.pages.rostering.choosing import Choice
from dashboard.pages.rostering.desk import Desk, desk
from dashboard.pages.rostering.entering import FORMS
from dashboard.pages.rostering.notice import draw_late
from dashboard.pages.rostering.outcome import draw_outcome, euros
from dashboard.pages.rostering.pending import draw_pending, listed
from dashboard.pages.rostering.violations import label, place
from dashboard.pages.rostering.writing import enter_edit
from dashboard.pages.view import View, heading, show_missing
from dashboard.pending import Kind, PendingEdit, happened
from forecasting.errors import InputError
from staffing.pipeline.trying_edits import Tried, try_edit

AWAY = ("absent", "free")


def draw_edits(view: View, choice: Choice) -> None:
    """A form beside the list of what was entered; below, what came of it."""
    base = choice.at.base
    if base is None:
        show_missing(view, "edit.unversioned")
        return
    at = desk(view, choice, base)
    left, right = st.columns([3, 4], gap="large")
    with left:
        heading(view.words("edit.title"))
        told = "edit.from_published" if base.is_published else "edit.from_newest"
        st.caption(view.words(told, number=base.number))
        _draw_form(view, choice, at)
    with right:
        draw_pending(view, choice, at.labels)
    draw_outcome(view, choice, at.labels)


def _draw_form(view: View, choice: Choice, at: Desk) -> None:
    words = view.words
    kind: Kind = st.selectbox(
        words("edit.kind"),
        list(FORMS),
        format_func=lambda name: words(f"edit.kind_{name}"),
        key="edit_kind",
    )
    edit = FORMS[kind](at)
    fits = edit is not None and _draw_effect(view, choice, at, edit)
    if st.button(words("edit.add"), disabled=not fits, key="edit_add") and edit:
        _, done = listed(view, choice)
        enter_edit(view, choice.week, replace(edit, since=at.since), done)
        st.rerun()


def _draw_effect(view: View, choice: Choice, at: Desk, edit: PendingEdit) -> bool:
    """What the edit alone touches; False where it cannot be."""
    if edit.kind == "agreed":
        st.caption(view.words("edit.agreed_note"))
        return True
    if edit.kind in AWAY and not at.works(edit):
        st.caption(view.words("edit.free_already"))
    try:
        tried = try_edit(
            view.workspace,
            week=choice.at.week,
            happened=happened([edit]),
            today=view.local(view.now).date(),
        )
    except InputError as error:
        st.error(said_fault(view.words, error), icon=":material/error:")
        return False
    _draw_tried(view, at, tried)
    return True


def _draw_tried(view: View, at: Desk, tried: Tried) -> None:
    words = view.words
    if tried.euros is not None:
        key = "edit.dearer" if tried.euros >= 0 else "edit.cheaper"
        st.caption(words(key, euros=euros(view, abs(tried.euros))))
    for found in dict.fromkeys(
        (label(view, v), place(view, v)) for v in tried.violations
    ):
        told = words("edit.breaks", rule=found[0], where=found[1])
        st.warning(told, icon=":material/gavel:")
    draw_late(view, tried.late, at.labels)
