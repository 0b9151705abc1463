"""All locations beside all promises, for who has several: the newest whole week of each."""

import polars as pl
import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.promise_words import TONES, Row, fewer_of, topic_of, verdict_of
from dashboard.pages.view import View, heading, show_table
from dashboard.queries.promises import Promise


def draw_places(
    view: View,
    promises: dict[str, Promise],
    newest: pl.DataFrame,
    locations: list[str],
) -> None:
    """A row per location, a column per promise; in words what a colour says."""
    words = view.words
    heading(words("promises.places"))
    cells = {
        (row["location"], row["promise"]): row for row in newest.iter_rows(named=True)
    }
    told = set(newest["promise"])
    heads = [words("common.location")]
    heads += [topic_of(words, promise) for promise in promises.values()]
    body: list[list[str | Cell]] = [
        [
            words.named("location", place),
            *(
                _cell(view, promise, cells.get((place, name)), told)
                for name, promise in promises.items()
            ),
        ]
        for place in locations
    ]
    show_table(Table(words("promises.places"), heads, body, stacks=True))
    st.caption(words("promises.places_note"))


def _cell(view: View, promise: Promise, row: Row | None, told: set[str]) -> Cell:
    words = view.words
    if row is None:
        if promise.name in told:
            return Cell("\u2013", words("promises.not_here"), "muted")
        return Cell(words("missing"), tone="muted")
    verdict = row["verdict"]
    note = f"{verdict_of(words, verdict)} \u00b7 {words.short_week(row['week'])}"
    few = fewer_of(words, promise) if verdict == "few" else None
    return Cell(few or words.share(row["share"], 1), note, TONES.get(verdict, "plain"))
