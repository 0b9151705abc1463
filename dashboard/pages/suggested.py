"""What the forecast found odd by itself, with one step to make a note of it."""

import streamlit as st

from dashboard.pages.note_form import take
from dashboard.pages.patterns import said_pattern
from dashboard.pages.view import View
from dashboard.queries.suggested import Suggestion
from dashboard.roles import Action


def draw_suggestions(view: View, found: list[Suggestion], series: str) -> None:
    """A line per stretch that nothing noted explains; `series` is what is looked at."""
    words = view.words
    if not found:
        return
    st.subheader(words("suggested.heading"), anchor=False)
    st.caption(words("suggested.note"))
    for place, one in enumerate(found):
        text, button = st.columns([5, 2], vertical_alignment="center")
        text.markdown(_said(view, one, series))
        if view.may(Action.note):
            button.button(
                words(f"suggested.take_{one.kind}"),
                key=f"suggested_{place}",
                on_click=take,
                args=(one, series),
            )


def _said(view: View, one: Suggestion, series: str) -> str:
    words = view.words
    days = words.week(one.first)
    if one.why != "missed":
        days = f"{words.day(one.first)} \u2013 {words.day(one.last)}"
    return words(
        f"suggested.{one.why}",
        series=said_pattern(view, one.series or series),
        days=days,
        since=words.day(one.first),
        came=words.number(one.came, 0 if one.why == "missed" else 2),
        usual=words.number(one.usual),
    )
