"""What if: sliders for the standard and the handling time, and one person more or less."""

from collections.abc import Callable, Mapping, Sequence

import polars as pl
import streamlit as st

from dashboard.charts.tables import Cell, Table, Tone
from dashboard.charts.whatif import Point, targets_chart
from dashboard.pages.address import current, keep
from dashboard.pages.norms import draw_keeping
from dashboard.pages.tasks import start_button
from dashboard.pages.view import (
    View,
    heading,
    read,
    show_chart,
    show_data,
    show_missing,
    show_table,
    switch,
)
from dashboard.queries import chain
from forecasting.records import RunRecord
from staffing.pipeline.telling_what_if import person_of_team, targets_of_team
from staffing.standards import Standard
from staffing.whatif import Answer, Tried, by_target, point_of, points, try_point

NEAR = 0.5
"""Late contacts a week from which an hour is marked: half of one is hardly noticed."""


def draw_targets(
    view: View, location: str, skill: str, standard: Standard | None
) -> None:
    """Other standards and handling times for a location and skill."""
    heading(view.words("whatif.title"))
    run = _reckoned(view)
    if run is None:
        return
    table = read(view, targets_of_team, run, location, skill)
    if table.is_empty() or standard is None:
        show_missing(view, "whatif.waits")
        return
    _draw_targets(view, run, table, skill, standard)


def _reckoned(view: View) -> RunRecord | None:
    """The newest answers; where there are none or they are old, that and the remedy."""
    run = chain.newest_run(view.workspace, "what_if")
    if run is None or chain.is_older(view.workspace, run, "requirement"):
        show_missing(view, "whatif.empty" if run is None else "whatif.old")
        label = view.words("job.start_what_if")
        start_button(view, label, ("what-if",), key="start_what_if")
    return run


def _draw_targets(
    view: View, run: RunRecord, table: pl.DataFrame, skill: str, standard: Standard
) -> None:
    words = view.words
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.caption(words("whatif.week", week=words.week(str(run.figures["week"]))))
        chosen = _sliders(view, table, skill, point_of(standard))
        draw_keeping(view, skill, chosen)
    tried = try_point(table, standard, chosen)
    rows = by_target(table, chosen)
    with right:
        _draw_cards(view, tried)
        hours = words.hours(tried.then.hours, 1)
        alt = words("whatif.alt", hours=hours, target=words.share(chosen["target"]))
        dots = (_dot(chosen, tried.then), _dot(tried.today, tried.now))
        show_chart(targets_chart(rows, dots, words), alt=alt, key="what_if")
        show_data(view, _targets_table(view, rows))


def _dot(at: Mapping[str, float], told: Answer) -> Point:
    return at["target"], told.hours


def _sliders(
    view: View, table: pl.DataFrame, skill: str, today: Mapping[str, float]
) -> dict[str, float]:
    """Three sliders over the points that were tried, at first as the settings are."""
    words = view.words
    says = {
        "factor": lambda v: words("whatif.of_now", share=words.share(v)),
        "target": words.share,
        "threshold_s": words.duration,
    }
    return {
        axis: _slide(
            f"{axis}_{skill}",
            points(table, axis),
            today[axis],
            label=words(f"whatif.{axis}"),
            say=say,
        )
        for axis, say in says.items()
    }


def _slide(
    name: str,
    tried: Sequence[float],
    today: float,
    *,
    label: str,
    say: Callable[[float], str],
) -> float:
    """A slider whose point stands in the address, so that a link repeats it."""
    offered = [f"{point:g}" for point in tried]
    usual = f"{min(tried, key=lambda point: abs(point - today)):g}"
    current(name, offered, usual)
    chosen: str = st.select_slider(
        label,
        offered,
        format_func=lambda text: say(float(text)),
        key=f"choice_{name}",
    )
    keep(name, chosen, usual)
    return float(chosen)


def _draw_cards(view: View, tried: Tried) -> None:
    words, more = view.words, tried.more_hours
    change = words("missing") if more is None else words.signed(more, 1)
    cards = (
        (
            "whatif.hours",
            words.hours(tried.then.hours, 1),
            words("whatif.change", hours=change),
        ),
        (
            "whatif.share_now",
            words.share(tried.then.share_now, 1),
            words("whatif.share_note", share=words.share(tried.now.share_now, 1)),
        ),
    )
    for column, (key, value, note) in zip(st.columns(len(cards)), cards, strict=True):
        with column, st.container(border=True, height="stretch", gap="xsmall"):
            st.metric(words(key), value, help=words(f"{key}_help"))
            st.caption(note)


def _targets_table(view: View, rows: pl.DataFrame) -> Table:
    words = view.words
    body = [
        [words.share(target), words.number(hours, 1), words.share(share, 1)]
        for target, hours, share in rows.iter_rows()
    ]
    heads = [words(f"whatif.column_{name}") for name in ("target", "hours", "share")]
    return Table(words("whatif.table"), heads, body, frozenset({1, 2}))


def draw_people(view: View, location: str, skill: str) -> None:
    """Per hour of the week, what one person more or less does."""
    words = view.words
    heading(words("whatif.people"))
    run = _reckoned(view)
    if run is None:
        return
    rows = read(view, person_of_team, run, location, skill)
    if rows.is_empty():
        show_missing(view, "whatif.waits")
        return
    step = switch(
        "person",
        ["more", "less"],
        label=words("whatif.step"),
        say=lambda code: words(f"whatif.{code}"),
        hidden=True,
    )
    st.caption(words("whatif.people_says"))
    show_table(_hours_table(view, rows, step))


def _hours_table(view: View, rows: pl.DataFrame, step: str) -> Table:
    """Hours down, weekdays across: late contacts a week, share and wait in the note."""
    words = view.words
    weekdays = rows["weekday"].unique().sort().to_list()
    told = {(row["hour"], row["weekday"]): row for row in rows.iter_rows(named=True)}
    body: list[list[str | Cell]] = [
        [
            f"{hour}:00",
            *(_hour_cell(view, told.get((hour, day)), step) for day in weekdays),
        ]
        for hour in rows["hour"].unique().sort().to_list()
    ]
    heads = [words("whatif.hour"), *(words(f"weekday.{day}") for day in weekdays)]
    numeric = frozenset(range(1, len(heads)))
    return Table(words("whatif.people"), heads, body, numeric)


def _hour_cell(view: View, row: Mapping[str, float] | None, step: str) -> Cell:
    words = view.words
    if row is None:
        return Cell("\N{EN DASH}", tone="muted")
    change = row[f"one_{step}"]
    note = words(
        "whatif.cell",
        now=words.share(row["share"]),
        then=words.share(row[f"share_{step}"]),
        wait=words.number(row["wait_s"]),
        wait_then=words.number(row[f"wait_{step}_s"]),
    )
    tone: Tone = "plain" if abs(change) < NEAR else "calm" if step == "more" else "near"
    return Cell(words.signed(change, 1), note, tone)
