"""What an adjustment that is being typed would do, week by week."""

from collections.abc import Mapping

import polars as pl
import streamlit as st

from dashboard.charts.notes import before_after_chart
from dashboard.charts.tables import Table
from dashboard.pages.view import View, read, show_chart, show_data
from dashboard.queries import adjusting, chain
from forecasting.errors import InputError
from forecasting.notes import Adjustment


def draw_tried(view: View, fields: Mapping[str, object], number: str) -> None:
    """The weeks before and after; nothing of what is no whole note yet."""
    words, run = view.words, chain.newest_run(view.workspace, "forecast")
    note = _note(fields)
    if run is None or note is None:
        st.caption(words("trying.nothing_yet"))
        return
    instead_of = int(number) if number else None
    bare = read(view, adjusting.bare, run)
    found = adjusting.try_note(bare, view.workspace, note, instead_of)
    if found.weeks.is_empty():
        st.caption(words("trying.moves_nothing"))
        return
    alt = _alt(view, found)
    show_chart(before_after_chart(found.weeks, words), alt=alt, key="tried")
    st.caption(words("trying.about"))
    show_data(view, _table(view, found.weeks))


def _note(fields: Mapping[str, object]) -> Adjustment | None:
    """The note as far as it goes; its reason may still be missing."""
    try:
        return Adjustment(**{**fields, "reason": "..."})  # type: ignore[arg-type]  # it checks itself
    except (InputError, TypeError):
        return None


def _alt(view: View, found: adjusting.Tried) -> str:
    words, weeks = view.words, found.weeks
    before, after = (round(weeks[name].sum()) for name in ("before", "after"))
    return words.many(
        "trying.alt",
        weeks.height,
        first=words.week(weeks["week"].to_list()[0]),
        series=words.many("trying.series", found.series),
        before=words.number(before),
        after=words.number(after),
        more=words.signed(after - before),
    )


def _table(view: View, weeks: pl.DataFrame) -> Table:
    words = view.words
    heads = [words("demand.column_start")]
    heads += [words(f"trying.{name}") for name in ("before", "after", "more")]
    body = []
    for week, before, after in weeks.iter_rows():
        was, is_ = round(before), round(after)
        said = [words.number(was), words.number(is_), words.signed(is_ - was)]
        body.append([words.week(week), *said])
    return Table(words("trying.table"), heads, body, frozenset({1, 2, 3}))
