"""What needs a decision: each with whose turn it is, and where it is made."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import streamlit as st

from dashboard.pages.headlines import Newest
from dashboard.pages.next_peak import next_peak
from dashboard.pages.view import View, heading, link, read
from dashboard.queries import agenda, board, chain, promises, roster
from dashboard.queries.letters_ahead import letters_ahead
from dashboard.roles import Role
from forecasting.calendar import week_name
from staffing.publish.versions import versions
from staffing.store import labour_rules


@dataclass(frozen=True)
class Decision:
    """What to decide, whose turn it is, and the page for it (None: this one)."""

    text: str
    role: Role
    page: str | None
    params: Mapping[str, str] = field(default_factory=dict)


def draw_decisions(view: View, newest: Newest, steps: Sequence[chain.Step]) -> None:
    """A line per decision, or that nothing asks for one."""
    words = view.words
    heading(words("overview.decisions"))
    found = [*_of_work(view, newest), *_of_records(view, newest, steps)]
    if not found:
        _say_none(view, steps)
    with st.container(gap="xsmall"):
        for one in found:
            _draw(view, one)


def _say_none(view: View, steps: Sequence[chain.Step]) -> None:
    """Nothing asks for a decision, as far as steps have run that could."""
    words = view.words
    undone = [words.named("step", step.kind) for step in steps if step.run is None]
    if undone:
        st.caption(words("overview.no_decisions_yet", steps=", ".join(undone)))
    else:
        st.success(words("overview.no_decisions"), icon=":material/check:")


def _draw(view: View, one: Decision) -> None:
    turn = view.words("decision.turn", role=view.words(f"role.{one.role}"))
    text = f"{one.text} \N{MIDDLE DOT} *{turn}*"
    if one.page is None:
        st.markdown(f":material/update: :small[{text}]")
    else:
        link(view, one.page, text, **one.params)


def _of_work(view: View, newest: Newest) -> Iterator[Decision]:
    yield from _peak(view, newest)
    yield from _missed(view, newest)
    yield from _unkept(view, newest)
    yield from _shortfalls(view, newest)
    yield from _unpublished(view)
    yield from _letters(view, newest)
    yield from _places(view, newest)


def _of_records(
    view: View, newest: Newest, steps: Sequence[chain.Step]
) -> Iterator[Decision]:
    words = view.words
    stale = [words.named("step", step.kind) for step in steps if step.is_stale]
    if stale:
        text = words("decision.stale", steps=", ".join(stale))
        yield Decision(text, Role.planner, None)
    warned = chain.figure(newest.forecast, "forecast_warnings")
    if warned:
        text = words.many("decision.warned", round(warned))
        yield Decision(text, Role.planner, "demand")
    refused = sum(record.rows_rejected for record in view.workspace.ledger.imports())
    if refused:
        text = words("decision.rejects", rows=words.number(refused))
        yield Decision(text, Role.administrator, "data")


def _peak(view: View, newest: Newest) -> Iterator[Decision]:
    peak = next_peak(view, newest.requirement)
    if peak is not None:
        text = view.words("decision.peak", week=view.words.week(peak.week))
        yield Decision(text, Role.planner, "peaks")


def _missed(view: View, newest: Newest) -> Iterator[Decision]:
    """Tasks whose promise the simulated week does not keep."""
    words, run = view.words, newest.simulate
    if run is None:
        return
    week = run.parameters["week"]
    for one in board.promises(run):
        if not one.is_met:
            skill = words.named("skill", one.skill)
            share = words.share(one.share.mean, 1)
            target = words.share(one.target)
            text = words(
                "decision.missed",
                skill=skill,
                week=words.week(week),
                share=share,
                target=target,
            )
            params = {"skill": one.skill, "week": week}
            yield Decision(text, Role.planner, "requirement", params)


def _unkept(view: View, newest: Newest) -> Iterator[Decision]:
    """Promises that were not kept in the newest whole week."""
    run = newest.promises
    missed = 0 if run is None else read(view, promises.missed_count, run)
    if missed:
        text = view.words.many("decision.promises", missed)
        yield Decision(text, Role.planner, "promises")


def _shortfalls(view: View, newest: Newest) -> Iterator[Decision]:
    words, made = view.words, newest.roster
    short = 0 if made is None else roster.shortfall_count(made)
    if made is not None and short:
        week = made.parameters["week"]
        text = words("decision.shortfalls", count=short, week=words.week(week))
        yield Decision(text, Role.planner, "roster", {"week": week})


def _unpublished(view: View) -> Iterator[Decision]:
    """Weeks with a roster that nobody published, within the notice of the labour rules."""
    words, first = view.words, view.this_week
    due = view.today + timedelta(days=labour_rules(view.workspace).notice_days)
    found = [one for one in versions(view.workspace) if first <= one.week <= due]
    public = {one.week for one in found if one.is_published}
    for week in sorted({one.week for one in found} - public):
        text = words("decision.unpublished", week=words.week(week))
        yield Decision(text, Role.planner, "roster", {"week": week_name(week)})


def _letters(view: View, newest: Newest) -> Iterator[Decision]:
    """Letters of the next weeks that nobody approved, and those without files."""
    words, run = view.words, newest.reminders
    if run is None:
        return
    found = letters_ahead(view.workspace, run, view.this_week)
    to_send = {"show": "send"}
    if found.waiting:
        first, count = min(found.waiting), words.number(found.unapproved)
        text = words("decision.letters", week=words.week(first), letters=count)
        params = {**to_send, "mailing": week_name(first)}
        yield Decision(text, Role.approver, "peaks", params)
    if found.approved:
        count = words.number(found.approved)
        text = words("decision.letters_files", letters=count, weeks=found.weeks)
        yield Decision(text, Role.planner, "peaks", to_send)


def _places(view: View, newest: Newest) -> Iterator[Decision]:
    run = newest.agenda
    unkept = 0 if run is None else agenda.unkept_count(run)
    if unkept:
        text = view.words.many("decision.agenda", unkept)
        yield Decision(text, Role.planner, "agenda")
