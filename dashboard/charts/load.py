"""Counter load per week before and after letters, beside capacity; letters by week."""

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.template import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PURPLE,
    SKY,
    VERMILLION,
    blank,
    date_ticks,
)
from dashboard.labels.words import Words

SERVICE_LOOK = ((BLUE, ""), (ORANGE, "/"), (GREEN, "x"), (PURPLE, "."), (SKY, "\\"))
LINES = {
    "before": (VERMILLION, "dot", "rgba(213,94,0,0.14)"),
    "after": (BLUE, "solid", "rgba(0,114,178,0.16)"),
}
"""Colour, dash and band of the hours without letters and with them."""


def smoothing_chart(rows: pl.DataFrame, words: Words) -> go.Figure:
    """Hours per week before and after the letters with intervals, and the capacity."""
    figure = blank(words, 380)
    weeks = rows["week"].to_list()
    for name, (colour, dash, band) in LINES.items():
        _add_band(figure, rows, name, band, words(f"peaks.{name}_band"))
        figure.add_scatter(
            x=weeks,
            y=rows[name].to_list(),
            name=words(f"peaks.{name}"),
            line={"color": colour, "width": 2.4, "dash": dash},
            mode="lines",
        )
    figure.add_scatter(
        x=weeks,
        y=rows["capacity"].to_list(),
        name=words("peaks.capacity"),
        line={"color": INK, "width": 1.8, "dash": "dash", "shape": "hvh"},
        mode="lines",
    )
    told = [words.week(week) for week in weeks]
    figure.update_traces(
        customdata=told,
        hovertemplate="%{customdata}: %{y:,.0f}",
        selector={"mode": "lines"},
    )
    figure.update_yaxes(title_text=words("peaks.axis_hours"), rangemode="normal")
    date_ticks(figure, weeks, words)
    return figure


def _add_band(
    figure: go.Figure, rows: pl.DataFrame, name: str, colour: str, label: str
) -> None:
    """The 90% interval of a line; nothing where it is not known."""
    known = rows.drop_nulls([f"{name}_low", f"{name}_high"])
    if known.is_empty():
        return
    weeks = known["week"].to_list()
    low, high = (known[f"{name}_{end}"].to_list() for end in ("low", "high"))
    figure.add_scatter(
        x=[*weeks, *reversed(weeks)],
        y=[*high, *reversed(low)],
        fill="toself",
        fillcolor=colour,
        line={"width": 0},
        mode="none",
        name=label,
        hoverinfo="skip",
    )


def letters_chart(rows: pl.DataFrame, words: Words, smallest: int) -> go.Figure:
    """Letters per mailing week, stacked by service; small cells are left out."""
    figure = blank(words, 300)
    shown = rows.filter(pl.col("letters") >= smallest)
    services = shown["service"].unique(maintain_order=True).sort().to_list()
    for i, service in enumerate(services):
        part = shown.filter(pl.col("service") == service)
        colour, pattern = SERVICE_LOOK[i % len(SERVICE_LOOK)]
        weeks = part["mailing_week"].to_list()
        figure.add_bar(
            x=weeks,
            y=part["letters"].to_list(),
            name=words.service(service),
            marker={
                "color": colour,
                "pattern": {
                    "shape": pattern,
                    "fillmode": "overlay",
                    "fgcolor": "white",
                    "fgopacity": 0.5,
                },
            },
            customdata=[words.week(week) for week in weeks],
            hovertemplate="%{customdata}: %{y:,.0f}",
        )
    figure.update_layout(barmode="stack", bargap=0.25)
    figure.update_yaxes(title_text=words("peaks.axis_letters"))
    date_ticks(figure, shown["mailing_week"].to_list(), words)
    return figure
