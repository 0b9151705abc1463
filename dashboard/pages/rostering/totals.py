"""The roster for who may see totals only: hours and coverage, and nobody by name."""

import streamlit as st

from dashboard.pages.rostering.choosing import Choice
from dashboard.pages.rostering.coverage import draw_coverage
from dashboard.pages.view import View, choose, show_missing
from dashboard.queries import chain, roster
from dashboard.queries.roster_versions import shown
from forecasting.calendar import week_name
from forecasting.records import RunRecord


def draw_totals(view: View) -> None:
    """Lay out the page of a week without its people."""
    words, weeks = view.words, chain.weeks_of(view.workspace, "roster")
    if not weeks:
        show_missing(view, "roster.empty")
        return
    ahead = [week for week in weeks if week >= week_name(view.today)]
    chosen = choose(
        "week",
        weeks,
        label=words("common.week"),
        say=words.week,
        default=next(iter(ahead), weeks[-1]),
    )
    week = chosen or weeks[-1]
    at = shown(view.workspace, week)
    if at is None:
        show_missing(view, "roster.empty")
        return
    st.info(words("roster.totals_only"), icon=":material/visibility_off:")
    _draw_cards(view, at.run)
    draw_coverage(view, Choice(at, week, None, None))


def _draw_cards(view: View, run: RunRecord) -> None:
    words = view.words
    need = words.hours(chain.figure(run, "required_hours"))
    have = words.hours(chain.figure(run, "rostered_hours"))
    cards = (
        ("roster.rostered", have, words("roster.required", hours=need)),
        (
            "roster.short",
            words.number(roster.shortfall_count(run)),
            words("roster.short_note"),
        ),
    )
    for column, (key, value, note) in zip(st.columns(len(cards)), cards, strict=True):
        with column, st.container(border=True, height="stretch", gap="xsmall"):
            st.metric(words(key), value)
            st.caption(note)
