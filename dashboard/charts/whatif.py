"""Hours a week by the share promised, with the point chosen and today's."""

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.template import BLUE, INK, VERMILLION, blank
from dashboard.labels.words import Words

Point = tuple[float, float | None]
"""A target and the hours it asks for, where these are known."""
RING = {
    "color": VERMILLION,
    "symbol": "circle-open",
    "size": 16,
    "line": {"width": 2.5},
}
"""Around the point chosen, so that today's shows within it."""


def targets_chart(
    rows: pl.DataFrame, dots: tuple[Point, Point], words: Words
) -> go.Figure:
    """A line of hours over targets; of the `dots` the first is the choice, then today."""
    chosen, today = dots
    figure = blank(words, 300)
    figure.add_scatter(
        x=rows["target"].to_list(),
        y=rows["hours"].to_list(),
        mode="lines",
        line={"color": BLUE, "width": 2.2},
        name=words("whatif.hours_line"),
        hovertemplate="%{x:.0%}: %{y:,.0f}",
    )
    marks = (
        (today, words("whatif.today"), {"color": INK, "symbol": "diamond", "size": 9}),
        (chosen, words("whatif.chosen"), RING),
    )
    for (target, hours), name, look in marks:
        figure.add_scatter(
            x=[target],
            y=[hours],
            mode="markers",
            marker=look,
            name=name,
            hovertemplate="%{x:.0%}: %{y:,.0f}",
        )
    figure.update_xaxes(
        tickformat=".0%",
        title={
            "text": words("whatif.axis_target"),
            "font": {"size": 13},
            "standoff": 8,
        },
    )
    figure.update_yaxes(title_text=words("whatif.axis_hours"))
    return figure
