"""A week of a roster in quarter-hours: a row per team, a panel per day."""

from datetime import date, datetime, timedelta

import plotly.graph_objects as go
import polars as pl
from plotly.subplots import make_subplots

from dashboard.charts.template import BLUE, INK, MUTED, VERMILLION, blank
from dashboard.labels.words import Words

ROW_PX, EDGE_PX = 78, 108
QUARTER = timedelta(minutes=15)
UNSEEN = (None,)
"""A mark that is not drawn, so that the legend always names it."""

Team = tuple[str, str]


def strip_chart(rows: pl.DataFrame, words: Words) -> go.Figure:
    """People rostered (filled) against required (line); a mark where people are short."""
    days = sorted({at.date() for at in rows["local"]})
    teams = rows.select("skill", "location").unique(maintain_order=True).rows()
    figure = _panels(teams, days, words)
    for row, (skill, place) in enumerate(teams, start=1):
        team = rows.filter(pl.col("skill") == skill, pl.col("location") == place)
        for column, day in enumerate(days, start=1):
            part = team.filter(pl.col("local").dt.date() == day)
            if not part.is_empty():
                _add(figure, part, row, column, words)
    return figure


def _panels(teams: list[Team], days: list[date], words: Words) -> go.Figure:
    figure = make_subplots(
        rows=len(teams),
        cols=len(days),
        shared_yaxes=True,
        shared_xaxes=True,
        horizontal_spacing=0.01,
        vertical_spacing=0.2 / len(teams),
        column_titles=[_title(day, words) for day in days],
    )
    figure.update_layout(blank(words, EDGE_PX + ROW_PX * len(teams)).layout)
    figure.update_annotations(font_size=13)
    figure.update_layout(
        margin={"l": 130, "t": 78},
        legend={"y": 1 + 40 / (ROW_PX * len(teams)), "x": 0, "yanchor": "bottom"},
    )
    figure.update_xaxes(ticks="", showticklabels=False, linecolor=MUTED)
    figure.update_xaxes(
        ticks="outside", showticklabels=True, dtick=3, tickfont_size=11, row=len(teams)
    )
    figure.update_yaxes(nticks=3, tickfont_size=11, fixedrange=True)
    for row, (skill, place) in enumerate(teams, start=1):
        name = f"{words.named('skill', skill)}<br>{words.named('location', place)}"
        figure.add_annotation(
            text=name,
            x=-0.012,
            xref="paper",
            xanchor="right",
            xshift=-22,
            y=0.5,
            yref=f"y{'' if row == 1 else (row - 1) * len(days) + 1} domain",
            showarrow=False,
            align="right",
            font={"size": 12},
        )
    return figure


def _add(
    figure: go.Figure, rows: pl.DataFrame, row: int, column: int, words: Words
) -> None:
    is_first = row == 1 and column == 1
    looks = (
        ("rostered", {"color": BLUE, "width": 1}, "tozeroy"),
        ("required", {"color": VERMILLION, "width": 1.8, "dash": "solid"}, "none"),
    )
    for name, line, fill in looks:
        hours, values, told = _steps(rows, name)
        figure.add_scatter(
            x=hours,
            y=values,
            customdata=told,
            hovertemplate="%{customdata}: %{y:.0f}",
            name=words(f"slots.{name}"),
            legendgroup=name,
            showlegend=is_first,
            mode="lines",
            line={**line, "shape": "hv"},
            fill=fill,
            fillcolor="rgba(0,114,178,0.20)",
            row=row,
            col=column,
        )
    _mark_short(figure, rows, row, column, words)


def _mark_short(
    figure: go.Figure, rows: pl.DataFrame, row: int, column: int, words: Words
) -> None:
    """A triangle on each quarter-hour with too few people."""
    short = rows.filter(pl.col("spare") < 0)
    is_first = row == 1 and column == 1
    figure.add_scatter(
        x=[_hour(at) + 0.125 for at in short["local"]] or UNSEEN,
        y=short["required"].to_list() or UNSEEN,
        customdata=[
            words("coverage.short", time=f"{at:%H:%M}", n=-spare)
            for at, spare in short.select("local", "spare").rows()
        ],
        hovertemplate="%{customdata}<extra></extra>",
        name=words("coverage.short_mark"),
        legendgroup="short",
        showlegend=is_first,
        mode="markers",
        marker={"symbol": "triangle-down", "size": 7, "color": INK},
        row=row,
        col=column,
    )


def _title(day: date, words: Words) -> str:
    """Weekday and date below each other, so that they fit a narrow panel."""
    return f"{words.weekday(day)}<br>{day.day} {words.month(day)}"


def _hour(at: datetime) -> float:
    return at.hour + at.minute / 60


def _steps(
    rows: pl.DataFrame, column: str
) -> tuple[list[float], list[float], list[str]]:
    """Points of a step line, with the end of the last quarter-hour added."""
    times, values = rows["local"].to_list(), [float(v) for v in rows[column]]
    told = [f"{at:%H:%M}" for at in [*times, times[-1] + QUARTER]]
    return [*map(_hour, times), _hour(times[-1]) + 0.25], [*values, values[-1]], told
