"""Why the forecast is what it is: coming peaks, causes, shifts, what moved it."""

from datetime import date, timedelta

import polars as pl
import streamlit as st

from dashboard.charts.reasons import USUAL, causes_chart
from dashboard.charts.tables import Cell, Table
from dashboard.pages.view import (
    View,
    heading,
    read,
    show_chart,
    show_data,
    show_table,
)
from dashboard.queries import reasons
from dashboard.queries.demand import Grain, Selection
from forecasting.records import RunRecord

BARS = {"week": timedelta(weeks=61), "day": timedelta(weeks=9)}
ROWS_SHOWN = 60


def draw_peaks(view: View, run: RunRecord, selection: Selection) -> None:
    """The peaks to come, each in one sentence."""
    words = view.words
    groups = [g for g in (selection.service, selection.channel) if g is not None]
    rows = read(view, reasons.coming_peaks, run, groups)
    heading(words("reasons.peaks"))
    if rows.is_empty():
        st.caption(words("reasons.no_peaks"))
        return
    body: list[list[str | Cell]] = [
        [
            Cell(words.week(row["week"]), _stretch(view, row["first"], row["last"])),
            _sentence(row[f"text_{words.language}"]),
        ]
        for row in rows.to_dicts()
    ]
    heads = [words("reasons.column_week"), words("reasons.column_why")]
    show_table(Table(words("reasons.peaks"), heads, body))
    st.caption(words("reasons.peaks_note"))


def _sentence(text: str) -> str:
    """A sentence on a peak without its week, which stands beside it."""
    said = text.partition(": ")[2]
    return said[:1].upper() + said[1:]


def _stretch(view: View, first: date, last: date) -> str:
    if first == last:
        return ""
    return view.words(
        "reasons.stretch",
        first=view.words.short_week(first),
        last=view.words.short_week(last),
    )


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
    alt = _causes_alt(view, usual, parts)
    show_chart(causes_chart(parts, words, grain), alt=alt, key="causes")
    show_data(view, _causes_table(view, shown, grain))


def _causes_alt(view: View, usual: pl.DataFrame, parts: pl.DataFrame) -> str:
    words = view.words
    level = usual["count"].median()
    sums = parts.group_by("cause").agg(pl.col("count").abs().sum()).sort("count")
    largest = [words(f"cause.{code}") for code in sums["cause"].to_list()[::-1][:2]]
    return words(
        "reasons.causes_alt",
        usual=words.number(float(level) if isinstance(level, float) else None),
        largest=words("reasons.and").join(name.lower() for name in largest),
    )


def _causes_table(view: View, rows: pl.DataFrame, grain: Grain) -> Table:
    words = view.words
    found = set(rows["cause"])
    kinds = [cause for cause in reasons.CAUSES if cause in found]
    wide = rows.pivot("cause", index="start", values="count").sort("start").fill_null(0)
    say = words.week if grain == "week" else words.short_day
    body = [
        [
            say(row["start"]),
            words.number(sum(row[kind] for kind in kinds)),
            *(words.number(row[kind]) for kind in kinds),
        ]
        for row in wide.head(ROWS_SHOWN).to_dicts()
    ]
    heads = [
        words("demand.column_start"),
        words("demand.column_mean"),
        *(words(f"cause.{kind}") for kind in kinds),
    ]
    numeric = frozenset(range(1, len(heads)))
    return Table(words("reasons.causes"), heads, body, numeric)


def say_shifts(view: View, run: RunRecord, series: list[str]) -> None:
    """Every shift of level that was found, named with its date and size."""
    words = view.words
    rows = read(view, reasons.level_shifts, run, series)
    for row in rows.head(3).to_dicts():
        text = words(
            "reasons.shift",
            series=words.series(row["subject"]),
            day=words.day(row["first"]),
            ratio=words.number(row["ratio"], 2),
            low=words.number(row["low"], 2),
            high=words.number(row["high"], 2),
        )
        st.info(text, icon=":material/trending_up:")


def say_special(view: View, run: RunRecord, series: list[str]) -> None:
    """How many series are new, short or small, and which fees are not reckoned with."""
    for kind, count in read(view, reasons.special, run, series):
        st.caption(view.words(f"notice.{kind.replace(' ', '_')}", count=count))
    fees = run.figures.get("fees_not_reckoned")
    for fee in fees if isinstance(fees, list) else []:
        service = view.words.service(fee["service"])
        text = view.words(
            "notice.fee",
            service=service,
            name=fee["name"],
            day=view.words.day(date.fromisoformat(fee["day"])),
        )
        st.info(text, icon=":material/info:")


def draw_changes(view: View, run: RunRecord, selection: Selection) -> None:
    """What moved the forecast of the same weeks since the run before, and why."""
    words, group = view.words, selection.service or selection.channel
    if group is None or selection.location is not None:
        return
    found = read(view, reasons.moved, run, group)
    if found is None:
        return
    heading(words("reasons.changes"))
    st.markdown(
        words(
            "reasons.changes_note",
            weeks=found.weeks,
            before=words.number(found.before),
            now=words.number(found.now),
            more=words.signed(found.now - found.before),
        )
    )
    body = [[_change(view, cause), words.signed(n)] for cause, n in found.causes]
    heads = [words("reasons.column_cause"), words("reasons.column_contacts")]
    show_table(Table(words("reasons.changes"), heads, body, frozenset({1})))


def _change(view: View, cause: str) -> str:
    """A cause of a change in words; notes and events with their number or name."""
    kind, _, name = cause.partition(" ")
    text = view.words.named("change", kind)
    return f"{text} {name}" if name else text
