"""Effects that were measured, each with its interval and from what; home delivery."""

import re
from datetime import date

import polars as pl
import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.view import View, read, show_table
from dashboard.queries import measured
from forecasting.records import RunRecord

SHOWN = 8
PHASE = re.compile(r"weeks (-?\d+) to (-?\d+)")


def draw_measured(
    view: View, run: RunRecord, series: list[str], services: list[str]
) -> None:
    """An expander with the effects on the services shown; nothing where none was found."""
    words = view.words
    effects = read(view, measured.effects, run, services)
    visits = read(view, measured.second_visits, run, series)
    if effects.is_empty() and visits.is_empty():
        return
    with st.expander(words("measured.heading")):
        if not effects.is_empty():
            _draw_effects(view, run, effects)
        if not visits.is_empty():
            _draw_visits(view, visits)


def _draw_effects(view: View, run: RunRecord, rows: pl.DataFrame) -> None:
    words, last = view.words, str(run.figures.get("history_last"))
    body: list[list[str | Cell]] = [
        [
            Cell(_effect(view, row), words.service(row["subject"])),
            _change(view, row["ratio"]),
            Cell(
                _between(_change(view, row["low"]), _change(view, row["high"])),
                "" if row["clear"] else words("measured.unclear"),
            ),
            _evidence(view, row, ahead=str(row["first"]) > last),
        ]
        for row in rows.head(SHOWN).to_dicts()
    ]
    heads = [words(f"measured.{n}") for n in ("effect", "size", "interval", "evidence")]
    show_table(
        Table(words("measured.heading"), heads, body, frozenset({1, 2}), stacks=True)
    )
    if rows.height > len(body):
        st.caption(words("measured.more", shown=len(body), count=rows.height))


def _effect(view: View, row: dict[str, str]) -> str:
    """The effect in words: a kind, and of what."""
    words, kind, detail = view.words, row["kind"], row["detail"]
    if kind != "fee":
        return words.named("effect", detail.replace(" ", "_").replace(",", ""))
    name, _, phase = detail.rpartition(": ")
    weeks = PHASE.fullmatch(phase)
    if weeks is None:
        return words("measured.fee_net", name=name)
    return words("measured.fee", name=name, first=weeks[1], last=weeks[2])


def _evidence(view: View, row: dict[str, object], *, ahead: bool) -> str:
    words, count = view.words, row["evidence"]
    number = count if isinstance(count, int) else 0
    kind = str(row["kind"]).replace("-", "_")
    text = words.many(f"measured.from_{kind}", number)
    if ahead:
        return words("measured.expected", evidence=text)
    return f"{text}, {_years(row['first'], row['last'])}"


def _draw_visits(view: View, rows: pl.DataFrame) -> None:
    words = view.words
    body: list[list[str | Cell]] = [
        [
            words.series(row["series"]),
            words.share(row["never"]),
            _between(words.share(row["low"]), words.share(row["high"])),
            Cell(
                _after(view, row["after"], row["cadence"]),
                _years(row["first"], row["last"]),
            ),
        ]
        for row in rows.to_dicts()
    ]
    heads = [words(f"measured.{n}") for n in ("visits", "never", "interval", "rest")]
    show_table(
        Table(words("measured.visits"), heads, body, frozenset({1, 2}), stacks=True)
    )
    st.caption(words("measured.visits_note"))


def _after(view: View, periods: float, cadence: str) -> str:
    return view.words(f"measured.after_{cadence}", after=view.words.number(periods, 1))


def _change(view: View, ratio: float) -> str:
    return f"{view.words.signed(round(100 * (ratio - 1)))}%"


def _between(low: str, high: str) -> str:
    return f"{low} \u2026 {high}"


def _years(first: object, last: object) -> str:
    if not isinstance(first, date) or not isinstance(last, date):
        return ""
    return (
        f"{first.year}\u2013{last.year}" if first.year < last.year else f"{last.year}"
    )
