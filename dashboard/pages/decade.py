"""Ten years ahead: applications per month of a service, by what brings them."""

from datetime import date

import polars as pl
import streamlit as st

from dashboard.charts.reasons import decade_chart
from dashboard.charts.tables import Table
from dashboard.pages.view import View, choose, heading, read, show_chart, show_data
from dashboard.queries import reasons
from dashboard.queries.demand import Selection
from forecasting.records import RunRecord
from forecasting.validity import Change

TURNS = (("a", "day"), ("b", "gap"), ("c", "crest"))
"""The marks of a change of the law: the day, the end of the old term, that of the new."""


def draw_decade(view: View, run: RunRecord, selection: Selection) -> None:
    """The outlook of the service chosen, else of one chosen here; it is the whole town's."""
    words, wanted = view.words, selection.service
    services = read(view, reasons.services_ahead, run)
    heading(words("decade.heading"))
    why = _why_not(services, selection)
    if why is not None:
        st.caption(words(f"decade.{why}"))
        return
    service = wanted or choose(
        "decade", services, label=words("common.service"), say=words.service
    )
    if service is None:
        return
    ahead = read(view, reasons.decade, run, service)
    past = read(view, reasons.applications, run, service)
    top = ahead.sort("mean", descending=True).row(0, named=True)
    low = ahead.sort("mean").row(0, named=True)
    alt = words(
        "decade.alt",
        service=words.service(service),
        last=ahead["start"].to_list()[-1].year,
        top=words.number(top["mean"]),
        when=f"{words.month(top['start'])} {top['start'].year}",
        low=words.number(low["mean"]),
        dip=f"{words.month(low['start'])} {low['start'].year}",
    )
    changes = reasons.validity_changes(view.workspace, service)
    turns = [
        mark for i, change in enumerate(changes, 1) for mark in _marks(view, i, change)
    ]
    show_chart(decade_chart(past, ahead, turns, words), alt=alt, key="decade")
    for i, change in enumerate(changes, 1):
        st.markdown(_said(view, i, change))
    basis = ahead["basis"].to_list()[0]
    st.caption(words(f"decade.basis_{basis}"))
    show_data(view, _table(view, past, ahead))


def _marks(view: View, number: int, change: Change) -> list[tuple[str, date]]:
    """The days of a change of the law, the first with its year and term in words."""
    marks = [(f"{number}{letter}", getattr(change, day)) for letter, day in TURNS]
    first, day = marks[0]
    year, now = change.day.year, change.now
    said = view.words("decade.mark", mark=first, year=year, now=now)
    return [(said, day), *marks[1:]]


def _said(view: View, number: int, change: Change) -> str:
    """What a change of the law does to the years that follow."""
    words = view.words
    longer = "longer" if change.now > change.before else "shorter"
    days = {name: words.day(getattr(change, name)) for _, name in TURNS}
    years = {"before": change.before, "now": change.now}
    return words(f"decade.turn_{longer}", number=number, **days, **years)


def _table(view: View, past: pl.DataFrame, ahead: pl.DataFrame) -> Table:
    """Month by month what was asked for, and what is expected by what brings it."""
    words, none = view.words, "\u2013"
    columns = ("mean", "q05", "q95", "renewals", "echo", "lost", "first")
    body = [
        [words.month_of(month), words.number(count), *[none] * len(columns)]
        for month, count in past.select("start", "count").iter_rows()
    ]
    body += [
        [words.month_of(row["start"]), none, *(words.number(row[c]) for c in columns)]
        for row in ahead.to_dicts()
    ]
    said = ("past", "mean", "low", "high", "renewals", "echo", "lost", "first")
    heads = [words("decade.month"), *(words(f"decade.{name}") for name in said)]
    return Table(words("decade.heading"), heads, body, frozenset(range(1, 9)))


def _why_not(services: list[str], selection: Selection) -> str | None:
    """Why there are no ten years to show of what is selected; None where there are."""
    if not services:
        return "no_stock"
    if selection.service is not None and selection.service not in services:
        return "no_documents"
    part = any((selection.location, selection.channel, selection.step))
    return "whole_town" if part else None
