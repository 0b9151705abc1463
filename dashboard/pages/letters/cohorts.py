"""Letters by mailing week: per service, and by cohort as a heat map."""

from itertools import groupby

import polars as pl
import streamlit as st

from dashboard.charts.cohorts import cohorts_chart
from dashboard.charts.load import letters_chart
from dashboard.charts.tables import Cell, Table
from dashboard.pages.view import (
    View,
    heading,
    read,
    show_chart,
    show_data,
    show_missing,
)
from dashboard.queries import load, mailing
from forecasting.records import RunRecord


def draw_letters(view: View, run: RunRecord) -> None:
    """Both charts, or that the plan has no letters."""
    words = view.words
    heading(words("peaks.letters"))
    rows = read(view, load.letters, run)
    if rows.is_empty():
        show_missing(view, "peaks.no_letters")
        return
    total, weeks = int(rows["letters"].sum()), rows["mailing_week"].n_unique()
    few = mailing.least_told(view.workspace)
    said = {"letters": words.number(total), "weeks": weeks, "least": few}
    alt = words("peaks.letters_alt", **said)
    show_chart(letters_chart(rows, words, few), alt=alt, key="letters")
    show_data(view, _letters_table(view, rows, few))
    _draw_cells(view, run)


def _letters_table(view: View, rows: pl.DataFrame, few: int) -> Table:
    words, wide = view.words, load.week_by_service(rows)
    services = wide.columns[1:]
    body: list[list[str | Cell]] = [
        [
            words.week(row["mailing_week"]),
            *(_letters(view, row[service], few) for service in services),
        ]
        for row in wide.to_dicts()
    ]
    heads = [words("peaks.mailing_week"), *(words.service(s) for s in services)]
    numeric = frozenset(range(1, len(heads)))
    return Table(words("peaks.letters"), heads, body, numeric)


def _letters(view: View, count: int | None, few: int) -> Cell:
    if not count:
        return Cell("\u2013", tone="muted")
    return Cell(f"<{few}" if count < few else view.words.number(count))


def _draw_cells(view: View, run: RunRecord) -> None:
    words = view.words
    st.subheader(words("cohorts.heading"), anchor=False)
    rows = read(view, mailing.cells, run)
    hidden = rows["letters"].null_count()
    alt = words("cohorts.alt", hidden=hidden, cells=rows.height)
    show_chart(cohorts_chart(rows, words), alt=alt, key="cohorts")
    show_data(view, _cells_table(view, rows))


def _cells_table(view: View, rows: pl.DataFrame) -> Table:
    """A row per cohort: its mailing weeks in order, with their letters."""
    words = view.words
    ordered = rows.sort("service", "expiry_month", "mailing_week").rows()
    body: list[list[str | Cell]] = [
        [
            Cell(words.service(service), words.month_of(month)),
            "; ".join(
                f"{words.short_week(week)}: {_cell(view, count)}"
                for _, _, week, count in cells
            ),
        ]
        for (service, month), cells in groupby(ordered, key=lambda row: row[:2])
    ]
    heads = [words("cohorts.cohort"), words("cohorts.weeks")]
    return Table(words("cohorts.heading"), heads, body)


def _cell(view: View, count: int | None) -> str:
    return view.words("cohorts.hidden") if count is None else view.words.number(count)
