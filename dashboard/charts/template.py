"""The look every figure shares: colours, type, axes with dates in the reader's words.

Colours are from the palette of Okabe and Ito, made for colour-blind readers; what a
colour says is also said by a dash, a pattern, a mark or a number.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go

from dashboard.labels.words import Words
from forecasting.calendar import monday

INK, MUTED, GRID = "#1F2933", "#5B6770", "#E5E9EC"
BLUE, SKY, ORANGE = "#0072B2", "#56B4E9", "#E69F00"
VERMILLION, GREEN, PURPLE = "#D55E00", "#009E73", "#AA4499"
SKILL_COLOURS = {
    "phone": BLUE,
    "counter": ORANGE,
    "civil_status": PURPLE,
    "back_office": GREEN,
}
SKILL_PATTERNS = {"phone": "", "counter": "/", "civil_status": "x", "back_office": "."}
FONT = {"family": '"Source Sans", "Source Sans Pro", sans-serif', "size": 14}
EDGE = timedelta(days=4)  # room for half the bar of a week
MOST_WEEKS, MOST_MONTHS = 6, 7
"""Weeks and months named below an axis: as many as a telephone is wide enough for."""
CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}


X_AXIS = {"fixedrange": True, "showgrid": False, "linecolor": MUTED, "ticks": "outside"}
Y_AXIS = {
    "fixedrange": True,
    "gridcolor": GRID,
    "zeroline": False,
    "rangemode": "tozero",
    "tickformat": ",",
    "title": {"font": {"size": 13}},
}


def look(words: Words, height: int) -> dict[str, Any]:
    """The layout that figures share; made at once, for Plotly takes long over changes."""
    return {
        "template": "none",
        "height": height,
        "font": {**FONT, "color": INK},
        "margin": {"l": 56, "r": 16, "t": 36, "b": 44},
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "separators": ",." if words.language == "nl" else ".,",
        "hoverlabel": {"bgcolor": "white", "font": {"color": INK, **FONT}},
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        "dragmode": False,
        "xaxis": dict(X_AXIS),
        "yaxis": dict(Y_AXIS),
    }


def blank(words: Words, height: int) -> go.Figure:
    """An empty figure in the shared look."""
    return go.Figure(layout=look(words, height))


def level(height: float, dash: str) -> dict[str, Any]:
    """A line all along the lower of two panels: what was promised."""
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "yref": "y2",
        "y0": height,
        "y1": height,
        "line": {"color": INK, "width": 1.4, "dash": dash},
    }


def date_ticks(figure: go.Figure, days: Sequence[date], words: Words) -> None:
    """Ticks on Mondays or first days of months, by how long the axis is."""
    figure.update_xaxes(date_axis(days, words))


def date_axis(days: Sequence[date], words: Words) -> dict[str, Any]:
    """What an axis of these days is told of its ticks and its ends."""
    if not days:
        return {}
    first, last = min(days), max(days)
    weekly = (last - first).days <= 120
    ticks = _mondays(first, last) if weekly else _months(first, last)
    name = _week_tick if weekly else _month_tick
    return {
        "tickmode": "array",
        "tickvals": ticks,
        "ticktext": [name(day, words) for day in ticks],
        "tickangle": 0,
        "range": [first - EDGE, last + EDGE],
    }


def _mondays(first: date, last: date) -> list[date]:
    start = monday(first + timedelta(days=6))
    weeks = max((last - start).days // 7 + 1, 0)
    step = -(-weeks // MOST_WEEKS) or 1
    return [start + timedelta(weeks=i) for i in range(0, weeks, step)]


def _months(first: date, last: date) -> list[date]:
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next(
        s for s in (1, 2, 3, 6, 12, 24, 60) if months <= MOST_MONTHS * s or s == 60
    )
    index = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    found = [date(i // 12, i % 12 + 1, 1) for i in index if i % step == 0]
    return [day for day in found if first <= day <= last]


def _week_tick(day: date, words: Words) -> str:
    return f"{words.short_week(day)}<br>{day.day} {words.month(day)}"


def _month_tick(day: date, words: Words) -> str:
    return f"{words.month(day)}<br>{day.year}"
