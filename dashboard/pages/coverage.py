"""How a roster covers what is required: per team and day, and per quarter-hour."""

from collections.abc import Mapping
from datetime import date

import polars as pl
import streamlit as st

from dashboard.charts.roster import day_chart, spare_chart
from dashboard.charts.tables import Cell, Table
from dashboard.pages.view import (
    View,
    heading,
    read,
    show_chart,
    show_missing,
    show_table,
    switch,
)
from dashboard.queries import roster, slots
from forecasting.records import RunRecord


def draw_coverage(view: View, run: RunRecord, week: date) -> None:
    """People rostered of required, per team and day of the week."""
    words = view.words
    heading(words("roster.coverage"))
    rows = read(view, slots.coverage, run, week, view.zone)
    if rows.is_empty():
        show_missing(view, "roster.no_coverage")
        return
    by_day = (
        rows.with_columns(pl.col("local").dt.date().alias("day"))
        .group_by("skill", "location", "day", maintain_order=True)
        .agg(
            (pl.col("required", "rostered").sum() / 4),
            (pl.col("spare") < 0).sum().alias("short"),
        )
    )
    days = by_day["day"].unique().sort().to_list()
    cells = {(r["skill"], r["location"], r["day"]): r for r in by_day.to_dicts()}
    teams = by_day.select("skill", "location").unique(maintain_order=True).rows()
    body = [
        [
            Cell(words.named("skill", skill), words.named("location", place)),
            *(_coverage_cell(view, cells.get((skill, place, day))) for day in days),
        ]
        for skill, place in teams
    ]
    heads = [words("common.team"), *(words.short_day(day) for day in days)]
    show_table(Table(words("roster.coverage"), heads, body))
    st.caption(words("roster.coverage_note"))


def _coverage_cell(view: View, row: Mapping[str, float] | None) -> Cell:
    words = view.words
    if row is None:
        return Cell("\u2013", tone="muted")
    text = words(
        "roster.of",
        rostered=words.number(row["rostered"], 1),
        required=words.number(row["required"], 1),
    )
    short = int(row["short"])
    if not short:
        return Cell(text, words("roster.covered"), "calm")
    return Cell(
        text,
        words.many("roster.quarters_short", short, n=short),
        "near" if short < 8 else "over",
    )


def draw_day(
    view: View, run: RunRecord, shifts: pl.DataFrame, week: date, location: str | None
) -> None:
    """A day of the roster per person, and where people are over or short."""
    words = view.words
    days = shifts["day"].unique().sort().to_list() or [week]
    names = {day.isoformat(): day for day in days}
    chosen = switch(
        "day",
        list(names),
        label=words("roster.day"),
        say=lambda d: words.short_day(names[d]),
        hidden=True,
    )
    blocks = read(view, roster.blocks, run, names[chosen], view.zone)
    labels = dict(shifts.select("person", "label").unique().rows())
    blocks = blocks.filter(pl.col("person").is_in(list(labels)))
    if blocks.is_empty():
        show_missing(view, "roster.nobody")
        return
    alt = words(
        "roster.day_alt",
        people=blocks["person"].n_unique(),
        day=words.short_day(names[chosen]),
    )
    show_chart(day_chart(blocks, labels, words), alt=alt, key="day")
    _draw_spare(view, run, names[chosen], week, location)


def _draw_spare(
    view: View, run: RunRecord, day: date, week: date, location: str | None
) -> None:
    words = view.words
    rows = read(view, slots.coverage, run, week, view.zone)
    rows = rows.filter(pl.col("local").dt.date() == day)
    if location is not None:
        rows = rows.filter(pl.col("location") == location)
    if rows.is_empty():
        return
    heading(words("roster.spare"))
    short = rows.filter(pl.col("spare") < 0).height
    alt = words("roster.spare_alt", short=short, quarters=rows.height)
    show_chart(spare_chart(rows, words), alt=alt, key="spare")
