"""Peaks and reminders: where work exceeds capacity, and which letters flatten it."""

from datetime import timedelta

import polars as pl
import streamlit as st

from dashboard.charts.load import letters_chart, smoothing_chart
from dashboard.charts.tables import Cell, Table
from dashboard.pages.batches import draw_batches
from dashboard.pages.tasks import start_button
from dashboard.pages.view import (
    View,
    heading,
    read,
    show_chart,
    show_data,
    show_missing,
    show_table,
)
from dashboard.queries import chain, load
from forecasting.records import RunRecord

PEAKS_NAMED = 12


def draw(view: View) -> None:
    """Lay out the page."""
    words = view.words
    run = chain.newest_run(view.workspace, "reminders")
    if run is None:
        show_missing(view, "peaks.empty")
    else:
        _draw_cards(view, run)
        _draw_smoothing(view, run)
        _draw_letters(view, run)
    draw_batches(view, run)
    _draw_peaks(view)
    label = words("job.start_reminders" if run is None else "job.again_reminders")
    start_button(view, label, ("reminders", "plan"), key="reminders")


def _draw_cards(view: View, run: RunRecord) -> None:
    words = view.words
    first, second, third = st.columns(3)
    with first:
        note = words("peaks.letters_planned_note")
        letters = words.number(chain.figure(run, "letters_planned"))
        _card(view, "peaks.letters_planned", letters, note)
    for column, end in ((second, "before"), (third, "after")):
        load_hours = chain.figure(run, "peak_load_hours", end)
        week = chain.figure_week(run, "peak_week", end)
        note = words("peaks.in_week", week=words.week(week)) if week else ""
        delta = _change(run) if end == "after" else None
        with column:
            _card(view, f"peaks.peak_{end}", words.hours(load_hours), note, delta)


def _change(run: RunRecord) -> float | None:
    before, after = (
        chain.figure(run, "peak_load_hours", end) for end in ("before", "after")
    )
    return None if before is None or after is None else after - before


def _card(
    view: View, key: str, value: str, note: str, delta: float | None = None
) -> None:
    told = None
    if delta is not None:
        told = view.words("peaks.delta", hours=view.words.signed(delta))
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(
            view.words(key),
            value,
            told,
            delta_color="green" if delta is not None and delta < 0 else "gray",
            delta_arrow="off",
        )
        st.caption(note or view.words("missing"))


def _draw_smoothing(view: View, run: RunRecord) -> None:
    words = view.words
    heading(words("peaks.smoothing"))
    rows = read(view, load.smoothing, run)
    over = [
        rows.filter(pl.col(name) > pl.col("capacity")).height
        for name in ("before", "after")
    ]
    alt = words("peaks.smoothing_alt", weeks=rows.height, before=over[0], after=over[1])
    show_chart(smoothing_chart(rows, words), alt=alt, key="smoothing")
    columns = ("before", "after", "capacity")
    body = [
        [words.week(row["week"]), *(words.number(row[name]) for name in columns)]
        for row in rows.to_dicts()
    ]
    heads = [words("common.week"), *(words(f"peaks.{name}_hours") for name in columns)]
    show_data(view, Table(words("peaks.smoothing"), heads, body, frozenset({1, 2, 3})))


def _draw_letters(view: View, run: RunRecord) -> None:
    words = view.words
    heading(words("peaks.letters"))
    rows = read(view, load.letters, run)
    if rows.is_empty():
        show_missing(view, "peaks.no_letters")
        return
    total, weeks = int(rows["letters"].sum()), rows["mailing_week"].n_unique()
    alt = words("peaks.letters_alt", letters=words.number(total), weeks=weeks)
    show_chart(letters_chart(rows, words, load.SMALLEST_CELL), alt=alt, key="letters")
    show_data(view, _letters_table(view, rows))


def _letters_table(view: View, rows: pl.DataFrame) -> Table:
    words, wide = view.words, load.week_by_service(rows)
    services = wide.columns[1:]
    body: list[list[str | Cell]] = [
        [words.week(row["mailing_week"]), *(_letters(view, row[s]) for s in services)]
        for row in wide.to_dicts()
    ]
    heads = [words("peaks.mailing_week"), *(words.service(s) for s in services)]
    numeric = frozenset(range(1, len(heads)))
    return Table(words("peaks.letters"), heads, body, numeric)


def _letters(view: View, count: int | None) -> Cell:
    if not count:
        return Cell("\u2013", tone="muted")
    small = count < load.SMALLEST_CELL
    return Cell(f"<{load.SMALLEST_CELL}" if small else view.words.number(count))


def _draw_peaks(view: View) -> None:
    words = view.words
    heading(words("peaks.named"))
    run = chain.newest_run(view.workspace, "requirement")
    if run is None:
        show_missing(view, "peaks.no_requirement")
        return
    rows = read(view, load.peaks, run, first=view.this_week)
    if not rows:
        st.success(words("peaks.none"), icon=":material/check:")
        return
    heads = [
        words(f"peaks.{name}")
        for name in ("week", "team", "asked", "capacity_hours", "over")
    ]
    body = [_peak_row(view, peak) for peak in rows[:PEAKS_NAMED]]
    show_table(Table(words("peaks.named"), heads, body, frozenset({2, 3, 4})))
    st.caption(words("peaks.definition", count=len(rows), shown=len(body)))


def _peak_row(view: View, peak: load.Peak) -> list[str | Cell]:
    words = view.words
    sunday = words.day(peak.week + timedelta(days=6))
    team = words.named("skill", peak.skill)
    over: str | Cell = words("missing")
    if peak.over is not None:
        over = Cell(words.signed(peak.over), tone="over")
    return [
        Cell(words.week(peak.week), words("peaks.until", day=sunday)),
        Cell(team, words.named("location", peak.location)),
        words.number(peak.hours_q75),
        words.number(peak.capacity),
        over,
    ]
