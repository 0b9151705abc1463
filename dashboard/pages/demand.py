"""Demand: what was asked for, what is expected, and how far to trust it."""

import polars as pl
import streamlit as st

from dashboard.pages.adjusted import draw_value
from dashboard.pages.busy import draw_busy
from dashboard.pages.decade import draw_decade
from dashboard.pages.measured import draw_measured
from dashboard.pages.moved import draw_changes
from dashboard.pages.note_form import draw_form, is_taken
from dashboard.pages.noted import draw_noted
from dashboard.pages.others import draw_others
from dashboard.pages.outlook import draw_outlook
from dashboard.pages.reasons import draw_causes
from dashboard.pages.reckoning import draw_accuracy, draw_verification
from dashboard.pages.suggested import draw_suggestions
from dashboard.pages.tasks import start_button
from dashboard.pages.view import (
    View,
    choose,
    read,
    show_missing,
    switch,
)
from dashboard.queries import chain, demand, suggested
from dashboard.queries.demand import Grain, Selection
from dashboard.queries.noted import Noted, noted
from dashboard.roles import Action
from forecasting.notes import NOTES
from forecasting.planner import described
from forecasting.records import RunRecord

WINDOWS = {"26": 26, "52": 52, "104": 104, "all": None}
USUAL_WINDOW: dict[Grain, str] = {"week": "52", "day": "26"}


def draw(view: View) -> None:
    """Lay out the page."""
    run = chain.newest_run(view.workspace, "forecast")
    if run is None:
        show_missing(view, "demand.empty")
        start_button(
            view, view.words("job.start_forecast"), ("forecast",), key="forecast"
        )
        return
    known = read(view, demand.parts, run)
    selection = _choose_series(view, known)
    series = demand.selected(known, selection)
    if not series:
        show_missing(view, "demand.no_series")
        return
    own = known.filter(pl.col("series").is_in(series))
    services = demand.services(own)
    grain, weeks = _choose_span(view, own)
    notes = noted(view.workspace, view.calendar, series)
    draw_outlook(view, run, series, grain, weeks, notes)
    _draw_notes(view, run, series, selection, notes)
    draw_busy(view, run, known, selection)
    draw_causes(view, run, series, grain)
    draw_measured(view, run, series, services)
    draw_others(view, run, series, services)
    draw_changes(view, run, known, selection)
    draw_decade(view, run, selection)
    draw_verification(view, run, series, all_of_them=len(series) == known.height)
    draw_value(view, run, series)
    draw_accuracy(view, run, series)


def _draw_notes(
    view: View,
    run: RunRecord,
    series: list[str],
    selection: Selection,
    notes: list[Noted],
) -> None:
    """What is noted, what could be, and the form for who may make a note."""
    draw_noted(view, run, series, notes)
    found = read(view, suggested.suggestions, run, series)
    odd = suggested.unexplained(found, notes)
    draw_suggestions(view, odd, selection.pattern)
    if view.may(Action.note):
        with st.expander(view.words("notes.edit"), expanded=is_taken()):
            draw_form(view, _to_change(view, notes), selection.pattern)


def _to_change(view: View, notes: list[Noted]) -> dict[str, dict[str, dict[str, str]]]:
    """The planner's own notes among some, as texts by kind and number."""
    shown = {(note.kind, str(note.number)) for note in notes}
    return {
        kind: {
            row["id"]: row
            for row in described(view.workspace, kind)
            if (kind, row["id"]) in shown
        }
        for kind in NOTES
    }


def _choose_series(view: View, known: pl.DataFrame) -> Selection:
    words = view.words
    boxes = st.columns(4)
    says = {
        "location": lambda code: words.named("location", code),
        "service": words.service,
        "step": lambda code: words.named("step_of_service", code),
        "channel": lambda code: words.named("channel", code),
    }
    chosen = {}
    for box, (part, say) in zip(boxes, says.items(), strict=True):
        with box:
            chosen[part] = choose(
                part,
                known[part].unique().sort().to_list(),
                label=words(f"common.{part}"),
                say=say,
                all_label=words(f"common.all_{part}"),
            )
    return Selection(**chosen)


def _choose_span(view: View, known: pl.DataFrame) -> tuple[Grain, int | None]:
    words = view.words
    daily = (known["cadence"] == "day").all()
    left, right = st.columns(2)
    with left:
        grains = ["week", "day"] if daily else ["week"]
        grain = switch(
            "grain",
            grains,
            label=words("demand.grain"),
            say=lambda g: words(f"demand.per_{g}"),
        )
    chosen: Grain = "day" if grain == "day" else "week"
    with right:
        window = switch(
            "window" if chosen == "week" else "window_day",
            list(WINDOWS),
            label=words("demand.window"),
            say=lambda w: words(f"demand.window_{w}"),
            default=USUAL_WINDOW[chosen],
        )
    return chosen, WINDOWS[window]
