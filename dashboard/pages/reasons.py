"""Why the forecast is what it is: the causes that add up to it."""

from datetime import timedelta

import polars as pl

from dashboard.charts.reasons import USUAL, causes_chart
from dashboard.charts.tables import Table
from dashboard.pages.view import View, heading, read, show_chart, show_data
from dashboard.queries import reasons
from dashboard.queries.demand import Grain
from dashboard.queries.rounding import whole_parts
from forecasting.records import RunRecord

BARS = {"week": timedelta(weeks=61), "day": timedelta(weeks=9)}
ROWS_SHOWN = 60


def draw_causes(view: View, run: RunRecord, series: list[str], grain: Grain) -> None:
    """Bars of the causes under the forecast, and the figures behind them."""
    words = view.words
    rows = read(view, reasons.causes, run, series, grain)
    if rows.is_empty():
        return
    heading(words("reasons.causes"))
    first = rows["start"].to_list()[0]
    shown = rows.filter(pl.col("start") < first + BARS[grain])
    usual = shown.filter(pl.col("cause") == USUAL)
    parts = shown.filter(pl.col("cause") != USUAL)
    alt = _causes_alt(view, usual, parts, grain)
    show_chart(causes_chart(parts, words, grain), alt=alt, key="causes")
    show_data(view, _causes_table(view, shown, grain))


def _causes_alt(
    view: View, usual: pl.DataFrame, parts: pl.DataFrame, grain: Grain
) -> str:
    words = view.words
    sums = parts.group_by("cause").agg(pl.col("count").abs().sum()).sort("count")
    largest = [words(f"cause.{code}") for code in sums["cause"].to_list()[::-1][:2]]
    return words(
        f"reasons.causes_alt_{grain}",
        usual=words.number(next(iter(usual["count"].to_list()), 0.0)),
        largest=words("reasons.and").join(name.lower() for name in largest),
    )


def _causes_table(view: View, rows: pl.DataFrame, grain: Grain) -> Table:
    """Whole numbers that add up to the expected one, in every row."""
    words = view.words
    found = set(rows["cause"])
    kinds = [cause for cause in reasons.CAUSES if cause in found]
    wide = rows.pivot("cause", index="start", values="count").sort("start").fill_null(0)
    say = words.week if grain == "week" else words.short_day
    body = []
    for row in wide.head(ROWS_SHOWN).to_dicts():
        parts = [row[kind] for kind in kinds]
        total = round(sum(parts))
        said = [words.number(n) for n in (total, *whole_parts(parts, total))]
        body.append([say(row["start"]), *said])
    heads = [
        words("demand.column_start"),
        words("demand.column_mean"),
        *(words(f"cause.{kind}") for kind in kinds),
    ]
    numeric = frozenset(range(1, len(heads)))
    return Table(words("reasons.causes"), heads, body, numeric)
