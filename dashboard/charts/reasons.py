"""What adds to the usual level and what takes off from it, and ten years of documents."""

from collections.abc import Sequence
from datetime import date, datetime, time
from textwrap import wrap
from typing import Literal

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.template import (
    BLUE,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PURPLE,
    SKY,
    VERMILLION,
    blank,
    date_ticks,
)
from dashboard.labels.words import Words

Grain = Literal["day", "week"]
USUAL = "level"
LOOK = {
    "expiries": (ORANGE, ""),
    "season": (SKY, ""),
    "trend": (BLUE, ""),
    "weekday": ("#9AA5AE", ""),
    "holiday": (PURPLE, "/"),
    "closed": (MUTED, "-"),
    "letters": (GREEN, ""),
    "event": (VERMILLION, ""),
    "fee": ("#F0E442", ""),
    "hours": (SKY, "/"),
    "planner": (INK, "x"),
    "outside": (GREEN, "\\"),
    "rest": ("#D3D9DE", "."),
}
"""Colour and pattern of each cause; those that lie near each other differ in both."""

PARTS = {"renewals": ORANGE, "echo": VERMILLION, "lost": SKY, "first": GREEN}
"""Colours of the parts of the ten-year outlook, the lowest first."""

NAME_WIDTH = 40
"""Characters of a name in the legend that a telephone has room for."""


def causes_chart(rows: pl.DataFrame, words: Words, grain: Grain) -> go.Figure:
    """Stacked bars of `start, cause, count`: up what adds to the usual, down what takes."""
    figure = blank(words, 340)
    for cause, (colour, pattern) in LOOK.items():
        part = rows.filter(pl.col("cause") == cause).sort("start")
        if part.is_empty():
            continue
        days = part["start"].to_list()
        say = words.week if grain == "week" else words.short_day
        shape = {"shape": pattern, "fillmode": "overlay", "fgcolor": "white"}
        figure.add_bar(
            x=days,
            y=part["count"].to_list(),
            name=words(f"cause.{cause}"),
            marker={"color": colour, "pattern": shape, "line": {"width": 0}},
            customdata=[say(day) for day in days],
            hovertemplate="%{customdata}: %{y:+,.0f}",
        )
    figure.update_layout(barmode="relative", bargap=0.2)
    figure.update_yaxes(
        title_text=words("reasons.axis"), zeroline=True, zerolinecolor=MUTED
    )
    date_ticks(figure, rows["start"].to_list(), words)
    return figure


def decade_chart(
    past: pl.DataFrame,
    ahead: pl.DataFrame,
    turns: Sequence[tuple[str, date]],
    words: Words,
) -> go.Figure:
    """Applications per month so far, and ten years to come by what brings them.

    `turns` are days to mark, each with its mark; those outside the chart are passed over.
    """
    figure = blank(words, 440)
    for part, colour in PARTS.items():
        figure.add_scatter(
            **_line(ahead, part, words, width=0.6, color=colour),
            name="<br>".join(wrap(words(f"decade.{part}"), NAME_WIDTH)),
            stackgroup="parts",
        )
    months = ahead["start"].to_list()
    figure.add_scatter(
        x=months + months[::-1],
        y=ahead["q95"].to_list() + ahead["q05"].to_list()[::-1],
        name=words("decade.band"),
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor="rgba(31,41,51,0.16)",
        hoverinfo="skip",
    )
    figure.add_scatter(
        **_line(ahead, "mean", words, width=1.8, color=BLUE), name=words("decade.mean")
    )
    figure.add_scatter(
        **_line(past, "count", words, width=1.6, color=INK), name=words("decade.past")
    )
    figure.update_yaxes(title_text=words("decade.axis"))
    months = [*past["start"], *ahead["start"]]
    date_ticks(figure, months, words)
    near = [turn for turn in turns if min(months) <= turn[1] <= max(months)]
    _mark_turns(figure, near)
    return figure


def _mark_turns(figure: go.Figure, turns: Sequence[tuple[str, date]]) -> None:
    """A line on each day, with its mark on top."""
    for mark, day in turns:
        at = datetime.combine(day, time())
        line = {"color": INK, "width": 1.2, "dash": "dashdot"}
        figure.add_vline(x=at, line=line)
        figure.add_annotation(
            x=at, y=1, yref="paper", yanchor="top", xanchor="left", text=mark
        )
    figure.update_annotations(showarrow=False, bgcolor="white", font={"size": 13})


def _line(
    rows: pl.DataFrame, column: str, words: Words, **look: object
) -> dict[str, object]:
    """One column by month as a line that says its month and count."""
    months = rows["start"].to_list()
    return {
        "x": months,
        "y": rows[column].to_list(),
        "mode": "lines",
        "line": look,
        "customdata": [_month(day, words) for day in months],
        "hovertemplate": "%{customdata}: %{y:,.0f}",
    }


def _month(day: date, words: Words) -> str:
    return f"{words.month(day)} {day.year}"
