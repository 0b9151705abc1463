"""Counter work per week without and with letters, with intervals, against capacity."""

import streamlit as st

from dashboard.charts.load import smoothing_chart
from dashboard.charts.tables import Cell, Table
from dashboard.pages.letters.verdict import cost, made_on
from dashboard.pages.view import View, heading, read, show_chart, show_data
from dashboard.queries import approvals, chain, mailing
from forecasting.records import RunRecord
from staffing.reminders.gains import HOURS


def draw_cards(view: View, run: RunRecord) -> None:
    """Letters, the busiest week without and with them, hours above capacity."""
    words = view.words
    above = [
        chain.figure(run, "gains", HOURS, name)
        for name in ("before", "after", "change")
    ]
    columns = st.columns(4)
    with columns[0]:
        _letters_card(view, run)
    for column, end in zip(columns[1:3], ("before", "after"), strict=True):
        with column:
            _peak_card(view, run, end)
    with columns[3]:
        note = words("peaks.without", hours=words.hours(above[0], 1))
        _card(view, "peaks.above", words.hours(above[1], 1), note, above[2])
    st.caption(f"{cost(view, run)} {made_on(view, run)}")


def _letters_card(view: View, run: RunRecord) -> None:
    """How many, what they cost, and how many of them were approved by now."""
    words, euros = view.words, chain.figure(run, "letters_euros")
    note = words("missing") if euros is None else words.euros(euros)
    approved = approvals.approved_of(view.workspace, run)
    if approved:
        told = words("peaks.letters_approved", letters=words.number(approved))
        note = f"{note}; {told}"
    planned = words.number(chain.figure(run, "letters_planned"))
    _card(view, "peaks.letters_planned", planned, note)


def _peak_card(view: View, run: RunRecord, end: str) -> None:
    words = view.words
    week = chain.figure_week(run, "peak_week", end)
    hours = {name: chain.figure(run, "peak_load_hours", name)
             for name in ("before", "after")}  # fmt: skip
    before, after = hours["before"], hours["after"]
    known = end == "after" and before is not None and after is not None
    delta = (
        after - before if known and before is not None and after is not None else None
    )
    note = words("peaks.in_week", week=words.week(week)) if week else ""
    _card(view, f"peaks.peak_{end}", words.hours(hours[end]), note, delta)


def _card(
    view: View, key: str, value: str, note: str, delta: float | None = None
) -> None:
    told = None
    if delta is not None:
        told = view.words("peaks.delta", hours=view.words.signed(delta, 1))
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(
            view.words(key),
            value,
            told,
            delta_color="green" if delta is not None and delta < 0 else "gray",
            delta_arrow="off",
        )
        st.caption(note or view.words("missing"))


def draw_smoothing(view: View, run: RunRecord) -> None:
    """The chart, and the figures behind it."""
    words = view.words
    heading(words("peaks.smoothing"))
    rows = read(view, mailing.smoothing, run)
    over = {end: words.number(chain.figure(run, "weeks_over_capacity", end))
            for end in ("before", "after")}  # fmt: skip
    alt = words("peaks.smoothing_alt", weeks=rows.height, **over)
    show_chart(smoothing_chart(rows, words), alt=alt, key="smoothing")
    names = ("before_hours", "after_hours", "capacity_hours")
    heads = [words("common.week"), *(words(f"peaks.{name}") for name in names)]
    body: list[list[str | Cell]] = [
        [words.week(row["week"]), _hours(view, row, "before"),
         _hours(view, row, "after"), words.number(row["capacity"])]
        for row in rows.to_dicts()
    ]  # fmt: skip
    show_data(view, Table(words("peaks.smoothing"), heads, body, frozenset({1, 2, 3})))


def _hours(view: View, row: dict[str, float], name: str) -> Cell:
    """Hours with their interval, and a mark where they exceed capacity."""
    words = view.words
    note = between(view, row[f"{name}_low"], row[f"{name}_high"])
    over = row[name] > row["capacity"]
    mark = f" {words('peaks.mark')}" if over else ""
    return Cell(words.number(row[name]) + mark, note, "over" if over else "plain")


def between(
    view: View, low: float | None, high: float | None, decimals: int = 0
) -> str:
    """A range in words; nothing where it is not known."""
    if low is None or high is None:
        return ""
    words = view.words
    ends = {"low": words.number(low, decimals), "high": words.number(high, decimals)}
    return words("common.between", **ends)
