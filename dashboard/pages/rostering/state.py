"""In which state the roster is, and how good: what stands above every part."""

import streamlit as st

from dashboard.pages.rostering.choosing import Choice
from dashboard.pages.view import View, show_missing
from dashboard.queries import chain, roster
from staffing.publish.versions import Version


def draw_state(view: View, choice: Choice) -> None:
    """The state of the version, and its headline figures."""
    at = choice.at
    if at.version is None:
        show_missing(view, "roster.unversioned")
    else:
        _draw_version(view, at.version)
        public = at.published
        if public is not None and public != at.version:
            _draw_version(view, public)
        if not at.is_newest:
            newest = at.versions[-1].number
            st.warning(view.words("roster.not_newest", number=newest))
    _draw_cards(view, choice)


def _draw_version(view: View, version: Version) -> None:
    words = view.words
    told = words(
        f"roster.is_{version.state}",
        number=version.number,
        at=words.moment(view.local(version.last.at)),
        by=version.last.by or words("missing"),
    )
    st.text(told)  # a name is no markup


def _draw_cards(view: View, choice: Choice) -> None:
    words, run = view.words, choice.at.run
    need, have = (
        chain.figure(run, "required_hours"),
        chain.figure(run, "rostered_hours"),
    )
    broken, gap = chain.figure(run, "hard_violations"), chain.figure(run, "gap")
    short = roster.shortfall_count(run)
    cards = (
        (
            "roster.rostered",
            words.hours(have),
            words("roster.required", hours=words.hours(need)),
        ),
        ("roster.violations", words.number(broken), words("roster.violations_note")),
        ("roster.short", words.number(short), words("roster.short_note")),
        ("roster.gap", words.share(gap, 1), words("roster.gap_note")),
    )
    for column, (key, value, note) in zip(st.columns(len(cards)), cards, strict=True):
        with column, st.container(border=True, height="stretch", gap="xsmall"):
            st.metric(words(key), value)
            st.caption(note)
