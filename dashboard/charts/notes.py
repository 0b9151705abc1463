"""Notes as bands over a chart by day or week, each with its mark in letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.template import BLUE, INK, MUTED, VERMILLION, blank, date_ticks
from dashboard.labels.words import Words
from forecasting.calendar import monday

Grain = Literal["day", "week"]
HALF_DAY, HALF_WEEK = timedelta(hours=12), timedelta(days=3.5)
LOOK = {
    "exclusion": (MUTED, "dash", 1.0),
    "event": (VERMILLION, "solid", 1.055),
    "adjustment": (BLUE, "dot", 1.11),
}
"""Colour, kind of border and height of the mark: no kind goes by its colour alone."""
LEGEND = 1.18
"""Where the legend begins, above the marks."""


@dataclass(frozen=True)
class Mark:
    """A note as it is marked: its kind, its letters, its days (both included)."""

    kind: str
    letters: str
    first: date
    last: date


def mark_notes(figure: go.Figure, marks: Sequence[Mark], grain: Grain) -> None:
    """A band behind the lines per note, with its letters above, clear of the lines."""
    if marks:
        figure.update_layout(legend={"y": LEGEND})
    for mark in marks:
        colour, border, height = LOOK[mark.kind]
        begin, end = _edges(mark, grain)
        figure.add_vrect(
            x0=begin,
            x1=end,
            fillcolor=f"{colour}22",
            layer="below",
            line={"color": colour, "width": 1.2, "dash": border},
        )
        figure.add_annotation(
            x=begin,
            y=height,
            yref="paper",
            xanchor="left",
            yanchor="bottom",
            showarrow=False,
            text=mark.letters,
            font={"size": 12, "color": INK},
        )


def _edges(mark: Mark, grain: Grain) -> tuple[datetime, datetime]:
    """The band about the points it holds for: a week is drawn at its Monday."""
    first, last = mark.first, mark.last
    if grain == "day":
        return _midnight(first) - HALF_DAY, _midnight(last) + HALF_DAY
    return _midnight(monday(first)) - HALF_WEEK, _midnight(monday(last)) + HALF_WEEK


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def before_after_chart(weeks: pl.DataFrame, words: Words) -> go.Figure:
    """Per week what is expected now and what it would be: `week, before, after`."""
    figure = blank(words, 260)
    days = weeks["week"].to_list()
    looks = (
        ("before", {"color": INK, "width": 1.6, "dash": "dash"}, "circle-open"),
        ("after", {"color": BLUE, "width": 2.4}, "diamond"),
    )
    for name, line, symbol in looks:
        figure.add_scatter(
            x=days,
            y=weeks[name].to_list(),
            name=words(f"trying.{name}"),
            mode="lines+markers",
            line=line,
            marker={"symbol": symbol, "size": 8},
            customdata=[words.week(day) for day in days],
            hovertemplate="%{customdata}: %{y:,.0f}",
        )
    figure.update_yaxes(title_text=words("demand.axis_week"))
    date_ticks(figure, days, words)
    return figure
