"""The notice in words: which days are told too late, and whose agreement that takes."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.view import View, show_table
from staffing.publish.notice import LateChange
from staffing.store import labour_rules


def draw_late(
    view: View, late: Sequence[LateChange], labels: Mapping[str, str]
) -> None:
    """A warning where an edit touches the notice: of persons, or of all together."""
    words, rules = view.words, labour_rules(view.workspace)
    days = {"days": rules.notice_days, "hours_days": rules.notice_hours_days}
    for own in (True, False):
        some = [change for change in late if change.own == own]
        if not some:
            continue
        who = "; ".join(late_said(view, change, labels) for change in some)
        key = "late.own" if own else "late.otherwise"
        st.warning(words(key, who=who, **days), icon=":material/event_busy:")


def late_said(view: View, change: LateChange, labels: Mapping[str, str]) -> str:
    """`Ada K. (m00) ma 11 jan`."""
    name = labels.get(change.person, change.person)
    return f"{name} ({change.person}) {view.words.short_day(change.day)}"


def show_late(
    view: View, late: Sequence[LateChange], labels: Mapping[str, str]
) -> None:
    """Every day that publishing tells late, and what it takes."""
    words = view.words
    heads = [words(f"late.{n}") for n in ("person", "day", "what", "ahead", "takes")]
    body: list[list[str | Cell]] = [
        [
            f"{labels.get(change.person, change.person)} ({change.person})",
            words.short_day(change.day),
            words(f"late.{change.what.replace(' ', '_')}"),
            words.number(change.ahead),
            words("late.takes_own" if change.own else "late.takes_otherwise"),
        ]
        for change in late
    ]
    show_table(Table(words("late.title"), heads, body, frozenset({3}), stacks=True))
