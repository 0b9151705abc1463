"""A week in quarter-hours, a panel per day: people, and the share served in time."""

from datetime import date, datetime, timedelta

import plotly.graph_objects as go
import polars as pl
from plotly.subplots import make_subplots

from dashboard.charts.template import BLUE, GRID, INK, MUTED, VERMILLION, blank
from dashboard.labels.words import Words

QUARTER = 0.25
TITLE_PX = 44
"""Room above the panels for the days; the legend stands on top of it."""


def week_chart(
    required: pl.DataFrame,
    covered: pl.DataFrame,
    simulated: pl.DataFrame,
    target: float | None,
    words: Words,
) -> go.Figure:
    """Required and rostered people per day; below, the simulated share in time."""
    days = sorted({at.date() for at in required["local"].to_list()})
    figure = _panels(words, days, with_share=not simulated.is_empty())
    for column, day in enumerate(days, start=1):
        first = column == 1
        _add_people(figure, _on(covered, day), _on(required, day), column, words, first)
        if not simulated.is_empty():
            _add_share(figure, _on(simulated, day), column, words, first)
    if not simulated.is_empty() and target is not None:
        line = {"color": INK, "width": 1.4, "dash": "dash"}
        figure.add_hline(y=target, row=2, col="all", line=line)
    return figure


def _panels(words: Words, days: list[date], *, with_share: bool) -> go.Figure:
    rows = 2 if with_share else 1
    heights = [0.62, 0.38] if with_share else [1.0]
    figure = make_subplots(
        rows=rows,
        cols=max(len(days), 1),
        shared_yaxes=True,
        shared_xaxes=True,
        horizontal_spacing=0.012,
        vertical_spacing=0.09,
        row_heights=heights,
        subplot_titles=[_title(day, words) for day in days],
    )
    height = 460 if with_share else 320
    figure.update_layout(blank(words, height).layout)
    figure.update_annotations(font_size=14)
    figure.update_layout(margin={"t": 84}, legend={"y": 1 + TITLE_PX / (height - 128)})
    figure.update_xaxes(fixedrange=True, showgrid=False, linecolor=MUTED, dtick=2)
    figure.update_xaxes(ticksuffix=":00", tickfont={"size": 11}, row=rows)
    figure.update_yaxes(
        fixedrange=True, gridcolor=GRID, zeroline=False, rangemode="tozero"
    )
    figure.update_yaxes(title_text=words("slots.axis_people"), row=1, col=1)
    figure.update_yaxes(title_font_size=13)
    if with_share:
        figure.update_yaxes(range=[0, 1.03], tickformat=".0%", row=2)
        figure.update_yaxes(title_text=words("slots.axis_share"), row=2, col=1)
        figure.update_xaxes(ticks="", row=1)
    return figure


def _title(day: date, words: Words) -> str:
    """Weekday and date below each other, so that they fit a narrow panel."""
    return f"{words.weekday(day)}<br>{day.day} {words.month(day)}"


def _on(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    if rows.is_empty():  # of what has not run there is not even a column
        return rows
    return rows.filter(pl.col("local").dt.date() == day)


def _hours(times: list[datetime]) -> list[float]:
    return [at.hour + at.minute / 60 for at in times]


def _steps(
    rows: pl.DataFrame, column: str
) -> tuple[list[float], list[float], list[str]]:
    """Points of a step line, with the end of the last quarter-hour added."""
    times = rows["local"].to_list()
    values = [float(value) for value in rows[column].to_list()]
    if not times:
        return [], [], []
    told = [f"{at:%H:%M}" for at in [*times, times[-1] + timedelta(minutes=15)]]
    hours = _hours(times)
    return [*hours, hours[-1] + QUARTER], [*values, values[-1]], told


def _add_people(
    figure: go.Figure,
    covered: pl.DataFrame,
    required: pl.DataFrame,
    column: int,
    words: Words,
    is_first: bool,
) -> None:
    looks = (
        (covered, "rostered", {"color": BLUE, "width": 1}, "tozeroy"),
        (required, "required", {"color": VERMILLION, "width": 2.2}, "none"),
    )
    for rows, name, line, fill in looks:
        if rows.is_empty():
            continue
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
            fillcolor="rgba(0,114,178,0.18)",
            row=1,
            col=column,
        )


def _add_share(
    figure: go.Figure, rows: pl.DataFrame, column: int, words: Words, is_first: bool
) -> None:
    known = rows.filter(pl.col("share").is_not_null())
    times = known["local"].to_list()
    share = known["share"].to_list()
    up = [high - mid for high, mid in zip(known["share_high"], share, strict=True)]
    down = [mid - low for low, mid in zip(known["share_low"], share, strict=True)]
    figure.add_scatter(
        x=[hour + QUARTER / 2 for hour in _hours(times)],
        y=share,
        error_y={
            "type": "data",
            "array": up,
            "arrayminus": down,
            "width": 0,
            "thickness": 1,
            "color": MUTED,
        },
        customdata=[f"{at:%H:%M}" for at in times],
        hovertemplate="%{customdata}: %{y:.0%}",
        name=words("slots.share"),
        legendgroup="share",
        showlegend=is_first,
        mode="markers",
        marker={"color": BLUE, "size": 5, "symbol": "circle"},
        row=2,
        col=column,
    )
