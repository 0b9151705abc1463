"""The form of each kind of edit: its fields, and what they tell replanning."""

from collections.abc import Callable

import streamlit as st

from dashboard.pages.rostering.desk import Desk
from dashboard.pending import Kind, PendingEdit


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
