"""What a planner chooses from when entering an edit: people, days, hours and work."""

from dataclasses import dataclass
from datetime import date, time

import polars as pl
import streamlit as st

from dashboard.pages.rostering.choosing import Choice
from dashboard.pages.rostering.shifts import Shift
from dashboard.pages.view import View, read
from dashboard.pending import PendingEdit
from dashboard.queries import roster, roster_checks, slots
from dashboard.queries.roster_versions import run_of
from forecasting.records import RunRecord
from staffing.publish.versions import Version

MORNING, EVENING = time(9), time(17)
STEP_S = 900


@dataclass(frozen=True)
class Desk:
    """What a planner chooses from: people, days and work of the roster replanned."""

    view: View
    labels: dict[str, str]
    homes: dict[str, str]
    places: list[str]
    shifts: dict[tuple[str, str], Shift]
    days: list[str]
    teams: list[str]
    since: int

    def person(self, name: str) -> str:
        """Somebody, by label and code."""
        return st.selectbox(
            self.view.words(f"edit.{name}"),
            list(self.labels),
            format_func=lambda code: f"{self.labels[code]} ({code})",
            key=f"edit_{name}",
        )

    def day(self, name: str, code: str = "", first: str = "") -> str:
        """A day of the week, with what the person has on it."""
        return st.selectbox(
            self.view.words(f"edit.{name}"),
            [day for day in self.days if day >= first],
            format_func=lambda day: self._day_said(day, code),
            key=f"edit_{name}",
        )

    def _day_said(self, day: str, code: str) -> str:
        words = self.view.words
        shift = self.shifts.get((code, day))
        has = shift.times if shift else words("roster.free")
        said = words.short_day(date.fromisoformat(day))
        return f"{said}: {has}" if code else said

    def works(self, edit: PendingEdit) -> bool:
        """Whether whom an edit is about has a shift on its days."""
        last = edit.last or edit.first
        return any(
            code == edit.person and edit.first <= day <= last
            for code, day in self.shifts
        )

    def hours(self) -> str:
        """Begin and end, such as `08:30-12:00`."""
        boxes = st.columns(2)
        found = []
        for box, name, usual in zip(
            boxes, ("from", "until"), (MORNING, EVENING), strict=True
        ):
            with box:
                label = self.view.words(f"edit.{name}")
                key = f"edit_{name}"
                found.append(st.time_input(label, usual, key=key, step=STEP_S))
        return "-".join(f"{at:%H:%M}" for at in found)

    def part_of_day(self) -> str:
        """Empty for the whole day, else its hours."""
        whole = st.checkbox(self.view.words("edit.whole"), value=True, key="edit_whole")
        return "" if whole else self.hours()

    def settled(self, code: str, day: str, shift: Shift | None) -> tuple[str, str]:
        """The option that gives somebody a shift on a day, or (None) the day off."""
        if shift is None:
            return "free", f"{code}:{day}"
        hours = shift.times.replace("\u2013", "-")
        return "give", f"{code}:{day}:{hours}@{shift.location}"


def desk(view: View, choice: Choice, base: Version) -> Desk:
    """What there is to choose from in the version that replanning starts from."""
    run = run_of(view.workspace, base) or choice.at.run
    team = read(view, roster_checks.team, run, base.number)
    cover = read(view, slots.coverage, run, choice.at.week, view.zone)
    days = cover["local"].dt.date().unique().sort().to_list()
    teams = cover.select("location", "skill").unique(maintain_order=True).rows()
    homes = dict(team.select("code", "location").rows())
    return Desk(
        view,
        dict(team.select("code", "label").rows()),
        homes,
        sorted({*homes.values(), *cover["location"].to_list()}),
        _shifts(view, run),
        [day.isoformat() for day in days],
        ["/".join(team) for team in teams],
        base.number,
    )


def _shifts(view: View, run: RunRecord) -> dict[tuple[str, str], Shift]:
    rows = read(view, roster.shifts, run, view.zone).select(
        "person", pl.col("day").cast(pl.String), "start", "end", "location"
    )
    return {(code, day): Shift(*told) for code, day, *told in rows.rows()}
