"""The edits collected for a week, and planning it again after them."""

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from dashboard.pages.rostering.choosing import Choice
from dashboard.pages.rostering.writing import enter_edit, withdraw_edits
from dashboard.pages.tasks import start_button
from dashboard.pages.view import View, heading
from dashboard.pending import Edits, PendingEdit, pending, replan_command
from dashboard.queries.roster_versions import left_behind, left_to_plan, planned_in


def draw_pending(view: View, choice: Choice, labels: Mapping[str, str]) -> None:
    """The list, with a way to take each off, and the button that plans again."""
    words, week = view.words, choice.week
    edits, _ = listed(view, choice)
    heading(words("edit.list", n=len(edits)))
    _draw_left_behind(view, choice, edits, labels)
    if not edits:
        st.info(words("edit.nothing"), icon=":material/info:")
        return
    for edit in edits:
        _draw_edit(view, week, edit, labels)
    _draw_replan(view, choice, edits)


def listed(view: View, choice: Choice) -> tuple[Edits, tuple[str, ...]]:
    """The edits still to be planned, and the ids of those that are done."""
    every = pending(view.workspace.settings.home, choice.week)
    left = left_to_plan(view.workspace, choice.at, every)
    return left, tuple(edit.id for edit in every if edit not in left)


def _draw_left_behind(
    view: View, choice: Choice, edits: Edits, labels: Mapping[str, str]
) -> None:
    """What the newest version holds and the list does not: a new plan would lose it."""
    words = view.words
    others = left_behind(view.workspace, choice.at, edits)
    if not others:
        return
    told = "; ".join(edit_said(view, edit, labels) for edit in others)
    number = choice.at.versions[-1].number
    st.warning(words("edit.left_behind", number=number, told=told))
    if st.button(words("edit.take_over"), key="take_over"):
        for edit in others:
            enter_edit(view, choice.week, edit)
        st.rerun()


def _draw_edit(
    view: View, week: str, edit: PendingEdit, labels: Mapping[str, str]
) -> None:
    said = edit_said(view, edit, labels)
    told, button = st.columns([6, 2], vertical_alignment="center")
    told.text(said)
    label = view.words("edit.remove")
    with button:
        if st.button(label, key=f"drop_{edit.id}", help=said):
            withdraw_edits(view, week, (edit.id,))
            st.rerun()


def _draw_replan(view: View, choice: Choice, edits: Sequence[PendingEdit]) -> None:
    words = view.words
    done = planned_in(view.workspace, choice.at, edits)
    if done is not None:
        st.success(words("edit.planned", number=done.number), icon=":material/check:")
        return
    st.caption(words("edit.replan_note"))
    command = replan_command(choice.week, edits)
    start_button(view, words("edit.replan"), command, key="replan")


def edit_said(view: View, edit: PendingEdit, labels: Mapping[str, str]) -> str:
    """An edit in words."""
    words = view.words
    days = [
        words.short_day(date.fromisoformat(day))
        for day in dict.fromkeys((edit.first, edit.last))
        if day
    ]
    return words(
        f"edit.said_{edit.kind}",
        who=_named(edit.person, labels),
        other=_named(edit.other, labels),
        days=" \u2013 ".join(days),
        hours=edit.hours or words("edit.whole_day"),
    )


def _named(code: str, labels: Mapping[str, str]) -> str:
    return f"{labels[code]} ({code})" if code in labels else code
