"""What letters added to the share applied for, by weeks since mailing."""

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.template import BLUE, MUTED, blank
from dashboard.labels.words import Words

BAND = "rgba(0,114,178,0.18)"


def did_chart(rows: pl.DataFrame, words: Words) -> go.Figure:
    """The difference in points with its 95% interval, beside a line at nought."""
    figure = blank(words, 280)
    weeks = rows["week"].to_list()
    low, high, middle = (
        (100 * rows[name]).to_list() for name in ("low", "high", "difference")
    )
    figure.add_scatter(
        x=[*weeks, *reversed(weeks)],
        y=[*high, *reversed(low)],
        fill="toself",
        fillcolor=BAND,
        line={"width": 0},
        mode="none",
        hoverinfo="skip",
        name=words("did.interval"),
    )
    figure.add_scatter(
        x=weeks,
        y=middle,
        mode="lines+markers",
        line={"color": BLUE, "width": 2.2},
        name=words("did.difference"),
        hovertemplate="%{x}: %{y:,.1f}<extra></extra>",
    )
    figure.add_hline(y=0, line={"color": MUTED, "width": 1, "dash": "dot"})
    figure.update_xaxes(title={"text": words("did.axis_weeks"), "font": {"size": 13}})
    figure.update_yaxes(title_text=words("did.axis_points"), rangemode="normal")
    return figure
