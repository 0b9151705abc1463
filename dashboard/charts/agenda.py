"""Appointments and staff in one picture: people asked for a day, and the wait for a place."""

import plotly.graph_objects as go
import polars as pl
from plotly.subplots import make_subplots

from dashboard.charts.template import (
    BLUE,
    GRID,
    INK,
    ORANGE,
    VERMILLION,
    blank,
    date_ticks,
)
from dashboard.labels.words import Words


def agenda_chart(days: pl.DataFrame, staff: pl.DataFrame, words: Words) -> go.Figure:
    """Hours of walk-ins and places beside those at hand; below, the wait of a product."""
    figure = make_subplots(
        rows=2,
        cols=1,
        shared_xaxes=True,
        vertical_spacing=0.1,
        row_heights=[0.62, 0.38],
    )
    figure.update_layout(blank(words, 480).layout)
    figure.update_yaxes(fixedrange=True, gridcolor=GRID, rangemode="tozero")
    _add_hours(figure, staff, words)
    _add_wait(figure, days, words)
    figure.update_xaxes(fixedrange=True, showgrid=False)
    figure.update_yaxes(title_font_size=13)
    figure.update_layout(barmode="stack", bargap=0.2, margin={"t": 64})
    date_ticks(figure, days["day"].to_list(), words)
    return figure


def _add_hours(figure: go.Figure, staff: pl.DataFrame, words: Words) -> None:
    days = staff["day"].to_list()
    told = [words.short_day(day) for day in days]
    bars = (
        ("walk_in_hours", ORANGE, "/", "agenda.walk_ins"),
        ("place_hours", BLUE, "", "agenda.places_work"),
    )
    for column, colour, pattern, key in bars:
        look = {"shape": pattern, "fillmode": "overlay", "fgcolor": "white"}
        figure.add_bar(
            x=days,
            y=staff[column].to_list(),
            name=words(key),
            marker={"color": colour, "pattern": look},
            customdata=told,
            hovertemplate="%{customdata}: %{y:,.1f}",
            row=1,
            col=1,
        )
    if not staff["hours_at_hand"].is_null().all():
        figure.add_scatter(
            x=days,
            y=staff["hours_at_hand"].to_list(),
            name=words("agenda.at_hand"),
            mode="markers",
            marker={
                "symbol": "line-ew",
                "size": 13,
                "line": {"color": INK, "width": 2.5},
            },
            customdata=told,
            hovertemplate="%{customdata}: %{y:,.1f}",
            row=1,
            col=1,
        )
    figure.update_yaxes(title_text=words("agenda.axis_hours"), row=1, col=1)


def _add_wait(figure: go.Figure, days: pl.DataFrame, words: Words) -> None:
    figure.add_scatter(
        x=days["day"].to_list(),
        y=days["wait_q80"].to_list(),
        name=words("agenda.wait"),
        mode="lines+markers",
        line={"color": VERMILLION, "width": 2},
        customdata=[words.short_day(day) for day in days["day"].to_list()],
        hovertemplate="%{customdata}: %{y}",
        row=2,
        col=1,
    )
    promised = int(days["within_days"].to_list()[0])
    line = {"color": INK, "width": 1.4, "dash": "dot"}
    figure.add_hline(y=promised, row=2, col=1, line=line)
    figure.update_yaxes(title_text=words("agenda.axis_wait"), row=2, col=1)
