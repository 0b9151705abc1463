"""The form of a note: one that holds or a new one, prefilled with what is looked at."""

from collections.abc import Mapping
from datetime import date, timedelta

import streamlit as st

from dashboard.pages.note_amount import read_amount
from dashboard.pages.note_keeping import DONE, Form, keep_note, tell, withdraw_note
from dashboard.pages.parts import part
from dashboard.pages.patterns import said_pattern
from dashboard.pages.trying import draw_tried
from dashboard.pages.view import View
from dashboard.queries.suggested import Suggestion
from forecasting.notes import NOTES, YEARS, Adjustment, Event, Exclusion

NEW = ""
TURN, TAKEN = "note_turn", "note_taken"
WEEK, MONTH = timedelta(days=6), timedelta(days=27)
LAST_WEEK = timedelta(weeks=1)

Rows = Mapping[str, Mapping[str, str]]


def take(found: Suggestion, series: str) -> None:
    """Put a suggestion in the form, as a new note; the planner still has to keep it."""
    days = {"first": found.first.isoformat(), "last": found.last.isoformat()}
    st.session_state[TAKEN] = {**days, "series": found.series or series}
    st.session_state["note_kind"] = found.kind
    st.session_state[_number_key(found.kind, series)] = NEW
    _turn()


def is_taken() -> bool:
    """Whether a suggestion stands in the form."""
    return TAKEN in st.session_state


def _number_key(kind: str, series: str) -> str:
    """Where the number chosen is kept: elsewhere for the notes of other series."""
    return "_".join(part for part in ("note_number", kind, series) if part)


def _turn() -> None:
    """Let the fields begin afresh."""
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


@part()
def draw_form(view: View, found: Mapping[str, Rows], series: str) -> None:
    """Choose a note and change it, or make one; `series` is the pattern it starts with.

    Args:
        view: the look.
        found: the notes that hold, by kind and number, as texts.
        series: the pattern of what is looked at; empty for all.
    """
    words, done = view.words, st.session_state.pop(DONE, None)
    if done is not None:  # what was changed is gone: choose afresh
        st.session_state.pop(_number_key(done, series), None)
        st.session_state.pop(TAKEN, None)
        _turn()
    left, right = st.columns(2)
    with left:
        kind = st.selectbox(
            words("notes.column_kind"),
            list(NOTES),
            format_func=lambda code: words(f"notes.{code}"),
            key="note_kind",
        )
    st.caption(words(f"notes.{kind}_says"))
    with right:
        number = _choose(view, kind, found[kind], _number_key(kind, series))
    _draw_fields(view, _form(view, kind, number, found[kind], series))


def _form(view: View, kind: str, number: str, rows: Rows, series: str) -> Form:
    turn = st.session_state.get(TURN, 0)
    place = f"{kind}_{number}_{series}_{turn}"
    if number:
        return Form(kind, number, rows.get(number, {}), place)
    taken: dict[str, str] = st.session_state.get(TAKEN, {})
    return Form(kind, number, {"series": series, **_days(view, kind), **taken}, place)


def _days(view: View, kind: str) -> dict[str, str]:
    """The days a new note starts from: of a week past, or of weeks to come."""
    first, length = view.this_week, WEEK
    if kind == Exclusion.kind:
        first -= LAST_WEEK
    elif kind == Adjustment.kind:
        length = MONTH
    return {"first": first.isoformat(), "last": (first + length).isoformat()}


def _choose(view: View, kind: str, rows: Rows, key: str) -> str:
    """Which note: one that holds or, being first, a new one.

    A number that went meanwhile stays chosen: what is typed for it must not be lost.
    """
    words = view.words
    held = st.session_state.get(key, NEW)
    numbers = [NEW, *rows, *({held} - {NEW} - rows.keys())]
    chosen: str = st.selectbox(
        words("notes.which"),
        numbers,
        format_func=lambda number: (
            f"{words(f'notes.mark_{kind}')}{number}" if number else words("notes.new")
        ),
        key=key,
    )
    return chosen


def _draw_fields(view: View, form: Form) -> None:
    """The fields, what they would do, and the buttons."""
    words = view.words
    with st.container(border=True):
        fields = _read_fields(view, form)
        if form.kind == Adjustment.kind:
            draw_tried(view, fields, form.number)
        keep, drop = st.columns(2)
        text = words("notes.change" if form.number else "notes.add")
        kept = keep.button(text, type="primary", key=f"note_keep_{form.place}")
        gone = bool(form.number) and drop.button(
            words("notes.withdraw"), key=f"note_drop_{form.place}"
        )
    if kept:
        tell(view, form.kind, lambda: keep_note(view, form, fields))
    elif gone:
        tell(view, form.kind, lambda: withdraw_note(view, form))


def _read_fields(view: View, form: Form) -> dict[str, object]:
    """What stands in the fields, first as the note that is changed has it."""
    words, row, today = view.words, form.row, view.today.isoformat()
    left, right = st.columns(2)
    days = {
        name: column.date_input(
            words(f"notes.column_{name}"),
            date.fromisoformat(row.get(name, today)),
            min_value=date(YEARS[0], 1, 1),
            max_value=date(YEARS[-1], 12, 31),
            format="DD-MM-YYYY",
            key=f"note_{name}_{form.place}",
        )
        for column, name in ((left, "first"), (right, "last"))
    }
    asked = [*(["name"] if form.kind == Event.kind else []), "reason", "series"]
    texts = {
        name: st.text_input(
            words(f"notes.column_{name}"),
            row.get(name, ""),
            help=words(f"notes.{name}_help"),
            key=f"note_{name}_{form.place}",
        )
        for name in asked
    }
    st.caption(words("notes.means", series=said_pattern(view, texts["series"])))
    fields: dict[str, object] = {**days, **texts}
    if form.kind == Adjustment.kind:
        fields |= read_amount(view, fields, row, form.number, form.place)
    return fields
