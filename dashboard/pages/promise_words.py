"""Promises, verdicts and waits in the reader's words."""

from collections.abc import Mapping
from typing import Any

from dashboard.charts.tables import Tone
from dashboard.labels.words import Words
from dashboard.queries.promises import Promise

Row = Mapping[str, Any]
ICONS = {
    "kept": ":material/check_circle:",
    "missed": ":material/cancel:",
    "unclear": ":material/help:",
    "few": ":material/visibility_off:",
    "unjudged": ":material/rule:",
}
TONES: dict[str, Tone] = {"kept": "calm", "missed": "over", "few": "muted"}
SECONDS_OF_MINUTE = 60


def name_of(words: Words, promise: Promise) -> str:
    """A promise by what it asks, such as `Opgenomen binnen 25 s`."""
    return words(f"promises.name_{promise.name}", within=_within(words, promise))


def _within(words: Words, promise: Promise) -> str:
    if promise.within is None:
        return ""
    if promise.unit == "seconds":
        return words.duration(promise.within)
    return words.many(
        "promises.working_days", int(promise.within), n=words.number(promise.within)
    )


def topic_of(words: Words, promise: Promise) -> str:
    """What a promise is about, in a word or two."""
    return words(f"promises.topic_{promise.name}")


def aim_of(words: Words, promise: Promise) -> str:
    """`belofte: minstens 80% binnen 25 s`."""
    key = "promises.at_most" if promise.at_most else "promises.at_least"
    within = _within(words, promise)
    return words(key, share=words.share(promise.target), within=within)


def fewer_of(words: Words, promise: Promise) -> str:
    """What stands for a number that is too small to tell."""
    return words("promises.fewer", n=promise.least)


def interval_of(words: Words, row: Row, low: str = "low", high: str = "high") -> str:
    """`80,5% tot 88,3%`; missing where days are too few."""
    if row[low] is None or row[high] is None:
        return words("missing")
    ends = {"low": words.share(row[low], 1), "high": words.share(row[high], 1)}
    return words("common.between", **ends)


def wait_of(words: Words, promise: Promise, row: Row) -> str | None:
    """The mean wait, in minutes or working days; None where none is known."""
    if row["mean"] is None:
        return None
    if promise.unit == "seconds":
        minutes = words.number(row["mean"] / SECONDS_OF_MINUTE, 1)
        return words("unit.minutes", value=minutes)
    return words("promises.working_days", n=words.number(row["mean"], 1))


def verdict_of(words: Words, verdict: str) -> str:
    """What was found, in words."""
    return words(f"promises.verdict_{verdict}")
