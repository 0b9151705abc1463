"""What the target asks over each quarter-hour, day or week; what is left at closing."""

from collections.abc import Mapping
from datetime import date

import polars as pl
import streamlit as st

from dashboard.charts.tables import Cell, Table, Tone
from dashboard.pages.view import View, heading, read, show_table
from dashboard.queries import aims
from forecasting.records import RunRecord
from staffing.standards import Standards
from staffing.store import standards

AIMS = ("slot", "day", "week")


def draw_aims(
    view: View, run: RunRecord, location: str, skill: str, week: date
) -> None:
    """Hours by aim beside closing time; nothing for work that can wait."""
    words = view.words
    weeks = read(view, aims.of_week, run, location, skill, week)
    if weeks.is_empty():
        return
    row = weeks.row(0, named=True)
    policy = standards(view.workspace)
    left, right = st.columns(2, gap="large")
    with left:
        heading(words("aims.heading"))
        show_table(_aims_table(view, row, policy))
        st.caption(_in_words(view, row, policy))
        for pool in read(view, aims.pools, run, location, skill, week).to_dicts():
            st.caption(_pool(view, pool))
    with right:
        heading(words("aims.closing"))
        show_table(
            _closing_table(view, read(view, aims.closing, run, location, skill, week))
        )
        st.caption(words("aims.closing_note"))


def _aims_table(view: View, row: Mapping[str, float], policy: Standards) -> Table:
    words = view.words
    body: list[list[str | Cell]] = []
    for aim in AIMS:
        hours = row[f"hours_{aim}_aim"]
        chosen = aim == policy.aim and hours == row["hours_chosen"]
        tone: Tone = "calm" if chosen else "plain"
        body.append(
            [
                Cell(words(f"aims.{aim}"), words("aims.chosen") if chosen else ""),
                Cell(words.number(hours, 1), tone=tone),
                "\N{EN DASH}"
                if aim == AIMS[0]
                else words.signed(hours - row["hours_slot_aim"], 1),
            ]
        )
    heads = [words(f"aims.column_{name}") for name in ("aim", "hours", "saved")]
    return Table(words("aims.heading"), heads, body, frozenset({1, 2}))


def _in_words(view: View, row: Mapping[str, object], policy: Standards) -> str:
    """The share expected, the worst quarter-hour, and the time left between contacts."""
    words = view.words
    text = words("aims.floor", floor=words.share(policy.slot_floor))
    text += " " + words("aims.expected", share=words.share(_number(row["share"]), 1))
    worst = row["worst_start"]
    if worst is not None:
        at = pl.Series([worst]).dt.convert_time_zone(view.zone)[0]
        when = f"{words.short_day(at)} {at:%H:%M}"
        share = words.share(_number(row["worst_share"]), 1)
        text += " " + words("aims.worst", when=when, share=share)
    idle = words.number(_number(row["idle_hours"]))
    text += " " + words("aims.idle", hours=idle)
    filled = _number(row["filled_hours"])
    if filled:
        text += " " + words("aims.filled", hours=words.number(filled))
    return text


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _pool(view: View, row: Mapping[str, object]) -> str:
    words = view.words
    names = [words.named("skill", name) for name in str(row["skills"]).split("+")]
    return words(
        "aims.pool",
        skills=words("reasons.and").join(names),
        pooled=words.number(_number(row["hours_pooled"])),
        apart=words.number(_number(row["hours_apart"])),
    )


def _closing_table(view: View, rows: pl.DataFrame) -> Table:
    words = view.words
    body: list[list[str | Cell]] = [
        [
            words.short_day(row["day"]),
            words.number(row["there"], 1),
            words("unit.minutes", value=words.number(row["minutes"])),
            words("unit.minutes", value=words.number(row["minutes_q90"])),
        ]
        for row in rows.iter_rows(named=True)
    ]
    names = ("day", "there", "minutes", "minutes_q90")
    heads = [words(f"aims.column_{name}") for name in names]
    return Table(words("aims.closing"), heads, body, frozenset({1, 2, 3}), stacks=True)
