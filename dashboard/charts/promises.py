"""A promise week by week: what was measured with its interval, the aim, what is expected."""

from collections.abc import Sequence

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.template import (
    BLUE,
    INK,
    MUTED,
    PURPLE,
    VERMILLION,
    blank,
    date_ticks,
)
from dashboard.labels.words import Words

MARKS = {
    "kept": (BLUE, "circle"),
    "unclear": (MUTED, "circle-open"),
    "missed": (VERMILLION, "triangle-down"),
    "unjudged": (MUTED, "square-open"),
}
"""Each verdict by colour and by shape."""
MARGIN = 0.04


def promise_chart(rows: pl.DataFrame, target: float, words: Words) -> go.Figure:
    """Shares of weeks with intervals, marked by verdict; the aim; weeks expected."""
    figure = blank(words, 400)
    told = rows.filter(pl.col("share").is_not_null())
    _add_line(figure, told)
    for verdict in MARKS:
        _add_weeks(figure, told.filter(pl.col("verdict") == verdict), verdict, words)
    _add_expected(figure, rows.filter(pl.col("expected").is_not_null()), words)
    weeks = rows["week"].to_list()
    figure.add_scatter(
        x=[min(weeks), max(weeks)],
        y=[target, target],
        name=words("promises.target"),
        mode="lines",
        line={"color": INK, "width": 1.6, "dash": "dot"},
        hoverinfo="skip",
    )
    date_ticks(figure, weeks, words)
    figure.update_yaxes(tickformat=".0%", range=_range(rows, target))
    figure.update_layout(margin={"t": 48})
    return figure


def _add_line(figure: go.Figure, rows: pl.DataFrame) -> None:
    """A thin line that leads the eye from week to week."""
    figure.add_scatter(
        x=rows["week"].to_list(),
        y=rows["share"].to_list(),
        mode="lines",
        line={"color": MUTED, "width": 1},
        showlegend=False,
        hoverinfo="skip",
    )


def _add_weeks(
    figure: go.Figure, rows: pl.DataFrame, verdict: str, words: Words
) -> None:
    if rows.is_empty():
        return
    colour, symbol = MARKS[verdict]
    high = rows["high"].fill_null(rows["share"]) - rows["share"]
    low = rows["share"] - rows["low"].fill_null(rows["share"])
    figure.add_scatter(
        x=rows["week"].to_list(),
        y=rows["share"].to_list(),
        error_y={
            "type": "data",
            "symmetric": False,
            "array": high.to_list(),
            "arrayminus": low.to_list(),
            "color": colour,
            "thickness": 1.4,
            "width": 3,
        },
        name=words(f"promises.verdict_{verdict}"),
        mode="markers",
        marker={"color": colour, "symbol": symbol, "size": 9, "line": {"width": 1.6}},
        customdata=_told(rows, words),
        hovertemplate="%{customdata}<extra></extra>",
    )


def _told(rows: pl.DataFrame, words: Words) -> list[str]:
    return [
        f"{words.short_week(week)}: {words.share(share, 1)} "
        f"({words('common.between', low=words.share(low, 1), high=words.share(high, 1))})"
        for week, share, low, high in rows.select("week", "share", "low", "high").rows()
    ]


def _add_expected(figure: go.Figure, rows: pl.DataFrame, words: Words) -> None:
    if rows.is_empty():
        return
    told = [
        f"{words.short_week(week)}: {words.share(share, 1)}"
        for week, share in rows.select("week", "expected").rows()
    ]
    figure.add_scatter(
        x=rows["week"].to_list(),
        y=rows["expected"].to_list(),
        name=words("promises.expected"),
        mode="markers",
        marker={
            "color": PURPLE,
            "symbol": "diamond-open",
            "size": 10,
            "line": {"width": 2},
        },
        customdata=told,
        hovertemplate="%{customdata}",
    )


def _range(rows: pl.DataFrame, target: float) -> Sequence[float]:
    """From a little below the lowest of all to a little above the highest."""
    columns = ("share", "low", "high", "expected")
    values = [v for name in columns for v in rows[name].drop_nulls().to_list()]
    low, high = min(*values, target, 1.0), max(*values, target, 0.0)
    return max(low - MARGIN, 0.0), min(high + MARGIN, 1.0 + MARGIN / 2)
