"""The cards on top of the overview: one figure each, beside its target or alternative."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard.pages.view import View, read
from dashboard.queries import chain, load
from forecasting.records import RunRecord
from staffing.store import standards


@dataclass(frozen=True)
class Newest:
    """The newest run of each step, where there is one."""

    forecast: RunRecord | None
    requirement: RunRecord | None
    what_if: RunRecord | None
    agenda: RunRecord | None
    roster: RunRecord | None
    simulate: RunRecord | None
    reminders: RunRecord | None
    promises: RunRecord | None


def draw_cards(view: View, newest: Newest) -> None:
    """A row of cards: peak, service, hours, letters, error."""
    cards: tuple[Callable[[View, Newest], None], ...] = (
        _peak_card,
        _service_card,
        _hours_card,
        _letters_card,
        _error_card,
    )
    for column, card in zip(st.columns(len(cards)), cards, strict=True):
        with column:
            card(view, newest)


def _peak_card(view: View, newest: Newest) -> None:
    words, peak = view.words, next_peak(view, newest.requirement)
    if peak is None:
        known = newest.requirement is not None
        value = words("overview.no_peak") if known else None
        _card(view, "overview.peak", value, help_key="overview.peak_help")
        return
    team = words.named("skill", peak.skill)
    _card(
        view,
        "overview.peak",
        words.short_week(peak.week),
        delta=_over(view, peak),
        color="red",
        note=f"{words.day(peak.week)} \u00b7 {team}, {words.named('location', peak.location)}",
        help_key="overview.peak_help",
    )


def _over(view: View, peak: load.Peak) -> str:
    if peak.over is None:
        return view.words(
            "overview.hours_asked", hours=view.words.number(peak.hours_q75)
        )
    return view.words("overview.over", hours=view.words.number(peak.over))


def next_peak(view: View, run: RunRecord | None) -> load.Peak | None:
    """The first peak from this week on, the largest of its week."""
    if run is None:
        return None
    return next(iter(read(view, load.peaks, run, first=view.this_week)), None)


def _service_card(view: View, newest: Newest) -> None:
    words, run = view.words, newest.simulate
    phone = standards(view.workspace).skill.get("phone")
    mean = chain.figure(run, "within_25s", "mean")
    low, high = (chain.figure(run, "within_25s", end) for end in ("low", "high"))
    if mean is None or phone is None:
        _card(view, "overview.service", None)
        return
    gap = 100 * (mean - phone.target)
    _card(
        view,
        "overview.service",
        words.share(mean, 1),
        delta=words(
            "overview.points",
            points=words.signed(gap, 1),
            target=words.share(phone.target),
        ),
        color="green" if gap >= 0 else "red",
        note=_weeks_apart(view, run)
        or words(
            "overview.interval", low=words.share(low, 1), high=words.share(high, 1)
        ),
        help_key="overview.service_help",
    )


def _weeks_apart(view: View, run: RunRecord | None) -> str:
    """How far single weeks lie apart; nothing where a run did not tell."""
    low, high = (chain.figure(run, "weeks", end) for end in ("q10", "q90"))
    if low is None or high is None:
        return ""
    words = view.words
    return words("overview.weeks_apart", low=words.share(low), high=words.share(high))


def _hours_card(view: View, newest: Newest) -> None:
    words, run = view.words, newest.roster
    need, have = (
        chain.figure(run, "required_hours"),
        chain.figure(run, "rostered_hours"),
    )
    if run is None or need is None or have is None:
        _card(view, "overview.hours", None)
        return
    _card(
        view,
        "overview.hours",
        f"{words.number(have)} / {words.number(need)}",
        delta=words("overview.hours_gap", hours=words.signed(have - need)),
        color="gray" if have >= need else "red",
        note=words.week(run.parameters["week"]),
        help_key="overview.hours_help",
    )


def _letters_card(view: View, newest: Newest) -> None:
    words, run = view.words, newest.reminders
    planned = chain.figure(run, "letters_planned")
    if run is None or planned is None:
        _card(view, "overview.letters", None)
        return
    ends = [chain.figure(run, "peak_load_hours", end) for end in ("before", "after")]
    _card(
        view,
        "overview.letters",
        words.number(planned),
        delta=words(
            "overview.peak_change",
            before=words.number(ends[0]),
            after=words.number(ends[1]),
        ),
        color="gray",
        note=words("overview.due", letters=_few(view, run)),
        help_key="overview.letters_help",
    )


def _few(view: View, run: RunRecord) -> str:
    due = read(view, load.letters_due, run, view.this_week)
    small = 0 < due < load.SMALLEST_CELL
    return f"<{load.SMALLEST_CELL}" if small else view.words.number(due)


def _error_card(view: View, newest: Newest) -> None:
    words, run = view.words, newest.forecast
    ours, naive = chain.figure(run, "wape"), chain.figure(run, "wape_last_year")
    if ours is None:
        _card(view, "overview.error", None)
        return
    better = naive is not None and ours <= naive
    _card(
        view,
        "overview.error",
        words.share(ours, 1),
        delta=words("overview.naive", naive=words.share(naive, 1)),
        color="green" if better else "red",
        note=words(
            "overview.error_note", share=words.share(chain.figure(run, "coverage90"))
        ),
        help_key="overview.error_help",
    )


def _card(
    view: View,
    key: str,
    value: str | None,
    *,
    delta: str | None = None,
    color: str = "gray",
    note: str = "",
    help_key: str | None = None,
) -> None:
    words = view.words
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(
            words(key),
            words("missing") if value is None else value,
            delta=delta,
            delta_color=color,  # type: ignore[arg-type]  # one of Streamlit's names
            delta_arrow="off",
            help=words(help_key) if help_key else None,
        )
        st.caption(words(f"{key}_missing") if value is None else note or "\u00a0")
