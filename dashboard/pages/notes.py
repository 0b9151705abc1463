"""Notes of the planner on the page Data: all that hold, and the form to make or change one."""

from datetime import date

import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.note_form import draw_form
from dashboard.pages.noted import said_amount
from dashboard.pages.patterns import said_pattern
from dashboard.pages.view import View, heading, link, show_table
from dashboard.roles import Action
from forecasting.notes import NOTES
from forecasting.planner import described


def draw_notes(view: View) -> None:
    """The notes that hold and, for who may make them, the form."""
    words = view.words
    heading(words("notes.title"))
    found = {kind: described(view.workspace, kind) for kind in NOTES}
    body: list[list[str | Cell]] = [
        [
            Cell(words(f"notes.{kind}"), _about(view, row)),
            f"{words(f'notes.mark_{kind}')}{row['id']}",
            words.day(date.fromisoformat(row["first"])),
            words.day(date.fromisoformat(row["last"])),
            said_pattern(view, row["series"]),
            row["reason"],
            row["by"],
        ]
        for kind, rows in found.items()
        for row in rows
    ]
    if body:
        heads = ("kind", "number", "first", "last", "series", "reason", "by")
        names = [words(f"notes.column_{name}") for name in heads]
        show_table(Table(words("notes.title"), names, body, stacks=True))
    else:
        st.caption(words("notes.none"))
    link(view, "demand", words("notes.see_demand"))
    if view.may(Action.note):
        by_number = {
            kind: {row["id"]: row for row in rows} for kind, rows in found.items()
        }
        with st.expander(words("notes.edit")):
            draw_form(view, by_number, "")


def _about(view: View, row: dict[str, str]) -> str:
    """The name of an event; how far an adjustment moves the forecast."""
    if "factor" in row:
        return said_amount(view, float(row["factor"]), float(row["plus"]))
    return row.get("name", "")
