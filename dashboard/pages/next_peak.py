"""The next peak in a sentence: where, when, and what causes it."""

import streamlit as st

from dashboard.pages.view import View, read
from dashboard.queries import load
from dashboard.queries.next_peak import Why, why
from forecasting.records import RunRecord


def next_peak(view: View, run: RunRecord | None) -> load.Peak | None:
    """The first peak from this week on, the largest of its week."""
    if run is None:
        return None
    return next(iter(read(view, load.peaks, run, first=view.this_week)), None)


def draw_why(view: View, run: RunRecord | None) -> None:
    """What is known of why it is a peak; nothing where none is to come."""
    peak = next_peak(view, run)
    if run is None or peak is None:
        return
    words, found = view.words, read(view, why, run, peak)
    title = words(
        "overview.why",
        week=words.short_week(peak.week),
        team=words.named("skill", peak.skill),
        place=words.named("location", peak.location),
    )
    st.markdown(f"**{title}** {' '.join(_reasons(view, peak, found))}")


def _reasons(view: View, peak: load.Peak, found: Why) -> list[str]:
    words = view.words
    said = found.text_nl if words.language == "nl" else found.text_en
    parts = [_sentence(view, said)]
    if found.usual is not None:
        parts.append(
            words(
                "overview.why_fewer",
                capacity=words.number(peak.capacity),
                usual=words.number(found.usual),
            )
        )
    return parts


def _sentence(view: View, said: str | None) -> str:
    """A sentence of the forecast without its week, which stands before it."""
    if said is None:
        return view.words("overview.why_unknown")
    return view.words("overview.why_town", sentence=said.partition(": ")[2] or said)
