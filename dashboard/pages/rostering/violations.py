"""The verifier's word: each rule in the reader's language, how often, and where."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.rostering.choosing import Choice
from dashboard.pages.view import View, heading, read, show_table
from dashboard.queries import roster_checks
from staffing.roster.verifying import RULES
from staffing.roster.violation import Violation


def draw_violations(view: View, choice: Choice) -> None:
    """Every rule that is broken, as the verifier finds it in what is stored."""
    heading(view.words("violation.title"))
    draw_verdict(view, choice)
    found = verdict(view, choice)
    if found:
        show_table(_table(view, found))


def draw_verdict(view: View, choice: Choice) -> None:
    """How many hard and soft rules are broken, of how many that were asked."""
    words, found = view.words, verdict(view, choice)
    hard = sum(one.hard for one in found)
    told = words(
        "violation.verdict",
        asked=sum(rule.hard for rule in RULES),
        hard=hard,
        soft=len(found) - hard,
    )
    if hard:
        st.error(told, icon=":material/gavel:")
    else:
        st.success(told, icon=":material/check:")


def verdict(view: View, choice: Choice) -> list[Violation]:
    """What the verifier finds in the version shown."""
    version = choice.at.version
    if version is None:
        return []
    return read(view, roster_checks.violations, choice.at.run, version.number)


def _table(view: View, found: Sequence[Violation]) -> Table:
    words = view.words
    heads = [words(f"violation.{name}") for name in ("rule", "kind", "times", "where")]
    counts = Counter((one.rule, one.hard) for one in found)
    body = [
        _row(view, [one for one in found if one.rule == rule], hard)
        for rule, hard in counts
    ]
    return Table(words("violation.title"), heads, body, frozenset({2}), stacks=True)


def _row(view: View, found: Sequence[Violation], hard: bool) -> list[str | Cell]:
    words, first = view.words, found[0]
    kind = words("violation.hard" if hard else "violation.soft")
    places = {one: None for violation in found if (one := place(view, violation))}
    return [
        label(view, first),
        Cell(kind, tone="over" if hard else "plain"),
        words.number(len(found)),
        "; ".join(places),
    ]


def label(view: View, found: Violation) -> str:
    """A rule in the reader's language."""
    told = found.label_nl if view.words.language == "nl" else found.label_en
    return told or view.words.named("rule", found.rule)


def place(view: View, found: Violation) -> str:
    """Whom and which day a violation is about."""
    day = None if found.day is None else view.words.short_day(found.day)
    return " ".join(part for part in (found.person, day) if part)
