"""All locations beside all promises, for who has several: the newest whole week of each."""

import polars as pl
import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.promise_words import TONES, Row, topic_of, verdict_of
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
            *(_cell(view, cells.get((place, name)), name in told) for name in promises),
        ]
        for place in locations
    ]
    show_table(Table(words("promises.places"), heads, body))
    st.caption(words("promises.places_note"))


def _cell(view: View, row: Row | None, known_elsewhere: bool) -> Cell:
    words = view.words
    if row is None:
        text = "\u2013" if known_elsewhere else words("missing")
        return Cell(
            text, words("promises.not_here") if known_elsewhere else "", "muted"
        )
    verdict = row["verdict"]
    told = f"{verdict_of(words, verdict)} \u00b7 {words.short_week(row['week'])}"
    share = (
        words("promises.fewer") if verdict == "few" else words.share(row["share"], 1)
    )
    return Cell(share, told, TONES.get(verdict, "plain"))
