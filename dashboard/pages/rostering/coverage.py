"""How a roster covers what is required: per team and day, and per quarter-hour."""

from collections.abc import Mapping
from datetime import date

import polars as pl
import streamlit as st

from dashboard.charts.coverage import strip_chart
from dashboard.charts.roster import day_chart, spare_chart
from dashboard.charts.tables import Cell, Table
from dashboard.pages.rostering.choosing import Choice
from dashboard.pages.view import (
    View,
    heading,
    read,
    show_chart,
    show_data,
    show_missing,
    show_table,
    switch,
)
from dashboard.queries import roster, slots


def draw_coverage(view: View, choice: Choice) -> None:
    """People rostered against required: the week in quarter-hours, and its days."""
    words = view.words
    heading(words("coverage.title"))
    rows = _coverage(view, choice)
    if rows.is_empty():
        show_missing(view, "roster.no_coverage")
        return
    short = rows.filter(pl.col("spare") < 0).height
    alt = words("coverage.alt", short=short, quarters=rows.height)
    show_chart(strip_chart(rows, words), alt=alt, key="strip")
    show_table(_by_day(view, rows))
    st.caption(words("roster.coverage_note"))


def _coverage(view: View, choice: Choice) -> pl.DataFrame:
    at = choice.at
    return choice.here(read(view, slots.coverage, at.run, at.week, view.zone))


def _by_day(view: View, rows: pl.DataFrame) -> Table:
    words = view.words
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
    return Table(words("roster.coverage"), heads, body)


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


def draw_day(view: View, choice: Choice) -> None:
    """A day of the roster per person, and where people are over or short."""
    words = view.words
    every = read(view, roster.shifts, choice.at.run, view.zone)
    days = every["day"].unique().sort().to_list() or [choice.at.week]
    names = {day.isoformat(): day for day in days}
    chosen = switch(
        "day",
        list(names),
        label=words("roster.day"),
        say=lambda d: words.short_day(names[d]),
        hidden=True,
    )
    day = names[chosen]
    blocks = choice.here(read(view, roster.blocks, choice.at.run, day, view.zone))
    if blocks.is_empty():
        show_missing(view, "roster.nobody")
        return
    labels = dict(every.select("person", "label").unique().rows())
    people = blocks["person"].n_unique()
    alt = words("roster.day_alt", people=people, day=words.short_day(day))
    show_chart(day_chart(blocks, labels, words), alt=alt, key="day")
    show_data(view, _blocks_table(view, blocks, labels))
    _draw_spare(view, _coverage(view, choice), day)


def _blocks_table(view: View, blocks: pl.DataFrame, labels: dict[str, str]) -> Table:
    words = view.words
    heads = [words(f"coverage.{n}") for n in ("who", "time", "work", "place")]
    body: list[list[str | Cell]] = [
        [
            labels[who],
            f"{start:%H:%M}\u2013{end:%H:%M}",
            words.named("skill", skill),
            words.named("location", place),
        ]
        for who, start, end, skill, place in blocks.select(
            "person", "from", "to", "skill", "location"
        ).rows()
    ]
    return Table(words("coverage.blocks"), heads, body)


def _draw_spare(view: View, rows: pl.DataFrame, day: date) -> None:
    words = view.words
    rows = rows.filter(pl.col("local").dt.date() == day)
    if rows.is_empty():
        return
    heading(words("roster.spare"))
    short = rows.filter(pl.col("spare") < 0).height
    alt = words("roster.spare_alt", short=short, quarters=rows.height)
    show_chart(spare_chart(rows, words), alt=alt, key="spare")
    show_data(view, _spare_table(view, rows))


def _spare_table(view: View, rows: pl.DataFrame) -> Table:
    words = view.words
    names = ("time", "work", "place", "need", "have")
    body: list[list[str | Cell]] = [
        [
            f"{at:%H:%M}",
            words.named("skill", skill),
            words.named("location", place),
            words.number(need),
            words.number(have),
        ]
        for at, skill, place, need, have in rows.select(
            "local", "skill", "location", "required", "rostered"
        ).rows()
    ]
    heads = [words(f"coverage.{name}") for name in names]
    return Table(words("roster.spare"), heads, body, frozenset({3, 4}))
