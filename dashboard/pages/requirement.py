"""Requirement: people needed per quarter-hour, and what one more or less does."""

import polars as pl
import streamlit as st

from dashboard.charts.slots import week_chart
from dashboard.charts.tables import Table
from dashboard.pages.aims import draw_aims
from dashboard.pages.norms import say_changed
from dashboard.pages.proof import draw_simulation
from dashboard.pages.tasks import start_button
from dashboard.pages.trade import draw_candidates, draw_cards
from dashboard.pages.view import (
    View,
    choose,
    read,
    show_chart,
    show_data,
    show_missing,
)
from dashboard.pages.whatif import draw_what_if
from dashboard.queries import chain, norms, slots
from forecasting.calendar import parse_week, week_name
from forecasting.records import RunRecord
from staffing.rules import Standard
from staffing.store import catalogue, standards, standards_of_settings


def draw(view: View) -> None:
    """Lay out the page."""
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
    location, skill, week = chosen
    standard = _standard(view, run, skill)
    need = read(view, slots.required, run, location, skill, parse_week(week), view.zone)
    if need.is_empty():
        show_missing(view, "slots.closed")
        return
    waits = skill in catalogue(view.workspace).waiting_skills
    cover, sim = _beside(view, location, skill, week)
    draw_cards(view, need, cover, standard, waits=waits)
    _say_missing(view, cover, sim, waits=waits)
    _draw_week(view, need, cover, sim, standard)
    if not waits:
        draw_candidates(view, run, location, skill, parse_week(week))
        draw_aims(view, run, location, skill, parse_week(week))
        draw_what_if(view, location, skill, standard)
    draw_simulation(view, week)


def _standard(view: View, run: RunRecord, skill: str) -> Standard | None:
    """The standard the requirement holds for; where another holds by now, that is said."""
    now = standards(view.workspace).skill.get(skill)
    if now is None:
        return None
    of_settings = standards_of_settings(view.workspace).skill[skill]
    worked = norms.worked_for(run, skill, of_settings)
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


def _beside(
    view: View, location: str, skill: str, week: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Coverage and simulation of the week, empty when these have not run."""
    monday = parse_week(week)
    found = []
    for kind, query in (("roster", slots.coverage), ("simulate", slots.simulated)):
        run = chain.newest_run(view.workspace, kind, week=week)
        rows = None if run is None else read(view, query, run, monday, view.zone)
        found.append(
            pl.DataFrame() if rows is None else slots.only(rows, location, skill)
        )
    return found[0], found[1]


def _say_missing(
    view: View, cover: pl.DataFrame, sim: pl.DataFrame, *, waits: bool
) -> None:
    if waits:
        show_missing(view, "slots.waits")
    if cover.is_empty():
        show_missing(view, "slots.no_roster")
    elif sim.is_empty() and not waits:
        show_missing(view, "slots.no_simulation")


def _draw_week(
    view: View,
    need: pl.DataFrame,
    cover: pl.DataFrame,
    sim: pl.DataFrame,
    standard: Standard | None,
) -> None:
    words = view.words
    target = standard.target if standard else None
    alt = words(
        "slots.alt",
        low=min(need["required"].to_list()),
        high=max(need["required"].to_list()),
    )
    if not sim.is_empty() and target is not None:
        below = sim.filter(pl.col("share") < target).height
        alt += " " + words(
            "slots.alt_share", below=below, slots=sim.height, target=words.share(target)
        )
    show_chart(week_chart(need, cover, sim, target, words), alt=alt, key="week")
    show_data(view, _week_table(view, need, cover, sim))


def _week_table(
    view: View, need: pl.DataFrame, cover: pl.DataFrame, sim: pl.DataFrame
) -> Table:
    words = view.words
    rows = need.select("local", "offered", "required", "late")
    wanted = ((cover, "rostered"), (sim, "share"))
    for frame, name in wanted:
        if frame.is_empty():
            rows = rows.with_columns(pl.lit(None, pl.Float64).alias(name))
        else:
            rows = rows.join(frame.select("local", name), on="local", how="left")
    names = ("slot", "offered", "required", "late", "rostered", "share")
    body = [
        [
            f"{words.short_day(row['local'])} {row['local']:%H:%M}",
            words.number(row["offered"], 1),
            words.number(row["required"]),
            words.number(row["late"], 2),
            words.number(row["rostered"]),
            words.share(row["share"]),
        ]
        for row in rows.sort("local").to_dicts()
    ]
    heads = [words(f"slots.column_{name}") for name in names]
    return Table(words("slots.table"), heads, body, frozenset(range(1, 6)))
