"""One promise at one location: weeks in a chart and a table, and what was expected."""

import polars as pl
import streamlit as st

from dashboard.charts.promises import promise_chart
from dashboard.charts.tables import Cell, Table
from dashboard.pages.promise_words import (
    TONES,
    Row,
    aim_of,
    fewer_of,
    interval_of,
    name_of,
    verdict_of,
    wait_of,
)
from dashboard.pages.view import View, heading, show_chart, show_data, show_table
from dashboard.queries.promises import Promise

COLUMNS = ("week", "asked", "hits", "share", "interval", "mean", "days", "verdict")
NUMBERS = frozenset(range(1, 7))
WITH_EXPECTED = ("answered", "counter", "first_free")


def draw_weeks(view: View, promise: Promise, rows: pl.DataFrame, location: str) -> None:
    """The chart with its alternatives, how it was measured, and the expectation."""
    words = view.words
    place = words.named("location", location)
    heading(f"{name_of(words, promise)}: {place}")
    told = rows.filter(pl.col("verdict").is_not_null())
    _draw_notes(view, promise, told)
    alt = _alt(view, promise, told, place)
    show_chart(promise_chart(rows, promise.target, words), alt=alt, key="promise")
    show_data(view, _table(view, promise, told))
    with st.expander(words("promises.how")):
        st.markdown(_measured(view, promise))
    if promise.name in WITH_EXPECTED:
        _draw_expected(view, promise, rows)


def _draw_notes(view: View, promise: Promise, told: pl.DataFrame) -> None:
    """What the export measures otherwise than was promised."""
    words = view.words
    for note in told["note"].drop_nulls().unique().sort().to_list():
        seconds = ", ".join(words.duration(s) for s in promise.told_s)
        wanted = words.duration(promise.within or 0)
        text = words(f"promises.note_{note}", told=seconds, wanted=wanted)
        st.warning(text, icon=":material/info:")


def _alt(view: View, promise: Promise, told: pl.DataFrame, place: str) -> str:
    words, shares = view.words, told["share"].drop_nulls()
    if shares.is_empty():
        return words("promises.alt_few", place=place)
    counts = {
        verdict: told.filter(pl.col("verdict") == verdict).height
        for verdict in ("kept", "missed", "unclear")
    }
    return words(
        "promises.alt",
        name=name_of(words, promise),
        place=place,
        low=words.share(shares.sort()[0], 1),
        high=words.share(shares.sort()[-1], 1),
        weeks=told.height,
        aim=aim_of(words, promise),
        **counts,
    )


def _measured(view: View, promise: Promise) -> str:
    """How the figures came about, and whose the promise is."""
    words = view.words
    parts = [words(f"promises.how_{promise.name}")]
    if promise.abandoned is not None:
        how = words(f"data.abandoned_{promise.abandoned}")
        parts.append(words("promises.abandoned", how=how))
    if promise.channels:
        named = [words.named("channel", one).lower() for one in promise.channels]
        parts.append(words("promises.channels", channels=", ".join(named)))
    parts += [
        words("promises.sampling"),
        words("promises.source", source=promise.source),
    ]
    return " ".join(parts)


def _table(view: View, promise: Promise, told: pl.DataFrame) -> Table:
    words = view.words
    hits = "missed" if promise.at_most else "hits"
    names = [hits if name == "hits" else name for name in COLUMNS]
    heads = [words(f"promises.column_{name}") for name in names]
    rows = told.sort("week", descending=True).iter_rows(named=True)
    body = [_row(view, promise, row) for row in rows]
    return Table(words("promises.table"), heads, body, NUMBERS)


def _row(view: View, promise: Promise, row: Row) -> list[str | Cell]:
    words = view.words
    few = fewer_of(words, promise) if row["verdict"] == "few" else None
    verdict = row["verdict"]
    return [
        words.week(row["week"]),
        few or words.number(row["asked"]),
        few or words.number(row["hits"]),
        few or words.share(row["share"], 1),
        few or interval_of(words, row),
        few or wait_of(words, promise, row) or "\u2013",
        words("promises.of_days", n=row["days"], all=row["open_days"]),
        Cell(verdict_of(words, verdict), tone=TONES.get(verdict, "plain")),
    ]


def _draw_expected(view: View, promise: Promise, rows: pl.DataFrame) -> None:
    """What a simulation or the agenda expects, and how it did where both are known."""
    words = view.words
    known = rows.filter(pl.col("expected").is_not_null())
    st.subheader(words("promises.beside"), anchor=False)
    if known.is_empty():
        st.caption(words(f"promises.no_expected_{promise.name}"))
        return
    show_table(_expected_table(view, known))
    judged = known["agrees"].drop_nulls()
    key = "promises.trust" if judged.len() else "promises.no_trust"
    st.caption(words(key, inside=int(judged.sum()), weeks=judged.len()))
    st.caption(words(f"promises.from_{promise.name}"))


def _expected_table(view: View, known: pl.DataFrame) -> Table:
    words = view.words
    names = ("week", "expected", "spread", "share", "interval", "agrees")
    body: list[list[str | Cell]] = [
        [
            words.week(row["week"]),
            words.share(row["expected"], 1),
            "\u2013"
            if row["expected_low"] is None
            else interval_of(words, row, "expected_low", "expected_high"),
            words("promises.to_come")
            if row["verdict"] is None
            else words.share(row["share"], 1),
            "\u2013" if row["low"] is None else interval_of(words, row),
            "\u2013"
            if row["agrees"] is None
            else words("promises.agrees" if row["agrees"] else "promises.differs"),
        ]
        for row in known.sort("week").iter_rows(named=True)
    ]
    heads = [words(f"promises.column_{name}") for name in names]
    return Table(
        words("promises.beside"), heads, body, frozenset(range(1, 5)), stacks=True
    )
