"""Where people are short, why, what would help, and what nobody could have avoided."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.rostering.choosing import Choice
from dashboard.pages.rostering.violations import draw_violations
from dashboard.pages.view import View, heading, read, show_missing, show_table
from dashboard.queries import roster, roster_checks
from dashboard.queries.roster_checks import Explained
from staffing.roster.result import Cure

SHOWN = 40


def draw_shortfalls(view: View, choice: Choice) -> None:
    """Shortfalls that another roster could serve, then those that none could."""
    words, version = view.words, choice.at.version
    if version is None:
        _draw_told(view, choice)
        return
    run = choice.at.run
    every = read(view, roster_checks.shortfalls, run, version.number)
    here = [one for one in every if _is_here(choice, one)]
    _draw_count(view, here, len(every))
    for kind in ("avoidable", "unavoidable"):
        some = [one for one in here if (one.kind == "unavoidable") == (kind[0] == "u")]
        heading(words(f"shortfall.{kind}", n=len(some)))
        if not some:
            st.success(words(f"shortfall.no_{kind}"), icon=":material/check:")
            continue
        st.caption(words(f"shortfall.{kind}_note"))
        show_table(_table(view, some[:SHOWN], kind))
        if len(some) > SHOWN:
            st.caption(words("common.more", shown=SHOWN, count=len(some)))
    draw_violations(view, choice)


def _draw_told(view: View, choice: Choice) -> None:
    """What a run without a version tells of its own shortfalls."""
    rows = [Explained(found, 0) for found in roster.shortfalls(choice.at.run)]
    here = [one for one in rows if _is_here(choice, one)]
    heading(view.words("shortfall.avoidable", n=len(here)))
    if not here:
        show_missing(view, "shortfall.no_avoidable")
        return
    show_table(_table(view, here[:SHOWN], "avoidable"))


def _is_here(choice: Choice, one: Explained) -> bool:
    found = one.shortfall
    return choice.location in (None, found.location) and choice.skill in (
        None,
        found.skill,
    )


def _draw_count(view: View, here: Sequence[Explained], every: int) -> None:
    """How much is short here, and how much of that nobody could have prevented."""
    words = view.words
    hours = sum(one.shortfall.quarters for one in here) / 4
    beyond = sum(one.unpreventable for one in here) / 4
    told = words(
        "shortfall.count",
        n=len(here),
        every=every,
        hours=words.number(hours, 2),
        beyond=words.number(beyond, 2),
    )
    st.markdown(told)


def _table(view: View, rows: Sequence[Explained], kind: str) -> Table:
    words = view.words
    names = ["when", "team", "short", "reason"]
    if kind != "unavoidable":
        names.append("cures")
    heads = [words(f"roster.shortfall_{name}") for name in names]
    body = [_row(view, one)[: len(names)] for one in rows]
    return Table(
        words(f"shortfall.{kind}", n=len(rows)),
        heads,
        body,
        frozenset({2}),
        stacks=True,
    )


def _row(view: View, one: Explained) -> list[str | Cell]:
    words, found = view.words, one.shortfall
    dutch = words.language == "nl"
    hours = words.hours(found.quarters / 4, 2)
    note = hours
    if one.kind == "partly":
        beyond = words.number(one.unpreventable / 4, 2)
        note = words("shortfall.partly", hours=hours, beyond=beyond)
    return [
        _span(view, found.start, found.end),
        Cell(
            words.named("skill", found.skill), words.named("location", found.location)
        ),
        Cell(words.number(found.short), note),
        found.reason_nl if dutch else found.reason,
        "; ".join(_cure(view, cure) for cure in found.cures)
        or words("shortfall.no_cure"),
    ]


def _span(view: View, start: datetime, end: datetime) -> str:
    first, last = view.local(start), view.local(end)
    return f"{view.words.short_day(first)} {first:%H:%M}\u2013{last:%H:%M}"


def _cure(view: View, cure: Cure) -> str:
    words = view.words
    text = cure.text_nl if words.language == "nl" else cure.text
    return words("shortfall.cure", text=text, saves=words.number(cure.saves))
