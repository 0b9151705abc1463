"""What changed since the forecast before, and why."""

import polars as pl
import streamlit as st

from dashboard.charts.tables import Table
from dashboard.pages.view import View, heading, read, show_table
from dashboard.queries import demand, moved
from dashboard.queries.demand import Selection
from dashboard.queries.rounding import whole_parts
from forecasting.records import RunRecord

LATER_NAMED = 2


def draw_changes(
    view: View, run: RunRecord, known: pl.DataFrame, selection: Selection
) -> None:
    """What moved the weeks that both forecasts hold, for a service, a channel or all."""
    words = view.words
    heading(words("moved.heading"))
    one = selection.service or selection.channel
    groups = [one] if one else demand.services(known)
    found = read(view, moved.moved, run, groups)
    if found is None:
        st.caption(words("moved.none"))
        return
    _draw_first(view, found, _whose(view, selection))
    if found.later is not None:
        _say_later(view, found.later)
    if one is None:
        st.caption(words("moved.choose"))
    elif selection.location is not None or (selection.service and selection.channel):
        st.caption(words("moved.whole"))


def _draw_first(view: View, found: moved.Moved, whose: str) -> None:
    """Before, now and the causes between, in whole numbers that add up."""
    words, before, now = view.words, round(found.before), round(found.now)
    counts = whole_parts([count for _, count in found.causes], now - before)
    said = {
        "whose": whose,
        "first": words.week(found.first),
        "before": words.number(before),
        "now": words.number(now),
        "more": words.signed(now - before),
    }
    st.markdown(words.many("moved.note", found.weeks, **said))
    body = [
        [_cause(view, cause), words.signed(count)]
        for (cause, _), count in zip(found.causes, counts, strict=True)
        if count
    ]
    if body:
        heads = [words("moved.cause"), words("moved.contacts")]
        show_table(Table(words("moved.heading"), heads, body, frozenset({1})))


def _say_later(view: View, later: moved.Later) -> None:
    words = view.words
    text = words(
        "moved.later" if later.first < later.last else "moved.later_week",
        first=words.week(later.first),
        last=words.week(later.last),
        more=words.signed(round(later.count)),
        causes="; ".join(
            f"{_cause(view, cause)} ({words.signed(round(count))})"
            for cause, count in later.causes[:LATER_NAMED]
        ),
    )
    st.markdown(text)


def _whose(view: View, selection: Selection) -> str:
    words = view.words
    if selection.service is not None:
        return words("moved.of_service", name=words.service(selection.service))
    if selection.channel is not None:
        name = words.named("channel", selection.channel)
        return words("moved.of_channel", name=name)
    return words("moved.of_all")


def _cause(view: View, cause: str) -> str:
    """A cause of a change in words; notes and events with their number or name."""
    kind, _, name = cause.partition(" ")
    text = view.words.named("change", kind)
    return f"{text} {name}" if name else text
