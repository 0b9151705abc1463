"""The week per person: hours, work and breaks, and what differs from what people know."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl
import streamlit as st

from dashboard.charts import shift_bars
from dashboard.charts.shift_bars import Look, Work
from dashboard.charts.tables import Cell, Table, Tone
from dashboard.pages.rostering.choosing import Choice
from dashboard.pages.rostering.coverage import draw_coverage
from dashboard.pages.rostering.shifts import (
    Day,
    Shift,
    by_day,
    changed_days,
    shifts_here,
)
from dashboard.pages.view import View, heading, read, show_missing
from dashboard.queries import roster
from dashboard.queries.roster_versions import absent_days


def draw_week(view: View, choice: Choice) -> None:
    """The grid, and below it how what is required is covered."""
    _draw_grid(view, choice)
    draw_coverage(view, choice)


def _draw_grid(view: View, choice: Choice) -> None:
    words = view.words
    heading(words("roster.grid"))
    shifts = shifts_here(view, choice)
    if shifts.is_empty():
        show_missing(view, "roster.nobody")
        return
    grid = Grid(view, choice, shifts, changed_days(view, choice))
    st.html(shift_bars.STYLE)
    st.html(shift_bars.legend(grid.look, words))
    st.html(f'<div class="pw-grid">{grid.table().html()}</div>')
    told = words("roster.grid_note", people=shifts["person"].n_unique())
    st.caption(f"{told} {words('roster.grid_changed') if grid.changed else ''}")


class Grid:
    """The shifts of a week as a table: a row per person, a column per day."""

    def __init__(
        self,
        view: View,
        choice: Choice,
        shifts: pl.DataFrame,
        changed: Mapping[Day, Shift | None],
    ) -> None:
        self.view, self.location = view, choice.location
        self.absent = absent_days(choice.at.run)
        every = read(view, roster.blocks, choice.at.run, None, view.zone)
        self.work: dict[Day, list[Work]] = {}
        for code, skill, start, end in every.select(
            "person", "skill", "from", "to"
        ).rows():
            self.work.setdefault((code, start.date()), []).append(
                Work(start, end, skill)
            )
        self.shifts = by_day(shifts)
        self._was = changed
        self.changed = {key: was for key, was in changed.items() if self._is_here(key)}
        self.people = _people(view, shifts, self.changed)
        self.look = _look(shifts, every["skill"].unique().to_list())
        self.days = _days(choice.at.week, {day for _, day in self.shifts})

    def _is_here(self, key: Day) -> bool:
        """Whether a changed day is of this grid: worked here, or it was."""
        was = self._was.get(key)
        here = was is not None and was.location == self.location
        return self.location is None or key in self.shifts or here

    def table(self) -> Table:
        """The whole grid."""
        words = self.view.words
        heads = [
            words("roster.person"),
            *(words.short_day(day) for day in self.days),
            words("roster.hours"),
            words("roster.contract"),
        ]
        body = [self._row(*person) for person in self.people]
        numeric = frozenset({len(heads) - 2, len(heads) - 1})
        return Table(words("roster.grid"), heads, body, numeric)

    def _row(self, code: str, label: str, contract: float | None) -> list[str | Cell]:
        words = self.view.words
        own = [
            s for (who, _), found in self.shifts.items() if who == code for s in found
        ]
        places = Counter(shift.location for shift in own)
        home = places.most_common(1)[0][0] if places else ""
        note = words.named("location", home) if home and not self.location else ""
        return [
            Cell(label, note),
            *(self._cell((code, day), home) for day in self.days),
            words.number(sum(shift.hours for shift in own), 1),
            words.number(contract),
        ]

    def _cell(self, key: Day, home: str) -> Cell:
        words, shifts = self.view.words, self.shifts.get(key, [])
        off = words("roster.absent") if key in self.absent else "\u2013"
        hours = " + ".join(shift.times for shift in shifts) or off
        drawn = "".join(self._drawn(key, shift) for shift in shifts)
        away = sorted({shift.location for shift in shifts} - {home})
        notes = [words.named("location", place) for place in away]
        if key not in self.changed:
            tone: Tone = "plain" if shifts else "muted"
            return Cell(hours, ", ".join(notes), tone, drawn)
        was = self.changed[key]
        before = was.times if was else words("roster.free")
        notes.append(words("roster.was", before=before))
        return Cell(f"\u25c6 {hours}", ", ".join(notes), "near", drawn)

    def _drawn(self, key: Day, shift: Shift) -> str:
        own = [
            one
            for one in self.work.get(key, [])
            if shift.start <= one.start < shift.end
        ]
        bar = shift_bars.shift_bar(shift.start, shift.end, own, self.look)
        return bar + shift_bars.said(own, self.view.words)


def _people(
    view: View, shifts: pl.DataFrame, changed: Mapping[Day, Shift | None]
) -> list[tuple[str, str, float | None]]:
    """Code, label and contract hours of who works here or did before the change."""
    known = {
        code: (label, hours)
        for code, label, hours in roster.staff(view.workspace).rows()
    }
    codes = {*shifts["person"].to_list(), *(code for code, _ in changed)}
    found = [(code, *known.get(code, (code, None))) for code in codes]
    return sorted(found, key=lambda person: (person[1], person[0]))


def _look(shifts: pl.DataFrame, skills: list[str]) -> Look:
    """From the earliest begin to the latest end of the day, in whole hours."""
    first = shifts["start"].dt.hour().min()
    last = (shifts["end"] - timedelta(minutes=1)).dt.hour().max()
    edges = [float(hour) for hour in (first, last) if isinstance(hour, int)]
    return shift_bars.look_of(skills, edges[0], edges[-1] + 1)


def _days(monday: date, worked: set[date]) -> list[date]:
    return [day for i in range(7) if (day := monday + timedelta(days=i)) in worked]
