"""The page part that shows what a simulated week says of a roster, task by task."""

import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.view import View, heading, show_missing, show_table
from dashboard.queries import chain
from dashboard.queries.board import estimate
from forecasting.records import RunRecord

COLUMNS = (
    "skill", "share", "target", "weeks", "reasons", "wait", "abandoned", "occupancy",
    "after_closing",
)  # fmt: skip
NUMBERS = frozenset({1, 2, 3, 5, 6, 7, 8})


def draw_simulation(view: View, week: str) -> None:
    """What the simulation of a week says of every task, beside its standard."""
    words = view.words
    run = chain.newest_run(view.workspace, "simulate", week=week)
    skills = chain.figure_names(run, "skills")
    title = words("slots.simulated", week=words.week(week))
    heading(title)
    if run is None or not skills:
        show_missing(view, "slots.no_simulation")
        return
    heads = [words(f"slots.sim_{name}") for name in COLUMNS]
    body = [_row(view, run, skill) for skill in skills]
    show_table(Table(title, heads, body, NUMBERS, stacks=True))
    st.caption(words("slots.sim_note"))


def _row(view: View, run: RunRecord, skill: str) -> list[str | Cell]:
    words = view.words

    def figure(*path: str) -> float | None:
        return chain.figure(run, "skills", skill, *path)

    threshold = figure("threshold_s")
    after = figure("after_closing_minutes")
    return [
        words.named("skill", skill),
        _share(view, run, skill),
        words("missing")
        if threshold is None
        else words(
            "slots.within",
            share=words.share(figure("target")),
            time=words.duration(threshold),
        ),
        _weeks(view, run, skill),
        _reasons(view, run, skill),
        _wait(view, run, skill),
        words.share(figure("abandoned_share", "mean"), 1),
        words.share(figure("occupancy")),
        words("missing")
        if after is None
        else words("unit.minutes", value=words.number(after)),
    ]


def _share(view: View, run: RunRecord, skill: str) -> Cell:
    """The share in time, and how sure its mean is."""
    words, path = view.words, ("skills", skill, "within_target")
    share, target = (
        chain.figure(run, *path, "mean"),
        chain.figure(run, "skills", skill, "target"),
    )
    low, high = (
        words.share(chain.figure(run, *path, end), 1) for end in ("low", "high")
    )
    met = share is not None and target is not None and share >= target
    return Cell(
        words.share(share, 1),
        words("overview.interval", low=low, high=high),
        "calm" if met else "near",
    )


def _wait(view: View, run: RunRecord, skill: str) -> str | Cell:
    """The mean wait, and how sure it is."""
    words, found = view.words, estimate(run, "skills", skill, "mean_wait_s")
    if found is None:
        return words("missing")
    note = words("slots.sim_interval", ends=words.waits(found.low, found.high))
    return Cell(words.wait(found.mean), note)


def _weeks(view: View, run: RunRecord, skill: str) -> str | Cell:
    """How far single weeks lie apart, and how many of them meet the target."""
    words, path = view.words, ("skills", skill)
    low, high = (chain.figure(run, *path, "weeks", end) for end in ("q10", "q90"))
    met = chain.figure(run, *path, "weeks_on_target")
    if low is None or high is None or met is None:
        return words("missing")
    return Cell(
        words("slots.sim_between", low=words.share(low), high=words.share(high)),
        words("slots.sim_met", share=words.share(met)),
    )


def _reasons(view: View, run: RunRecord, skill: str) -> str | Cell:
    """Why weeks differ: the largest reason, the others below it."""
    words, path = view.words, ("skills", skill, "reasons")
    names = chain.figure_names(run, *path)
    parts = {name: chain.figure(run, *path, name) or 0.0 for name in names}
    if not parts:
        return words("missing")
    first, *others = (
        words(f"slots.sim_{name}", share=words.share(parts[name]))
        for name in sorted(parts, key=lambda name: -parts[name])
    )
    return Cell(first, ", ".join(others))
