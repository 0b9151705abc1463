"""A heat map of letters: cohorts by mailing week."""

from datetime import date

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.template import INK, MUTED, blank
from dashboard.labels.words import Words

SHADES = [[0.0, "#E6F0F7"], [1.0, "#56B4E9"]]
"""Light enough for the number in each cell to be read."""
ROW, FRAME = 24, 110
HIDDEN = "\u00b7"
Key = tuple[str, date, date]
Cells = dict[Key, int | None]


def cohorts_chart(rows: pl.DataFrame, words: Words) -> go.Figure:
    """`LetterCells` with the number in each cell; a dot where it may not be told."""
    cohorts = rows.select("service", "expiry_month").unique().sort(
        "service", "expiry_month", descending=True
    )  # fmt: skip
    weeks = rows["mailing_week"].unique().sort().to_list()
    names = [f"{words.service(s)}, {words.month_of(m)}" for s, m in cohorts.rows()]
    at: Cells = {(s, m, w): n for s, m, w, n in rows.rows()}
    keys = [[(s, m, w) for w in weeks] for s, m in cohorts.rows()]
    texts = [[_text(at, key, words) for key in row] for row in keys]
    figure = blank(words, FRAME + ROW * len(names))
    figure.add_heatmap(
        x=[words.short_week(week) for week in weeks],
        y=names,
        z=[[_shade(at, key) for key in row] for row in keys],
        text=texts,
        texttemplate="%{text}",
        textfont={"size": 11, "color": INK},
        colorscale=SHADES,
        showscale=False,
        hoverongaps=False,
        xgap=2,
        ygap=2,
        hovertemplate="%{y}<br>%{x}: %{text}<extra></extra>",
    )
    figure.update_xaxes(
        type="category", side="top", ticks="", automargin=True, linecolor="white"
    )
    figure.update_yaxes(
        automargin=True, showgrid=False, ticks="", tickfont={"color": MUTED}
    )
    figure.update_layout(margin={"t": 40, "b": 10})
    return figure


def _text(at: Cells, key: Key, words: Words) -> str:
    if key not in at:
        return ""
    count = at[key]
    return HIDDEN if count is None else words.number(count)


def _shade(at: Cells, key: Key) -> int | None:
    """Nothing where there are no letters; the lightest shade where few may not be told."""
    return at[key] or 0 if key in at else None
