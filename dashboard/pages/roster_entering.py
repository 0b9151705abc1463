"""The form of each kind of edit: its fields, and what they tell replanning."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time

import polars as pl
import streamlit as st

from dashboard.pages.roster_choosing import Choice
from dashboard.pages.roster_grid import Shift
from dashboard.pages.view import View, read
from dashboard.pending import Kind, PendingEdit
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


def enter_absent(at: Desk) -> PendingEdit:
    """Somebody is absent for days or parts of them; the reason is nobody's business."""
    who = at.person("person")
    first = at.day("first", who)
    last = at.day("last", who, first)
    hours = at.part_of_day()
    text = f"{who}:{first}..{last}" + (f":{hours}" if hours else "")
    return PendingEdit("absent", (("absent", text),), who, "", first, last, hours)


def enter_free(at: Desk) -> PendingEdit:
    """Somebody has a day off that is settled."""
    who = at.person("person")
    day = at.day("day", who)
    return PendingEdit("free", (at.settled(who, day, None),), who, "", day)


def enter_shift(at: Desk) -> PendingEdit:
    """Somebody has a shift that is settled."""
    who = at.person("person")
    day, hours = at.day("day", who), at.hours()
    words = at.view.words
    place = st.selectbox(
        words("common.location"),
        at.places,
        index=at.places.index(at.homes[who]),
        format_func=lambda code: words.named("location", code),
        key=f"edit_place_{who}",
    )
    option = ("give", f"{who}:{day}:{hours}@{place}")
    return PendingEdit("give", (option,), who, "", day, "", hours)


def enter_lock(at: Desk) -> PendingEdit:
    """Somebody's day stays as it is, worked or free."""
    who = at.person("person")
    day = at.day("day", who)
    has = at.shifts.get((who, day))
    option, hours = at.settled(who, day, has), has.times if has else ""
    return PendingEdit("lock", (option,), who, "", day, "", hours)


def enter_swap(at: Desk) -> PendingEdit | None:
    """Two people take one another's day; None where it is one person, or both are free."""
    who, other = at.person("person"), at.person("other")
    day = at.day("day", who)
    theirs, own = at.shifts.get((other, day)), at.shifts.get((who, day))
    if who == other or theirs == own:
        st.caption(at.view.words("edit.nothing_to_swap"))
        return None
    options = (at.settled(who, day, theirs), at.settled(other, day, own))
    return PendingEdit("swap", options, who, other, day)


def enter_available(at: Desk) -> PendingEdit:
    """Somebody can work after all, with contract hours more for it if agreed."""
    who = at.person("person")
    day, hours = at.day("day", who), at.part_of_day()
    label = at.view.words("edit.more_hours")
    more = st.number_input(label, 0.0, 24.0, step=0.5, key="edit_more")
    text = f"{who}:{day}" + (f":{hours}" if hours else "")
    option = ("available", text + (f":+{more:g}" if more else ""))
    return PendingEdit("available", (option,), who, "", day, "", hours)


def enter_calls(at: Desk) -> PendingEdit | None:
    """More contacts than expected, or fewer; None where there are none."""
    words = at.view.words

    def say(team: str) -> str:
        place, skill = team.split("/")
        return f"{words.named('skill', skill)}, {words.named('location', place)}"

    team = st.selectbox(
        words("common.team"), at.teams, format_func=say, key="edit_team"
    )
    day = at.day("day")
    label = words("edit.contacts")
    number = int(st.number_input(label, -9999, 9999, 0, step=10, key="edit_contacts"))
    if not number:
        return None
    option = ("calls", f"{team}/{day}:{number:+d}")
    return PendingEdit("calls", (option,), "", say(team), day, "", f"{number:+d}")


def enter_agreed(at: Desk) -> PendingEdit:
    """Somebody agrees to be changed within the notice."""
    who = at.person("person")
    return PendingEdit("agreed", (("agreed", who),), who)


FORMS: dict[Kind, Callable[[Desk], PendingEdit | None]] = {
    "absent": enter_absent,
    "free": enter_free,
    "give": enter_shift,
    "lock": enter_lock,
    "swap": enter_swap,
    "available": enter_available,
    "calls": enter_calls,
    "agreed": enter_agreed,
}
