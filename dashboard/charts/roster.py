"""A day of the roster: who does what when, and where people are short."""

from datetime import datetime

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.template import (
    GRID,
    MUTED,
    SKILL_COLOURS,
    SKILL_PATTERNS,
    blank,
)
from dashboard.labels.words import Words

PATTERN = {"fillmode": "overlay", "fgcolor": "white", "fgopacity": 0.45}
SPARE_SCALE = (
    (0.0, "#D55E00"),
    (0.49, "#F8D9C4"),
    (0.5, "#F3F5F7"),
    (0.51, "#D6E8F4"),
    (1.0, "#5AA3D0"),
)


def day_chart(blocks: pl.DataFrame, labels: dict[str, str], words: Words) -> go.Figure:
    """A bar per stretch of work, a row per person; breaks stay open."""
    people = sorted(blocks["person"].unique().to_list(), key=lambda code: labels[code])
    figure = blank(words, 110 + 22 * len(people))
    for skill in sorted(blocks["skill"].unique().to_list()):
        part = blocks.filter(pl.col("skill") == skill)
        figure.add_bar(
            orientation="h",
            y=[labels[code] for code in part["person"]],
            base=[_hour(at) for at in part["from"]],
            x=[
                _hour(to) - _hour(at)
                for at, to in zip(part["from"], part["to"], strict=True)
            ],
            name=words.named("skill", skill),
            marker={
                "color": SKILL_COLOURS.get(skill, MUTED),
                "pattern": {**PATTERN, "shape": SKILL_PATTERNS.get(skill, "")},
            },
            customdata=_told(part, words),
            hovertemplate="%{y}<br>%{customdata}<extra></extra>",
        )
    order = [labels[code] for code in people][::-1]
    figure.update_layout(barmode="overlay", bargap=0.3, margin={"l": 120})
    figure.update_yaxes(categoryorder="array", categoryarray=order, showgrid=False)
    figure.update_xaxes(_hours(words), showgrid=True, gridcolor=GRID)
    return figure


def _hours(words: Words) -> dict[str, object]:
    """An axis of whole hours, short enough to stand upright on a telephone."""
    title = {"text": words("slots.axis_hour"), "font": {"size": 13}, "standoff": 8}
    return {"dtick": 1, "tickangle": 0, "title": title}


def _hour(at: datetime) -> float:
    return at.hour + at.minute / 60 if at.hour or at.minute else 0.0


def _told(part: pl.DataFrame, words: Words) -> list[str]:
    rows = zip(part["from"], part["to"], part["location"], part["skill"], strict=True)
    return [
        f"{at:%H:%M}\u2013{to:%H:%M} {words.named('skill', skill)}, "
        f"{words.named('location', location)}"
        for at, to, location, skill in rows
    ]


def spare_chart(rows: pl.DataFrame, words: Words) -> go.Figure:
    """People rostered less people required per quarter-hour: short below zero."""
    names = pl.concat_str(
        pl.col("skill").map_elements(lambda c: words.named("skill", c), pl.String),
        pl.col("location").map_elements(
            lambda c: words.named("location", c), pl.String
        ),
        separator="<br>",
    )
    named = rows.with_columns(names.alias("team"))
    teams = named["team"].unique(maintain_order=True).to_list()
    figure = blank(words, 90 + 38 * len(teams))
    figure.add_heatmap(
        x=[_hour(at) + 0.125 for at in named["local"]],
        y=named["team"].to_list(),
        z=named["spare"].to_list(),
        text=[words.signed(value) if value else "" for value in named["spare"]],
        texttemplate="%{text}",
        textfont={"size": 11},
        colorscale=SPARE_SCALE,
        zmid=0,
        zmin=-3,
        zmax=3,
        xgap=1,
        ygap=2,
        showscale=False,
        customdata=_spare_told(named, words),
        hovertemplate="%{y}<br>%{customdata}<extra></extra>",
    )
    figure.update_layout(margin={"l": 130, "t": 8})
    figure.update_yaxes(autorange="reversed", showgrid=False, tickfont={"size": 13})
    figure.update_xaxes(_hours(words))
    return figure


def _spare_told(rows: pl.DataFrame, words: Words) -> list[str]:
    cells = zip(rows["local"], rows["rostered"], rows["required"], strict=True)
    return [
        words("roster.cell", time=f"{at:%H:%M}", rostered=have, required=need)
        for at, have, need in cells
    ]
