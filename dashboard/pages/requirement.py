"""Requirement: people needed per quarter-hour, and what one more or less does."""

from collections.abc import Callable

import polars as pl
import streamlit as st

from dashboard.pages.aims import draw_aims
from dashboard.pages.norms import say_changed
from dashboard.pages.proof import draw_simulation
from dashboard.pages.slot_week import Look, beside, draw_slots
from dashboard.pages.tasks import start_button
from dashboard.pages.trade import draw_candidates, draw_cards
from dashboard.pages.view import View, choose, read, show_missing, switch
from dashboard.pages.whatif import draw_people, draw_targets
from dashboard.queries import chain, slots
from forecasting.calendar import parse_week, week_name
from forecasting.records import RunRecord
from staffing.pipeline.worked_for import worked_for
from staffing.standards import Standard
from staffing.store import catalogue, standards

Part = Callable[[View, Look], None]


def draw(view: View) -> None:
    """Lay out the page: what is needed, and one part of it at a time."""
    run = chain.newest_run(view.workspace, "requirement")
    if run is None:
        show_missing(view, "slots.empty")
        label = view.words("job.start_requirement")
        start_button(view, label, ("requirement",), key="requirement")
        return
    chosen = _choose(view, run)
    if chosen is None:
        show_missing(view, "slots.empty")
        return
    look = _look(view, run, *chosen)
    if look.need.is_empty():
        show_missing(view, "slots.closed")
        return
    team = read(view, slots.team, run, look.location, look.skill, look.monday)
    draw_cards(view, team, look.cover, look.standard, waits=look.waits)
    show = switch(
        "show",
        [part for part in PARTS if part in OF_WAITING or not look.waits],
        label=view.words("slots.show"),
        say=lambda part: view.words(f"slots.show_{part}"),
        hidden=True,
    )
    PARTS[show](view, look)


def _look(view: View, run: RunRecord, location: str, skill: str, week: str) -> Look:
    monday = parse_week(week)
    cover, sim = beside(view, location, skill, week)
    return Look(
        run=run,
        location=location,
        skill=skill,
        week=week,
        standard=_standard(view, run, skill),
        waits=skill in catalogue(view.workspace).waiting_skills,
        need=read(view, slots.required, run, location, skill, monday, view.zone),
        cover=cover,
        sim=sim,
    )


def _draw_norm(view: View, look: Look) -> None:
    draw_targets(view, look.location, look.skill, look.standard)
    draw_aims(view, look.run, look.location, look.skill, look.monday)


def _draw_people(view: View, look: Look) -> None:
    draw_candidates(view, look.run, look.location, look.skill, look.monday)
    draw_people(view, look.location, look.skill)


def _draw_proof(view: View, look: Look) -> None:
    draw_simulation(view, look.week)


PARTS: dict[str, Part] = {
    "week": draw_slots,
    "norm": _draw_norm,
    "people": _draw_people,
    "proof": _draw_proof,
}
"""The parts of the page by the name that stands in the address."""

OF_WAITING = ("week", "proof")
"""Those of work that can wait: it has no standard."""


def _standard(view: View, run: RunRecord, skill: str) -> Standard | None:
    """The standard the requirement holds for; where another holds by now, that is said."""
    now = standards(view.workspace).skill.get(skill)
    if now is None:
        return None
    worked = worked_for(view.workspace, run, skill) or now
    say_changed(view, worked, now)
    return worked


def _choose(view: View, run: RunRecord) -> tuple[str, str, str] | None:
    words, teams = view.words, read(view, slots.staffed, run)
    weeks = [week_name(week) for week in read(view, slots.required_weeks, run)]
    boxes = st.columns(3)
    with boxes[0]:
        places = teams["location"].unique().sort().to_list()
        location = choose(
            "location",
            places,
            label=words("common.location"),
            say=lambda code: words.named("location", code),
            default=_busiest(teams, places),
        )
    here = teams.filter(pl.col("location") == location)
    with boxes[1]:
        skills = here["skill"].to_list()
        skill = choose(
            "skill",
            skills,
            label=words("common.skill"),
            say=lambda code: words.named("skill", code),
            default="phone" if "phone" in skills else None,
        )
    with boxes[2]:
        week = choose(
            "week",
            weeks,
            label=words("common.week"),
            say=words.week,
            default=_default_week(view, weeks),
        )
    if location is None or skill is None or week is None:
        return None
    return location, skill, week


def _busiest(teams: pl.DataFrame, places: list[str]) -> str | None:
    """The location with most skills: where a planner looks first."""
    counts = (
        teams.group_by("location")
        .len()
        .sort("len", "location", descending=[True, False])
    )
    return counts["location"].to_list()[0] if places else None


def _default_week(view: View, weeks: list[str]) -> str | None:
    rostered = [
        week for week in chain.weeks_of(view.workspace, "roster") if week in weeks
    ]
    ahead = [week for week in weeks if week >= week_name(view.today)]
    return next(iter(rostered[-1:] or ahead or weeks), None)
