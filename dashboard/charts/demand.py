"""History, forecast with its interval, and the same weeks a year before."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.template import (
    BLUE,
    INK,
    MUTED,
    ORANGE,
    VERMILLION,
    blank,
    date_ticks,
)
from dashboard.labels.words import Words

Grain = Literal["day", "week"]


@dataclass(frozen=True)
class Beside:
    """What stands beside the forecast: a year before, without adjustments, in vain."""

    before: pl.DataFrame
    bare: pl.DataFrame
    unmet: pl.DataFrame


def outlook_chart(
    past: pl.DataFrame,
    ahead: pl.DataFrame,
    beside: Beside,
    words: Words,
    grain: Grain,
) -> go.Figure:
    """Demand so far, beside it what was asked in vain, and expected with intervals."""
    figure = blank(words, 400)
    _add_unmet(figure, beside.unmet, words)
    _add_band(
        figure, ahead, ("q05", "q95"), "rgba(0,114,178,0.14)", words("demand.band90")
    )
    _add_band(
        figure, ahead, ("q25", "q75"), "rgba(0,114,178,0.28)", words("demand.band50")
    )
    _add_line(
        figure, past, "count", words("demand.history"), {"color": INK, "width": 1.6}
    )
    dotted = {"color": ORANGE, "width": 1.8, "dash": "dot"}
    _add_line(figure, beside.before, "count", words("demand.last_year"), dotted)
    _add_line(
        figure, ahead, "mean", words("demand.forecast"), {"color": BLUE, "width": 2.4}
    )
    _add_bare(figure, beside.bare, words)
    _say_days(figure, words, grain)
    figure.update_yaxes(title_text=words(f"demand.axis_{grain}"))
    date_ticks(figure, past["start"].to_list() + ahead["start"].to_list(), words)
    if not ahead.is_empty():
        _mark_today(figure, ahead["start"].to_list()[0])
    return figure


def _add_unmet(figure: go.Figure, unmet: pl.DataFrame, words: Words) -> None:
    """Estimated unmet demand with its interval; nothing where none was estimated."""
    if unmet.is_empty():
        return
    _add_band(
        figure, unmet, ("low", "high"), "rgba(213,94,0,0.18)", words("demand.unmet90")
    )
    line = {"color": VERMILLION, "width": 1.6}
    _add_line(figure, unmet, "unmet", words("demand.unmet"), line)


def _add_bare(figure: go.Figure, bare: pl.DataFrame, words: Words) -> None:
    """The forecast without adjustments, in the periods that one moves."""
    if bare["mean"].null_count() == bare.height:
        return
    figure.add_scatter(
        x=bare["start"].to_list(),
        y=bare["mean"].to_list(),
        name=words("demand.bare"),
        mode="lines+markers",
        line={"color": INK, "width": 1.4, "dash": "dash"},
        marker={"symbol": "circle-open", "size": 6},
    )


def _add_band(
    figure: go.Figure,
    ahead: pl.DataFrame,
    bounds: tuple[str, str],
    fill: str,
    name: str,
) -> None:
    days = ahead["start"].to_list()
    low, high = (ahead[bound].to_list() for bound in bounds)
    figure.add_scatter(
        x=days + days[::-1],
        y=high + low[::-1],
        fill="toself",
        fillcolor=fill,
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
        name=name,
    )


def _add_line(
    figure: go.Figure,
    rows: pl.DataFrame,
    column: str,
    name: str,
    line: dict[str, object],
) -> None:
    figure.add_scatter(
        x=rows["start"].to_list(),
        y=rows[column].to_list(),
        name=name,
        mode="lines",
        line=line,
    )


def _say_days(figure: go.Figure, words: Words, grain: Grain) -> None:
    """Dates in the hover label, in the reader's language."""
    say = words.week if grain == "week" else words.short_day
    for trace in figure.data:
        if trace.hoverinfo != "skip":
            trace.customdata = [say(day) for day in trace.x]
            trace.hovertemplate = "%{customdata}: %{y:,.0f}"


def _mark_today(figure: go.Figure, first: date) -> None:
    figure.add_vline(x=first, line={"color": MUTED, "width": 1, "dash": "dash"})
