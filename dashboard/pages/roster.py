"""Roster: who works when, where people are short and why, and what to hand out."""

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl
import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.coverage import draw_coverage, draw_day
from dashboard.pages.handout import draw_exports, draw_shortfalls
from dashboard.pages.roster_totals import draw_totals
from dashboard.pages.tasks import start_button
from dashboard.pages.view import (
    View,
    choose,
    heading,
    read,
    show_missing,
    show_table,
    switch,
)
from dashboard.queries import chain, roster
from dashboard.roles import Action
from forecasting.calendar import parse_week, week_name
from forecasting.records import RunRecord


def draw(view: View) -> None:
    """Lay out the page."""
    if not view.may(Action.see_people):
        draw_totals(view)
        return
    weeks = chain.weeks_of(view.workspace, "roster")
    if not weeks:
        show_missing(view, "roster.empty")
        start_button(view, view.words("job.start_roster"), ("roster",), key="roster")
        return
    week, location, show = _choose(view, weeks)
    run = chain.newest_run(view.workspace, "roster", week=week)
    if run is None:
        show_missing(view, "roster.empty")
        return
    _draw_cards(view, run)
    shifts = read(view, roster.shifts, run, view.zone)
    here = shifts if location is None else shifts.filter(pl.col("location") == location)
    if show == "week":
        _draw_grid(view, run, here, parse_week(week))
        draw_coverage(view, run, parse_week(week))
    else:
        draw_day(view, run, here, parse_week(week), location)
    draw_shortfalls(view, run)
    draw_exports(view, week)


def _choose(view: View, weeks: list[str]) -> tuple[str, str | None, str]:
    words = view.words
    boxes = st.columns([2, 2, 2])
    with boxes[0]:
        ahead = [week for week in weeks if week >= week_name(view.today)]
        week = choose(
            "week",
            weeks,
            label=words("common.week"),
            say=words.week,
            default=next(iter(ahead), weeks[-1]),
        )
    run = chain.newest_run(view.workspace, "roster", week=week or weeks[-1])
    places = [] if run is None else _places(view, run)
    with boxes[1]:
        location = choose(
            "location",
            places,
            label=words("common.location"),
            say=lambda code: words.named("location", code),
            all_label=words("common.all_location"),
        )
    with boxes[2]:
        show = switch(
            "show",
            ["week", "day"],
            label=words("roster.show"),
            say=lambda s: words(f"roster.show_{s}"),
        )
    return week or weeks[-1], location, show


def _places(view: View, run: RunRecord) -> list[str]:
    shifts = read(view, roster.shifts, run, view.zone)
    places: list[str] = shifts["location"].unique().sort().to_list()
    return places


def _draw_cards(view: View, run: RunRecord) -> None:
    words = view.words
    need, have = (
        chain.figure(run, "required_hours"),
        chain.figure(run, "rostered_hours"),
    )
    broken, gap = chain.figure(run, "hard_violations"), chain.figure(run, "gap")
    short = roster.shortfall_count(run)
    cards = (
        (
            "roster.rostered",
            words.hours(have),
            words("roster.required", hours=words.hours(need)),
        ),
        ("roster.violations", words.number(broken), words("roster.violations_note")),
        ("roster.short", words.number(short), words("roster.short_note")),
        ("roster.gap", words.share(gap, 1), words("roster.gap_note")),
    )
    for column, (key, value, note) in zip(st.columns(len(cards)), cards, strict=True):
        with column, st.container(border=True, height="stretch", gap="xsmall"):
            st.metric(words(key), value)
            st.caption(note)


def _draw_grid(view: View, run: RunRecord, shifts: pl.DataFrame, week: date) -> None:
    words = view.words
    heading(words("roster.grid"))
    if shifts.is_empty():
        show_missing(view, "roster.nobody")
        return
    skills = {
        (row["person"], row["day"]): row["skills"]
        for row in read(view, roster.skills_by_shift, run, view.zone).to_dicts()
    }
    worked = {row["day"] for row in shifts.select("day").to_dicts()}
    days = [
        day for day in (week + timedelta(days=i) for i in range(7)) if day in worked
    ]
    people = shifts.partition_by("person", maintain_order=True)
    body = [_person_row(view, rows, days, skills) for rows in people]
    heads = [
        words("roster.person"),
        *(words.short_day(day) for day in days),
        words("roster.hours"),
        words("roster.contract"),
    ]
    numeric = frozenset({len(heads) - 2, len(heads) - 1})
    show_table(Table(words("roster.grid"), heads, body, numeric))
    st.caption(words("roster.grid_note", people=len(people)))


def _person_row(
    view: View,
    rows: pl.DataFrame,
    days: list[date],
    skills: Mapping[tuple[str, date], list[str]],
) -> list[str | Cell]:
    words = view.words
    shifts = {row["day"]: row for row in rows.to_dicts()}
    first = rows.row(0, named=True)
    cells = [
        _shift_cell(view, shifts.get(day), skills.get((first["person"], day), []))
        for day in days
    ]
    total, contract = float(rows["hours"].sum()), first["contract_hours"]
    return [
        first["label"],
        *cells,
        words.number(total, 1),
        words.number(contract) if contract is not None else words("missing"),
    ]


def _shift_cell(
    view: View, shift: Mapping[str, object] | None, skills: list[str]
) -> Cell:
    if shift is None:
        return Cell("\u2013", tone="muted")
    words = view.words
    tasks = ", ".join(words.named("skill", skill) for skill in skills)
    place = words.named("location", str(shift["location"]))
    hours = f"{shift['start']:%H:%M}\u2013{shift['end']:%H:%M}"
    return Cell(hours, f"{place}: {tasks}" if tasks else place)
