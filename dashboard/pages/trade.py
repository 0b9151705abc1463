"""What people buy: lateness with the chosen number, one less, one more, or any."""

from collections.abc import Mapping
from datetime import date

import polars as pl
import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.view import View, choose, heading, read, show_table
from dashboard.queries import slots
from forecasting.records import RunRecord
from staffing.standards import Standard


def draw_cards(
    view: View,
    team: Mapping[str, float],
    cover: pl.DataFrame,
    standard: Standard | None,
    *,
    waits: bool,
) -> None:
    """The standard and hours; but for work that can wait, lateness and one less or more.

    `team` is a row of `TeamWeeks`.
    """
    words = view.words
    have = None if cover.is_empty() else float(cover["rostered"].sum()) / 4
    target = words("missing") if standard is None else _target(view, standard)
    cards = (
        ("slots.target", target, words("slots.target_note")),
        (
            "slots.hours",
            words.hours(team["hours"], 1),
            words("slots.rostered_hours", hours=words.number(have, 1)),
        ),
        ("slots.late", words.number(team["late"], 1), words("slots.late_note")),
        (
            "slots.one_less",
            _change(view, team["one_less"]),
            words("slots.one_less_note"),
        ),
        (
            "slots.one_more",
            _change(view, team["one_more"]),
            words("slots.one_more_note"),
        ),
    )
    shown = cards[:2] if waits else cards
    for column, (key, value, note) in zip(st.columns(len(shown)), shown, strict=True):
        with column, st.container(border=True, height="stretch", gap="xsmall"):
            st.metric(words(key), value, help=words(f"{key}_help"))
            st.caption(note)


def _change(view: View, change: float | None) -> str:
    return view.words("missing") if change is None else view.words.signed(change, 1)


def _target(view: View, standard: Standard) -> str:
    share, time = (
        view.words.share(standard.target),
        view.words.duration(standard.threshold_s),
    )
    return view.words("slots.within", share=share, time=time)


def draw_candidates(
    view: View, run: RunRecord, location: str, skill: str, week: date
) -> None:
    """For one quarter-hour: contacts late with each number of people."""
    words = view.words
    rows = read(view, slots.candidates, run, location, skill, week, view.zone)
    heading(words("slots.candidates"))
    stamps = {
        f"{at:%Y-%m-%dT%H:%M}": at for at in rows["local"].unique().sort().to_list()
    }
    busiest = rows.sort("load", "local", descending=[True, False])["local"].to_list()[0]
    left, right = st.columns([1, 2], gap="large")
    with left:
        chosen = choose(
            "slot",
            list(stamps),
            label=words("slots.choose"),
            say=lambda s: f"{words.short_day(stamps[s])} {stamps[s]:%H:%M}",
            default=f"{busiest:%Y-%m-%dT%H:%M}",
        )
    if chosen is None:
        return
    here = rows.filter(pl.col("local") == stamps[chosen])
    with left:
        one = here.row(0, named=True)
        st.caption(
            words(
                "slots.slot_note",
                offered=words.number(one["offered"], 1),
                load=words.number(one["load"], 1),
            )
        )
    with right:
        show_table(_candidates_table(view, here))


def _candidates_table(view: View, rows: pl.DataFrame) -> Table:
    words = view.words
    share = 1 - pl.col("late") / pl.col("offered")
    with_gain = rows.with_columns(
        (pl.col("late") - pl.col("late").shift()).alias("gain"),
        pl.when(pl.col("offered") > 0).then(share.clip(0, 1)).alias("share"),
    )
    body: list[list[str | Cell]] = [
        [
            Cell(
                words.many("slots.people", row["people"], n=row["people"]),
                words("slots.chosen") if row["chosen"] else "",
            ),
            Cell(
                words.number(row["late"], 2), tone="calm" if row["chosen"] else "plain"
            ),
            "\u2013" if row["share"] is None else words.share(row["share"], 1),
            "\u2013" if row["gain"] is None else words.signed(row["gain"], 2),
        ]
        for row in with_gain.to_dicts()
    ]
    names = ("people", "late", "share", "gain")
    heads = [words(f"slots.candidate_{name}") for name in names]
    return Table(words("slots.candidates"), heads, body, frozenset({1, 2, 3}))
