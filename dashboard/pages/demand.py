"""Demand: what was asked for, what is expected, and how far to trust it."""

from collections.abc import Callable
from dataclasses import dataclass

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
from dashboard.pages.outlook import draw_cards, draw_outlook
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


@dataclass(frozen=True)
class Look:
    """What is looked at: a forecast, some of its series, by day or week, and how far back.

    `known` are all series of the forecast, `weeks` those of history (None: all).
    """

    run: RunRecord
    known: pl.DataFrame
    selection: Selection
    series: list[str]
    grain: Grain
    weeks: int | None


def draw(view: View) -> None:
    """Lay out the page: what is looked at, its cards, and one part at a time."""
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
    grain, weeks = _choose_span(view, known.filter(pl.col("series").is_in(series)))
    draw_cards(view, run, series, grain)
    show = switch(
        "show",
        list(PARTS),
        label=view.words("demand.show"),
        say=lambda part: view.words(f"demand.show_{part}"),
        hidden=True,
    )
    PARTS[show](view, Look(run, known, selection, series, grain, weeks))


def _draw_ahead(view: View, look: Look) -> None:
    notes = noted(view.workspace, view.calendar, look.series)
    draw_outlook(view, look.run, look.series, look.grain, look.weeks, notes)
    _draw_notes(view, look.run, look.series, look.selection, notes)
    draw_busy(view, look.run, look.known, look.selection)


def _draw_why(view: View, look: Look) -> None:
    draw_causes(view, look.run, look.series, look.grain)
    draw_measured(view, look.run, look.series, _services(look))
    draw_changes(view, look.run, look.known, look.selection)


def _draw_decade(view: View, look: Look) -> None:
    draw_decade(view, look.run, look.selection)


def _draw_trust(view: View, look: Look) -> None:
    whole = len(look.series) == look.known.height
    draw_verification(view, look.run, look.series, all_of_them=whole)
    draw_value(view, look.run, look.series)
    draw_accuracy(view, look.run, look.series)


def _draw_others(view: View, look: Look) -> None:
    draw_others(view, look.run, look.series, _services(look))


def _services(look: Look) -> list[str]:
    return demand.services(look.known.filter(pl.col("series").is_in(look.series)))


PARTS: dict[str, Callable[[View, Look], None]] = {
    "ahead": _draw_ahead,
    "why": _draw_why,
    "decade": _draw_decade,
    "trust": _draw_trust,
    "others": _draw_others,
}
"""The parts of the page by the name that stands in the address."""


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
