"""A card per promise: the newest whole week of a location beside what was promised."""

import polars as pl
import streamlit as st

from dashboard.pages.promise_words import (
    ICONS,
    Row,
    aim_of,
    interval_of,
    topic_of,
    verdict_of,
    wait_of,
)
from dashboard.pages.view import View
from dashboard.queries.promises import Promise


def draw_cards(
    view: View, promises: dict[str, Promise], newest: pl.DataFrame, location: str
) -> None:
    """A row of cards; a promise that no export tells of is missing, and says so."""
    here = newest.filter(pl.col("location") == location)
    rows = {row["promise"]: row for row in here.iter_rows(named=True)}
    elsewhere = set(newest["promise"])
    for column, promise in zip(
        st.columns(len(promises)), promises.values(), strict=True
    ):
        with column, st.container(border=True, height="stretch", gap="xsmall"):
            row = rows.get(promise.name)
            _draw_card(view, promise, row)
            if row is None:
                known = promise.name in elsewhere
                key = "promises.not_here" if known else "promises.no_export"
                st.caption(view.words(key))


def _draw_card(view: View, promise: Promise, row: Row | None) -> None:
    words = view.words
    value = words.share(None if row is None else row["share"], 1)
    told = words(f"promises.help_{promise.name}")
    st.metric(topic_of(words, promise), value, help=told)
    if row is None:
        return
    st.markdown(f"{ICONS[row['verdict']]} {verdict_of(words, row['verdict'])}")
    for line in _lines(view, promise, row):
        st.caption(line)


def _lines(view: View, promise: Promise, row: Row) -> list[str]:
    words = view.words
    lines = [f"{words.short_week(row['week'])} \u00b7 {aim_of(words, promise)}"]
    if row["low"] is not None:
        lines.append(words("promises.interval", between=interval_of(words, row)))
    if row["days"] < row["open_days"]:
        days = {"n": row["days"], "all": row["open_days"]}
        lines.append(words("promises.partly", **days))
    wait = wait_of(words, promise, row)
    if wait is not None:
        lines.append(words("promises.mean", wait=wait))
    return lines
