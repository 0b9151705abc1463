"""Roster: who works when, what changed, where people are short, and what goes out."""

from collections.abc import Callable

import streamlit as st

from dashboard.pages.rostering.choosing import Choice, choose_roster, choose_version
from dashboard.pages.rostering.coverage import draw_day
from dashboard.pages.rostering.edits import draw_edits
from dashboard.pages.rostering.grid import draw_week
from dashboard.pages.rostering.handout import draw_release
from dashboard.pages.rostering.shortfalls import draw_shortfalls
from dashboard.pages.rostering.state import draw_state
from dashboard.pages.rostering.totals import draw_totals
from dashboard.pages.tasks import start_button
from dashboard.pages.view import View, show_missing, switch
from dashboard.queries import chain
from dashboard.roles import Action

Part = Callable[[View, Choice], None]

PARTS: dict[str, Part] = {
    "week": draw_week,
    "day": draw_day,
    "short": draw_shortfalls,
    "change": draw_edits,
    "release": draw_release,
}
"""The parts of the page by the name that stands in the address."""


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
    boxes = st.columns([3, 2, 2, 3])
    choice = choose_roster(view, weeks, boxes[:3])
    if choice is None:
        show_missing(view, "roster.empty")
        return
    with boxes[3]:
        choice = choose_version(view, choice)
    draw_state(view, choice)
    parts = [part for part in PARTS if part != "change" or view.may(Action.run)]
    show = switch(
        "show",
        parts,
        label=view.words("roster.show"),
        say=lambda part: view.words(f"roster.show_{part}"),
        hidden=True,
    )
    PARTS[show](view, choice)
