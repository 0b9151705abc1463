"""The cards on top of the overview: one figure each, beside its target or alternative."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard.pages.next_peak import next_peak
from dashboard.pages.view import View
from dashboard.queries import board, chain, load, roster
from dashboard.queries.letters_ahead import letters_ahead
from forecasting.records import RunRecord

COUNTER = "counter"


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
    """A row of cards: peak, calls in time, wait, hours, letters, error."""
    cards: tuple[Callable[[View, Newest], None], ...] = (
        _peak_card,
        _service_card,
        _wait_card,
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


def _service_card(view: View, newest: Newest) -> None:
    """The share of calls in time in the simulated week."""
    words, run = view.words, newest.simulate
    found = board.served(run, board.FIRST_SKILL)
    if run is None or found is None:
        _card(view, "overview.service", None)
        return
    gap = 100 * (found.share.mean - found.target)
    target = words.share(found.target)
    _card(
        view,
        "overview.service",
        words.share(found.share.mean, 1),
        delta=words("overview.points", points=words.signed(gap, 1), target=target),
        color="green" if found.is_met else "red",
        note=_sure(view, run, _shares(view, found.share)),
        help_key="overview.service_help",
    )


def _wait_card(view: View, newest: Newest) -> None:
    """The mean wait at the counters in the simulated week."""
    words, run = view.words, newest.simulate
    found = board.served(run, COUNTER)
    if run is None or found is None or found.wait_s is None:
        _card(view, "overview.wait", None)
        return
    share, target = words.share(found.share.mean, 1), words.share(found.target)
    _card(
        view,
        "overview.wait",
        words.wait(found.wait_s.mean),
        delta=words("overview.within", share=share, target=target),
        color="green" if found.is_met else "red",
        note=_sure(view, run, words.waits(found.wait_s.low, found.wait_s.high)),
        help_key="overview.wait_help",
    )


def _shares(view: View, found: board.Estimate) -> str:
    low, high = (view.words.share(end, 1) for end in (found.low, found.high))
    return f"{low} \N{EN DASH} {high}"


def _sure(view: View, run: RunRecord, interval: str) -> str:
    """Which week a figure is of, and its interval."""
    week = view.words.short_week(board.week_of(run))
    return view.words("overview.sure", week=week, interval=interval)


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
        note=" \u00b7 ".join([_who(view, run), *_short(view, run)]),
        help_key="overview.hours_help",
    )


def _who(view: View, run: RunRecord) -> str:
    """Which week, and how many people work in it, where they are not too few to tell."""
    words, people = view.words, chain.figure(run, "people_rostered")
    week = words.short_week(board.week_of(run))
    if people is None or people < load.SMALLEST_CELL:
        return week
    return words("overview.people", week=week, people=words.number(people))


def _short(view: View, run: RunRecord) -> list[str]:
    """At how many moments somebody is missing all the same."""
    count = roster.shortfall_count(run)
    return [view.words.many("overview.short", count)] if count else []


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
        note=_ahead(view, run),
        help_key="overview.letters_help",
    )


def _ahead(view: View, run: RunRecord) -> str:
    """Of the next weeks: how many are to go out, and how far these came."""
    words, found = view.words, letters_ahead(view.workspace, run, view.this_week)
    states = ("exported", "approved", "unapproved")
    counts = {state: getattr(found, state) for state in states}
    told = [
        words(f"overview.ahead_{state}", letters=words.number(count))
        for state, count in counts.items()
        if count
    ]
    key = "overview.ahead" if told else "overview.none_ahead"
    return words(key, weeks=found.weeks, told=", ".join(told))


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
        note=_came_true(view, run),
        help_key="overview.error_help",
    )


def _came_true(view: View, run: RunRecord | None) -> str:
    """How far off an earlier forecast was; before there is one, how wide this one is."""
    words, error = view.words, chain.figure(run, "verification", "wape")
    if error is not None:
        return words("overview.came_true", share=words.share(error, 1))
    share = words.share(chain.figure(run, "coverage90"))
    return words("overview.error_note", share=share)


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
