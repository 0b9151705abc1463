"""What a version changed: for whom, on which day, and what it costs."""

from collections.abc import Mapping

import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.rostering.choosing import Choice
from dashboard.pages.rostering.shifts import changed_days, shifts_by_day
from dashboard.pages.view import View, heading, show_table
from dashboard.queries.roster_versions import absent_days, dearer_by, followed, run_of
from forecasting.records import RunRecord
from staffing.publish.versions import Version

WORTH_TELLING = 0.5
"""Euros a week under which a term is not told."""


def draw_outcome(view: View, choice: Choice, labels: Mapping[str, str]) -> None:
    """The differences with the version that this one followed, if any."""
    before, version = followed(choice.at), choice.at.version
    run = None if before is None else run_of(view.workspace, before)
    if before is None or run is None or version is None:
        return
    words = view.words
    heading(words("outcome.title", number=version.number, before=before.number))
    table = _table(view, choice, labels)
    people = len({row[0] for row in table.rows})
    st.markdown(words("outcome.changed", days=len(table.rows), people=people))
    st.markdown(_cost(view, choice.at.run, run, before, version))
    if table.rows:
        show_table(table)


def _cost(
    view: View, run: RunRecord, was: RunRecord, before: Version, version: Version
) -> str:
    """What it costs more or less, and by which terms, the largest first."""
    words, terms = view.words, dearer_by(run, was)
    total = terms.pop("total", 0.0)
    if not terms:
        return words("outcome.cost_unknown")
    told = [
        f"{words.named('term', name)} {signed_euros(view, value)}"
        for name, value in sorted(terms.items(), key=lambda item: -abs(item[1]))
        if abs(value) >= WORTH_TELLING
    ]
    key = "outcome.dearer" if total >= 0 else "outcome.cheaper"
    said = words(
        key,
        number=version.number,
        before=before.number,
        euros=euros(view, abs(total)),
    )
    return f"{said} {words('outcome.terms', terms=', '.join(told))}" if told else said


def euros(view: View, value: float) -> str:
    """`€ 412`."""
    return view.words("unit.euros", value=view.words.number(value))


def signed_euros(view: View, value: float) -> str:
    """`+€ 320`, or with a minus sign."""
    return f"{'+' if value > 0 else chr(0x2212)}{euros(view, abs(value))}"


def _table(view: View, choice: Choice, labels: Mapping[str, str]) -> Table:
    words = view.words
    now = shifts_by_day(view, choice)
    noticed = _notices(choice.at.run)
    before = followed(choice.at)
    was_told = before is not None and before.state in ("published", "superseded")
    usual = "in_time" if was_told else "unseen"
    free, absent = words("roster.free"), absent_days(choice.at.run)
    body: list[list[str | Cell]] = []
    for (code, day), was in changed_days(view, choice).items():
        late = noticed.get((code, day.isoformat()), usual)
        shifts = now.get((code, day), [])
        body.append(
            [
                f"{labels.get(code, code)} ({code})",
                words.short_day(day),
                was.times if was else free,
                " + ".join(shift.times for shift in shifts)
                or (words("roster.absent") if (code, day) in absent else free),
                Cell(
                    words(f"outcome.{late}"), tone="near" if late == "late" else "plain"
                ),
            ]
        )
    heads = [
        words(f"outcome.{n}") for n in ("person", "day", "was", "becomes", "notice")
    ]
    return Table(words("outcome.caption"), heads, body, stacks=True)


def _notices(run: RunRecord) -> dict[tuple[str, str], str]:
    """Of the days that replanning lists: within the notice, and whether agreed to."""
    told = run.figures.get("changes")
    return {
        (str(change["person"]), str(change["day"])): "agreed"
        if change["agreed"]
        else "late"
        for change in (told if isinstance(told, list) else [])
        if change["within_notice"]
    }
