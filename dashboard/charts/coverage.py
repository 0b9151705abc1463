"""A week of a roster in quarter-hours: a row per team, its days side by side."""

from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.days import Days, moments, step_line
from dashboard.charts.template import BLUE, INK, MUTED, VERMILLION, Y_AXIS, look
from dashboard.labels.words import Words

ROW_PX, EDGE_PX, BETWEEN = 78, 108, 0.2
UNSEEN = (None,)
"""A mark that is not drawn, so that the legend always names it."""
LOOKS: dict[str, dict[str, Any]] = {
    "rostered": {
        "line": {"color": BLUE, "width": 1, "shape": "hv"},
        "fill": "tozeroy",
        "fillcolor": "rgba(0,114,178,0.20)",
    },
    "required": {"line": {"color": VERMILLION, "width": 1.8, "shape": "hv"}},
}

Team = tuple[str, str]


def strip_chart(rows: pl.DataFrame, words: Words) -> go.Figure:
    """People rostered (filled) against required (line); a mark where people are short."""
    days = Days.of(rows["local"].to_list())
    teams = rows.select("skill", "location").unique(maintain_order=True).rows()
    traces: list[dict[str, Any]] = []
    for row, (skill, place) in enumerate(teams):
        team = rows.filter(pl.col("skill") == skill, pl.col("location") == place)
        shared = {"xaxis": "x", "yaxis": _axis("y", row), "showlegend": row == 0}
        lines = [
            {**step_line(team, days, name, style, words), "legendgroup": name}
            for name, style in LOOKS.items()
        ]
        traces += [{**one, **shared} for one in (*lines, _short(team, days, words))]
    return go.Figure(data=traces, layout=_layout(teams, days, words))


def _layout(teams: list[Team], days: Days, words: Words) -> dict[str, Any]:
    number = len(teams)
    part = (1 - BETWEEN * (number - 1) / number) / number
    step = part + BETWEEN / number
    tops = [1 - step * row for row in range(number)]
    shared = look(words, EDGE_PX + ROW_PX * number)
    rows = {
        f"yaxis{'' if row == 0 else row + 1}": {
            **Y_AXIS,
            "domain": [max(top - part, 0.0), top],
            "nticks": 3,
            "tickfont": {"size": 11},
            "zeroline": True,
            "zerolinecolor": MUTED,
        }
        for row, top in enumerate(tops)
    }
    names = [
        _name(team, top - part / 2, words)
        for team, top in zip(teams, tops, strict=True)
    ]
    legend = {"y": 1 + 40 / (ROW_PX * number), "x": 0, "yanchor": "bottom"}
    return {
        **shared,
        **rows,
        "xaxis": {**days.axis(words), "anchor": _axis("y", number - 1)},
        "annotations": [*days.titles(words), *names],
        "margin": {**shared["margin"], "l": 130, "t": 78},
        "legend": {**shared["legend"], **legend},
    }


def _name(team: Team, height: float, words: Words) -> dict[str, object]:
    skill, place = team
    return {
        "text": f"{words.named('skill', skill)}<br>{words.named('location', place)}",
        "x": 0,
        "xref": "paper",
        "xanchor": "right",
        "xshift": -28,
        "y": height,
        "yref": "paper",
        "showarrow": False,
        "align": "right",
        "font": {"size": 12},
    }


def _axis(letter: str, row: int) -> str:
    return letter if row == 0 else f"{letter}{row + 1}"


def _short(rows: pl.DataFrame, days: Days, words: Words) -> dict[str, Any]:
    """A triangle on each quarter-hour with too few people."""
    short = rows.filter(pl.col("spare") < 0)
    return {
        "type": "scatter",
        "x": moments(short, days) or UNSEEN,
        "y": short["required"].to_list() or UNSEEN,
        "customdata": [
            words("coverage.short", time=f"{at:%H:%M}", n=-spare)
            for at, spare in short.select("local", "spare").rows()
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
        "name": words("coverage.short_mark"),
        "legendgroup": "short",
        "mode": "markers",
        "marker": {"symbol": "triangle-down", "size": 7, "color": INK},
    }
