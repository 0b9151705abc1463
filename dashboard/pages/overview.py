"""Overview: what a planner opens on Monday morning."""

import streamlit as st

from dashboard.pages.headlines import Newest, draw_cards, next_peak
from dashboard.pages.tasks import start_button
from dashboard.pages.view import View, heading, link, read, show_missing
from dashboard.pages.weeks import draw_weeks
from dashboard.queries import agenda, chain, promises, roster
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
    draw_weeks(view, newest.requirement)
    left, right = st.columns([1, 1], gap="large")
    with left:
        _draw_decisions(view, newest, steps)
    with right:
        _draw_chain(view, steps)


def _draw_decisions(view: View, newest: Newest, steps: list[chain.Step]) -> None:
    words = view.words
    heading(words("overview.decisions"))
    items = list(_decisions(view, newest, steps))
    if not items:
        st.success(words("overview.no_decisions"), icon=":material/check:")
    for text, page, params in items:
        link(view, page, text, **params)


def _decisions(
    view: View, newest: Newest, steps: list[chain.Step]
) -> list[tuple[str, str, dict[str, str]]]:
    words = view.words
    found: list[tuple[str, str, dict[str, str]]] = []
    peak = next_peak(view, newest.requirement)
    if peak is not None:
        text = words("decision.peak", week=words.week(peak.week))
        found.append((text, "peaks", {}))
    made = newest.roster
    short = 0 if made is None else roster.shortfall_count(made)
    if made is not None and short:
        week = made.parameters["week"]
        text = words("decision.shortfalls", count=short, week=words.week(week))
        found.append((text, "roster", {"week": week}))
    stale = [words.named("step", step.kind) for step in steps if step.is_stale]
    if stale:
        found.append((words("decision.stale", steps=", ".join(stale)), "overview", {}))
    unkept = 0 if newest.agenda is None else agenda.unkept_count(newest.agenda)
    if unkept:
        found.append((words.many("decision.agenda", unkept), "agenda", {}))
    reckoned = newest.promises
    missed = 0 if reckoned is None else read(view, promises.missed_count, reckoned)
    if missed:
        found.append((words.many("decision.promises", missed), "promises", {}))
    refused = sum(record.rows_rejected for record in view.workspace.ledger.imports())
    if refused:
        text = words("decision.rejects", rows=words.number(refused))
        found.append((text, "data", {}))
    return found


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
