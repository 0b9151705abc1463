"""A week in quarter-hours, its days side by side: people, and the share served in time."""

from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.days import Days, moments, step_line
from dashboard.charts.template import BLUE, SKY, VERMILLION, Y_AXIS, level, look
from dashboard.labels.words import Words

TITLE_PX = 44
"""Room above the panels for the days; the legend stands on top of it."""
PEOPLE, SHARE = (0.4272, 1.0), (0.0, 0.3458)
"""Which part of the height each panel takes."""
LOOKS: dict[str, dict[str, Any]] = {
    "rostered": {
        "line": {"color": BLUE, "width": 1, "shape": "hv"},
        "fill": "tozeroy",
        "fillcolor": "rgba(0,114,178,0.18)",
    },
    "required": {"line": {"color": VERMILLION, "width": 2.2, "shape": "hv"}},
}


def week_chart(
    required: pl.DataFrame,
    covered: pl.DataFrame,
    simulated: pl.DataFrame,
    target: float | None,
    words: Words,
) -> go.Figure:
    """Required and rostered people per day; below, the simulated share in time."""
    known = [rows for rows in (required, covered, simulated) if not rows.is_empty()]
    days = Days.of({at for rows in known for at in rows["local"].to_list()})
    traces = [
        step_line(rows, days, name, LOOKS[name], words)
        for rows, name in ((covered, "rostered"), (required, "required"))
        if not rows.is_empty()  # of what has not run there is not even a column
    ]
    if simulated.is_empty():
        return go.Figure(data=traces, layout=_layout(days, 320, words))
    layout = _layout(days, 460, words) | _share_axis(days, target, words)
    layout["yaxis"] = {**layout["yaxis"], "domain": PEOPLE}
    traces += _share(simulated, days, words)
    return go.Figure(data=traces, layout=layout)


def _layout(days: Days, height: int, words: Words) -> dict[str, Any]:
    shared = look(words, height)
    people = {"text": words("slots.axis_people"), "font": {"size": 13}}
    return {
        **shared,
        "xaxis": days.axis(words),
        "yaxis": {**Y_AXIS, "title": people},
        "annotations": days.titles(words),
        "margin": {**shared["margin"], "t": 84},
        "legend": {**shared["legend"], "y": 1 + TITLE_PX / (height - 128)},
    }


def _share_axis(days: Days, target: float | None, words: Words) -> dict[str, Any]:
    """The lower panel, with a line at the target."""
    return {
        "xaxis": {**days.axis(words), "anchor": "y2"},
        "yaxis2": {
            **Y_AXIS,
            "domain": SHARE,
            "range": [0, 1.03],
            "tickformat": ".0%",
            "title": {"text": words("slots.axis_share"), "font": {"size": 13}},
        },
        "shapes": [] if target is None else [level(target, "dash")],
    }


def _share(rows: pl.DataFrame, days: Days, words: Words) -> list[dict[str, Any]]:
    """The share as a step line, over its intervals.

    Intervals are one line with gaps: error bars are an element each, which takes longer.
    """
    known = rows.filter(pl.col("share").is_not_null())
    times = known["local"].to_list()
    places, heights, told = days.steps(times, known["share"].to_list())
    bars = zip(
        moments(known, days), known["share_low"], known["share_high"], strict=True
    )
    ends = [end for x, low, high in bars for end in ((x, low), (x, high), (x, None))]
    shared = {"type": "scatter", "mode": "lines", "yaxis": "y2"}
    return [
        {
            **shared,
            "x": [x for x, _ in ends],
            "y": [y for _, y in ends],
            "name": words("slots.interval"),
            "line": {"color": SKY, "width": 3},
            "hoverinfo": "skip",
        },
        {
            **shared,
            "x": places,
            "y": heights,
            "customdata": told,
            "hovertemplate": "%{customdata}: %{y:.0%}",
            "name": words("slots.share"),
            "line": {"color": BLUE, "width": 1.6, "shape": "hv"},
        },
    ]
