"""Overview: what a planner opens on Monday morning."""

import streamlit as st

from dashboard.pages.decisions import draw_decisions
from dashboard.pages.headlines import Newest, draw_cards
from dashboard.pages.next_peak import draw_why
from dashboard.pages.tasks import start_button
from dashboard.pages.view import View, heading, link, show_missing
from dashboard.pages.weeks import draw_weeks
from dashboard.queries import chain
from forecasting.calendar import parse_week

COMMANDS = {
    "forecast": ("forecast",),
    "requirement": ("requirement",),
    "what_if": ("what-if",),
    "agenda": ("agenda",),
    "roster": ("roster",),
    "simulate": ("simulate", "--week"),
    "reminders": ("reminders", "plan"),
    "promises": ("promises",),
}


def draw(view: View) -> None:
    """Lay out the page."""
    steps = chain.steps(view.workspace)
    newest = Newest(**{step.kind: step.run for step in steps})
    if newest.forecast is None and not view.workspace.ledger.imports():
        show_missing(view, "overview.empty")
        link(view, "data", view.words("overview.to_import"))
    draw_cards(view, newest)
    draw_why(view, newest.requirement)
    draw_weeks(view, newest.requirement)
    left, right = st.columns([1, 1], gap="large")
    with left:
        draw_decisions(view, newest, steps)
    with right:
        _draw_chain(view, steps)


def _draw_chain(view: View, steps: list[chain.Step]) -> None:
    words = view.words
    heading(words("overview.chain"))
    with st.container(gap="xsmall"):
        for step in steps:
            _draw_step(view, step)


def _draw_step(view: View, step: chain.Step) -> None:
    words = view.words
    name, when, button = st.columns([2, 5, 2], vertical_alignment="center")
    name.markdown(f"**{words.named('step', step.kind)}**")
    when.caption(_state_of(view, step))
    command = _command(view, step.kind)
    if command is not None:
        with button:
            label = words("job.start" if step.run is None else "job.again")
            start_button(view, label, command, key=f"start_{step.kind}")


def _state_of(view: View, step: chain.Step) -> str:
    words = view.words
    if step.run is None:
        return words("overview.not_yet")
    at = words.moment(view.local(step.run.at))
    week = step.run.parameters.get("week")
    text = f"{at} \u00b7 {words.short_week(parse_week(week))}" if week else at
    return f"{text} \u00b7 {words('overview.stale')}" if step.is_stale else text


def _command(view: View, kind: str) -> tuple[str, ...] | None:
    """The command of a step; a simulation needs the week of a roster."""
    if kind != "simulate":
        return COMMANDS[kind]
    made = chain.newest_run(view.workspace, "roster")
    return (*COMMANDS[kind], made.parameters["week"]) if made else None
