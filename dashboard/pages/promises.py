"""Service promises: how each was kept, week by week, and how sure that is."""

import polars as pl
import streamlit as st

from dashboard.pages.promise_cards import draw_cards
from dashboard.pages.promise_places import draw_places
from dashboard.pages.promise_weeks import draw_weeks
from dashboard.pages.promise_words import name_of
from dashboard.pages.tasks import start_button
from dashboard.pages.view import View, choose, link, read, show_missing, switch
from dashboard.queries import chain, promises
from dashboard.queries.promises import Promise
from forecasting.records import RunRecord
from staffing.promises import PromiseWeeks

COMMAND = ("promises",)
SPANS = ("13", "26", "52")


def draw(view: View) -> None:
    """Lay out the page."""
    run = chain.newest_run(view.workspace, "promises")
    if run is None or promises.is_old(view.workspace, run):
        show_missing(view, "promises.empty" if run is None else "promises.old")
        start_button(
            view, view.words("job.start_promises"), COMMAND, key="start_promises"
        )
    if run is None:
        return
    known, places = promises.promises(run), read(view, promises.locations, run)
    if not known or not places:
        _draw_missing(view, known)
        return
    _draw_known(view, run, known, places)


def _draw_known(
    view: View, run: RunRecord, known: dict[str, Promise], places: list[str]
) -> None:
    words = view.words
    left, middle, right = st.columns([2, 3, 2])
    with left:
        location = choose(
            "location",
            places,
            label=words("common.location"),
            say=lambda code: words.named("location", code),
        )
    with middle:
        name = choose(
            "promise",
            list(known),
            label=words("promises.promise"),
            say=lambda code: name_of(words, known[code]),
        )
    with right:
        span = switch(
            "promise_weeks",
            SPANS,
            label=words("promises.weeks"),
            say=lambda n: words("unit.weeks", value=n),
            default="26",
        )
    if location is None or name is None:
        return
    newest = read(view, promises.newest, run)
    draw_cards(view, known, newest, location)
    rows = read(view, promises.of_place, run, name, location, int(span))
    if rows["verdict"].null_count() == rows.height:
        _say_missing(view, name, newest)
    else:
        draw_weeks(view, known[name], rows, location)
    if len(places) > 1:
        draw_places(view, known, newest, places)


def _draw_missing(view: View, known: dict[str, Promise]) -> None:
    for name in known:
        _say_missing(view, name, PromiseWeeks.create_empty())


def _say_missing(view: View, name: str, newest: pl.DataFrame) -> None:
    """Which export would bring a figure, or of which locations it is known."""
    words = view.words
    elsewhere = newest.filter(pl.col("promise") == name)["location"].to_list()
    if elsewhere:
        places = ", ".join(words.named("location", place) for place in elsewhere)
        show_missing(view, "promises.elsewhere", places=places)
        return
    show_missing(view, f"promises.missing_{name}")
    link(view, "data", view.words("overview.to_import"))
