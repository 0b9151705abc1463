"""Lines of the board on what was measured: how promises were kept in the newest week."""

from collections.abc import Mapping, Sequence

from dashboard.charts.tables import Cell, Tone
from dashboard.pages.board_row import Row
from dashboard.pages.promise_words import (
    aim_of,
    fewer_of,
    interval_of,
    topic_of,
    verdict_of,
)
from dashboard.pages.view import View, read
from dashboard.queries import chain
from dashboard.queries.realised import Realised, realised

Kept = Mapping[str, Realised | None]
OF_SKILL = {"phone": "answered", "counter": "counter"}
"""Promises that stand in the line of the task whose week is simulated."""
AGENDA, OF_AGENDA = "promise/agenda", "first_free"


def kept(view: View) -> Kept:
    """What came of each promise; empty where that was never reckoned."""
    run = chain.newest_run(view.workspace, "promises")
    return {} if run is None else read(view, realised, run)


def beside(view: View, found: Realised | None) -> str:
    """What was measured, to stand below what is expected; empty where it is not known."""
    if found is None:
        return ""
    words = view.words
    return words(
        "board.came", week=words.short_week(found.week), what=_said(view, found)
    )


def rows(view: View, kept: Kept, told: Sequence[Row]) -> list[Row]:
    """A line for each promise that stands in no line of what is expected.

    `told` are those lines. A promise that no export tells of says so.
    """
    subjects = {row.subject for row in told}
    beside = {
        name for skill, name in OF_SKILL.items() if f"promise/{skill}" in subjects
    }
    beside |= {OF_AGENDA} if AGENDA in subjects else set()
    return [_row(view, name, kept[name]) for name in kept if name not in beside]


def _row(view: View, name: str, found: Realised | None) -> Row:
    words, subject = view.words, f"promise/{name}"
    if found is None:
        topic, missing = Cell(words(f"promises.topic_{name}")), words("missing")
        none = words("board.kept_no_export")
        return Row(subject, topic, missing, Cell(missing, tone="muted"), none)
    promise = found.promise
    topic = Cell(topic_of(words, promise), aim_of(words, promise))
    week = words.short_week(found.week)
    return Row(subject, topic, week, _result(view, found), _bottleneck(view, found))


def _result(view: View, found: Realised) -> Cell:
    """The share of the location furthest behind, with its interval and verdict."""
    words, worst = view.words, found.worst
    few = worst["share"] is None
    return Cell(
        _said(view, found),
        "" if few else words("promises.interval", between=interval_of(words, worst)),
        _tone(found),
    )


def _bottleneck(view: View, found: Realised) -> str:
    """How many locations did not keep it."""
    words = view.words
    if not found.missed:
        return words("board.kept_nowhere_missed")
    if found.places == 1:
        return words("board.kept_missed_here", place=_place(view, found))
    numbers = {"missed": found.missed, "places": found.places}
    return words("board.kept_missed", **numbers, place=_place(view, found))


def _said(view: View, found: Realised) -> str:
    """`84,8%: gehaald`, with the location where there are several."""
    words, worst = view.words, found.worst
    share = (
        fewer_of(words, found.promise)
        if worst["share"] is None
        else words.share(worst["share"], 1)
    )
    verdict = verdict_of(words, worst["verdict"])
    if found.places == 1:
        return words("board.kept_alone", share=share, verdict=verdict)
    return words(
        "board.kept_worst", share=share, verdict=verdict, place=_place(view, found)
    )


def _place(view: View, found: Realised) -> str:
    return view.words.named("location", found.worst["location"])


def _tone(found: Realised) -> Tone:
    if found.missed:
        return "over"
    return "calm" if found.kept == found.places else "plain"
