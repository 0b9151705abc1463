"""Appointments and staff in one picture: people asked for a day, and the wait for a place."""

from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.template import (
    BLUE,
    INK,
    ORANGE,
    VERMILLION,
    X_AXIS,
    Y_AXIS,
    date_axis,
    level,
    look,
)
from dashboard.labels.words import Words

HOURS, WAIT = (0.442, 1.0), (0.0, 0.342)
"""Which part of the height each panel takes."""
BARS = (
    ("walk_in_hours", ORANGE, "/", "agenda.walk_ins"),
    ("place_hours", BLUE, "", "agenda.places_work"),
)


def agenda_chart(days: pl.DataFrame, staff: pl.DataFrame, words: Words) -> go.Figure:
    """Hours of walk-ins and places beside those at hand; below, the wait of a product."""
    traces = [*_hours(staff, words), _wait(days, words)]
    return go.Figure(data=traces, layout=_layout(days, words))


def _layout(days: pl.DataFrame, words: Words) -> dict[str, Any]:
    shared = look(words, 480)
    ticks = date_axis(days["day"].to_list(), words)
    promised = int(days["within_days"].to_list()[0])
    return {
        **shared,
        "xaxis": {**X_AXIS, **ticks, "anchor": "y2"},
        "yaxis": {**_titled("agenda.axis_hours", words), "domain": HOURS},
        "yaxis2": {**_titled("agenda.axis_wait", words), "domain": WAIT},
        "shapes": [level(promised, "dot")],
        "barmode": "stack",
        "bargap": 0.2,
        "margin": {**shared["margin"], "t": 64},
    }


def _titled(key: str, words: Words) -> dict[str, Any]:
    return {**Y_AXIS, "title": {"text": words(key), "font": {"size": 13}}}


def _hours(staff: pl.DataFrame, words: Words) -> list[dict[str, Any]]:
    days = staff["day"].to_list()
    shared = {
        "x": days,
        "customdata": [words.short_day(day) for day in days],
        "hovertemplate": "%{customdata}: %{y:,.1f}",
    }
    bars = [
        {
            **shared,
            "type": "bar",
            "y": staff[column].to_list(),
            "name": words(key),
            "marker": {
                "color": colour,
                "pattern": {
                    "shape": pattern,
                    "fillmode": "overlay",
                    "fgcolor": "white",
                },
            },
        }
        for column, colour, pattern, key in BARS
    ]
    if staff["hours_at_hand"].is_null().all():
        return bars
    dash = {"symbol": "line-ew", "size": 13, "line": {"color": INK, "width": 2.5}}
    at_hand = {
        **shared,
        "type": "scatter",
        "y": staff["hours_at_hand"].to_list(),
        "name": words("agenda.at_hand"),
        "mode": "markers",
        "marker": dash,
    }
    return [*bars, at_hand]


def _wait(days: pl.DataFrame, words: Words) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": days["day"].to_list(),
        "y": days["wait_q80"].to_list(),
        "name": words("agenda.wait"),
        "mode": "lines",
        "line": {"color": VERMILLION, "width": 2},
        "customdata": [words.short_day(day) for day in days["day"].to_list()],
        "hovertemplate": "%{customdata}: %{y}",
        "yaxis": "y2",
    }
