"""Notes of the planner: those that hold, a form for another, and change or withdrawal.

A note that somebody else changed meanwhile is not changed: the page says who was first,
and what was typed stays in the form.
"""

from collections.abc import Callable
from datetime import date

import streamlit as st

from dashboard.charts.tables import Table
from dashboard.pages.deeds import acting, permit
from dashboard.pages.view import View, heading, show_table
from dashboard.roles import Action
from forecasting.errors import InputError, OvertakenError
from forecasting.notes import NOTES, Adjustment, Event, Exclusion
from forecasting.planner import add, change, described, withdraw

NEW = ""
DONE = "note_done"


def draw_notes(view: View) -> None:
    """The notes that hold and, for who may make them, the form."""
    words = view.words
    heading(words("notes.title"))
    found = {kind: described(view.workspace, kind) for kind in NOTES}
    body = [
        [
            words(f"notes.{kind}"),
            row["id"],
            words.day(date.fromisoformat(row["first"])),
            words.day(date.fromisoformat(row["last"])),
            row["series"] or words("notes.all_series"),
            row["reason"],
            row["by"],
        ]
        for kind, rows in found.items()
        for row in rows
    ]
    if body:
        heads = ("kind", "number", "first", "last", "series", "reason", "by")
        names = [words(f"notes.column_{name}") for name in heads]
        show_table(Table(words("notes.title"), names, body))
    else:
        st.caption(words("notes.none"))
    if view.may(Action.note):
        with st.expander(words("notes.edit")):
            _draw_form(view, found)


def _draw_form(view: View, found: dict[str, list[dict[str, str]]]) -> None:
    words, done = view.words, st.session_state.pop(DONE, None)
    if done is not None:  # what was changed is gone: choose afresh
        st.session_state.pop(f"note_number_{done}", None)
    left, right = st.columns(2)
    with left:
        kind = st.selectbox(
            words("notes.column_kind"),
            list(NOTES),
            format_func=lambda code: words(f"notes.{code}"),
            key="note_kind",
        )
    rows = {row["id"]: row for row in found[kind]}
    with right:
        number = _choose(view, kind, rows)
    row = rows.get(number, {})
    with st.form(f"note_{kind}_{number}"):
        note = _read_fields(view, kind, row, f"{kind}_{number}")
        keep, drop = st.columns(2)
        text = words("notes.change" if number else "notes.add")
        kept = keep.form_submit_button(text, type="primary")
        gone = bool(number) and drop.form_submit_button(words("notes.withdraw"))
    if kept:
        _say(view, kind, lambda: _keep(view, kind, number, note))
    elif gone:
        _say(view, kind, lambda: _withdraw(view, kind, number))


def _choose(view: View, kind: str, rows: dict[str, dict[str, str]]) -> str:
    """Which note: one that holds or, being first, a new one.

    A number that went meanwhile stays chosen: what is typed for it must not be lost.
    """
    words, key = view.words, f"note_number_{kind}"
    held = st.session_state.get(key, NEW)
    numbers = [NEW, *rows, *({held} - {NEW} - rows.keys())]
    chosen: str = st.selectbox(
        words("notes.which"),
        numbers,
        format_func=lambda number: number or words("notes.new"),
        key=key,
    )
    return chosen


def _read_fields(
    view: View, kind: str, row: dict[str, str], place: str
) -> dict[str, object]:
    """What stands in the fields, first as the note that is changed has it."""
    words, today = view.words, view.today.isoformat()
    left, right = st.columns(2)
    days = {
        name: column.date_input(
            words(f"notes.column_{name}"),
            date.fromisoformat(row.get(name, today)),
            format="DD-MM-YYYY",
            key=f"note_{name}_{place}",
        )
        for column, name in ((left, "first"), (right, "last"))
    }
    asked = ["series", "reason", *(["name"] if kind == Event.kind else [])]
    texts = {
        name: st.text_input(
            words(f"notes.column_{name}"),
            row.get(name, ""),
            help=words(f"notes.{name}_help"),
            key=f"note_{name}_{place}",
        )
        for name in asked
    }
    return {**days, **texts, **_read_numbers(view, kind, row, place)}


def _read_numbers(
    view: View, kind: str, row: dict[str, str], place: str
) -> dict[str, float]:
    if kind != Adjustment.kind:
        return {}
    usual = {"factor": "1.0", "plus": "0.0"}
    return {
        name: st.number_input(
            view.words(f"notes.column_{name}"),
            value=float(row.get(name, value)),
            key=f"note_{name}_{place}",
        )
        for name, value in usual.items()
    }


def _keep(view: View, kind: str, number: str, fields: dict[str, object]) -> None:
    user = permit(view, Action.note, kind)
    note: Exclusion = NOTES[kind](**fields)  # type: ignore[arg-type]  # it checks itself
    workspace, now = acting(view, user), view.clock()
    if number:
        change(workspace, int(number), note, now=now)
    else:
        add(workspace, note, now=now)


def _withdraw(view: View, kind: str, number: str) -> None:
    user = permit(view, Action.note, f"{kind} {number}")
    withdraw(acting(view, user), kind, int(number), now=view.clock())


def _say(view: View, kind: str, write: Callable[[], None]) -> None:
    """Write, and show the page as it stands then; or say why nothing was written."""
    try:
        write()
    except OvertakenError as error:
        at = view.words.moment(view.local(error.at))
        text = view.words("notes.overtaken", by=error.by, at=at)
        st.warning(text, icon=":material/sync_problem:")
    except InputError as error:
        st.error(view.words("app.error", error=error), icon=":material/error:")
    else:
        st.session_state[DONE] = kind
        st.rerun()
