"""What is noted of the series shown: marks for the chart, and the list beside it."""

from collections.abc import Sequence

import streamlit as st

from dashboard.charts.notes import Mark
from dashboard.charts.tables import Cell, Table
from dashboard.pages.patterns import said_pattern
from dashboard.pages.tasks import start_button
from dashboard.pages.view import View, heading, show_table
from dashboard.queries import noted
from dashboard.queries.noted import Noted
from dashboard.roles import Action
from forecasting.notes import Adjustment, Event
from forecasting.records import RunRecord

NAMED = 4


def letters_of(view: View, note: Noted) -> str:
    """The mark of a note: a letter for its kind and its number, if it has one."""
    words = view.words
    if note.is_of_settings:
        return words(f"notes.mark_set_{note.kind}")
    return f"{words(f'notes.mark_{note.kind}')}{note.number}"


def marks_of(view: View, notes: Sequence[Noted]) -> list[Mark]:
    """The notes as a chart marks them."""
    return [
        Mark(note.kind, letters_of(view, note), note.first, note.last) for note in notes
    ]


def draw_noted(
    view: View, run: RunRecord, series: list[str], notes: Sequence[Noted]
) -> None:
    """The notes on some series as a list; a forecast to make where one is newer."""
    words = view.words
    heading(words("noted.heading"))
    own = [note for note in notes if not note.is_of_settings]
    if own:
        show_table(_table(view, run, own, len(series)))
    else:
        st.caption(words("noted.none"))
    fixed = [note for note in notes if note.is_of_settings]
    if fixed:
        with st.expander(words.many("noted.settings", len(fixed))):
            show_table(_table(view, run, fixed, len(series)))
            st.caption(words("noted.settings_note"))
    if noted.is_waiting(view.workspace, run, series):
        st.info(words("noted.waiting"), icon=":material/update:")
        start_button(view, words("noted.start"), ("forecast",), key="forecast_noted")


def _table(view: View, run: RunRecord, notes: Sequence[Noted], of: int) -> Table:
    words, by_whom = view.words, view.may(Action.see_records)
    columns = ("mark", "period", "what", "series", "reason", "counts")
    heads = [words(f"noted.{name}") for name in columns]
    heads += [words("noted.by")] if by_whom else []
    body: list[list[str | Cell]] = []
    for note in notes:
        row: list[str | Cell] = [
            letters_of(view, note),
            period_of(view, note),
            what_of(view, note),
            Cell(said_pattern(view, note.series), _part(view, note, of)),
            note.reason or "\u2013",
            _counts(view, run, note),
        ]
        body.append([*row, *([note.by or "\u2013"] if by_whom else [])])
    return Table(words("noted.heading"), heads, body, stacks=True)


def period_of(view: View, note: Noted) -> str:
    """The days of a note."""
    words = view.words
    if note.first == note.last:
        return words.day(note.first)
    return f"{words.day(note.first)} \u2013 {words.day(note.last)}"


def what_of(view: View, note: Noted) -> str:
    """What a note is: its kind, with its name or how far it moves the forecast."""
    words = view.words
    if note.kind == Adjustment.kind:
        return amount_of(view, note)
    if note.kind == Event.kind:
        return words.named("noted_event", note.name) if note.name else ""
    return words(f"notes.{note.kind}")


def amount_of(view: View, note: Noted) -> str:
    """How far an adjustment moves the forecast."""
    return said_amount(view, note.factor, note.plus)


def said_amount(view: View, factor: float, plus: float) -> str:
    """A factor as a percentage, and what comes on top of that."""
    words, parts = view.words, []
    if factor != 1:
        parts.append(f"{words.signed(100 * (factor - 1), 1)}%")
    if plus:
        parts.append(words("noted.plus", plus=words.signed(plus, 1)))
    return ", ".join(parts)


def _part(view: View, note: Noted, of: int) -> str:
    """Of how many of the series shown it speaks, where that is not all."""
    if note.meant == of:
        return ""
    return view.words("noted.meant", meant=note.meant, of=of)


def _counts(view: View, run: RunRecord, note: Noted) -> Cell:
    """Whether the forecast shown knew of it."""
    words = view.words
    if note.at is None or note.at <= run.at:
        return Cell(words("noted.in_forecast"))
    return Cell(words("noted.not_yet"), tone="near")


def _short(view: View, note: Noted) -> str:
    what = what_of(view, note)
    return f"{what[:1].lower()}{what[1:]}, {period_of(view, note)}"


def said_marks(view: View, notes: Sequence[Noted]) -> str:
    """The marks in a chart in one sentence, the planner's own first; empty without any."""
    words = view.words
    if not notes:
        return ""
    told = "; ".join(
        f"{letters_of(view, note)} ({_short(view, note)})"
        for note in sorted(notes, key=lambda note: note.is_of_settings)[:NAMED]
    )
    more = len(notes) - NAMED
    told += words("noted.more", count=more) if more > 0 else ""
    return words("noted.alt", marks=told)
