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


def smoothing_chart(rows: pl.DataFrame, words: Words) -> go.Figure:
    """Hours per week before and after the letters, and what the staff can do."""
    figure = blank(words, 360)
    weeks = rows["week"].to_list()
    told = [words.week(week) for week in weeks]
    after = {"color": "rgba(0,114,178,0.55)"}
    figure.add_bar(
        x=weeks, y=rows["after"].to_list(), name=words("peaks.after"), marker=after
    )
    lines = {
        "before": (words("peaks.before"), {"color": VERMILLION, "width": 2.2}),
        "capacity": (
            words("peaks.capacity"),
            {"color": INK, "width": 2, "dash": "dash"},
        ),
    }
    for column, (name, line) in lines.items():
        figure.add_scatter(
            x=weeks, y=rows[column].to_list(), name=name, line=line, mode="lines"
        )
    figure.update_traces(customdata=told, hovertemplate="%{customdata}: %{y:,.0f}")
    figure.update_yaxes(title_text=words("peaks.axis_hours"))
    figure.update_layout(bargap=0.25)
    date_ticks(figure, weeks, words)
    return figure


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
