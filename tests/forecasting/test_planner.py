"""Notes of the planner: checked, kept for good, withdrawn but never changed."""

import math
from datetime import date

import pytest

from forecasting.errors import InputError
from forecasting.notes import Adjustment, Event, Exclusion
from forecasting.planner import (
    add,
    described,
    notes_fingerprint,
    standing,
    standing_adjustments,
    standing_events,
    standing_exclusions,
    withdraw,
)
from forecasting.records import ExclusionRecord
from forecasting.workspace import Workspace
from tests.forecasting.small_home import NOW

FIRST, LAST = date(2026, 2, 2), date(2026, 2, 6)
EXCLUSION = Exclusion(FIRST, LAST, "system down", series="stadhuis/*/*/phone")
EVENT = Event(FIRST, LAST, "spring half-term", name="half-term")
ADJUSTMENT = Adjustment(FIRST, LAST, "new town hall", factor=1.5, plus=2.0)


def test_notes_are_kept_as_they_were_given(any_workspace: Workspace):
    for note in (EXCLUSION, EVENT, ADJUSTMENT):
        add(any_workspace, note, now=NOW)
    exclusion = standing_exclusions(any_workspace)[0]
    period = (exclusion.first, exclusion.last, exclusion.series)
    assert period == (FIRST, LAST, "stadhuis/*/*/phone")
    assert (exclusion.by, exclusion.at) == ("planner", NOW)
    assert standing_events(any_workspace)[0].name == "half-term"
    change = standing_adjustments(any_workspace)[0]
    assert (change.factor, change.plus, change.series) == (1.5, 2.0, "")


def test_a_withdrawn_note_holds_no_longer_but_stays_on_record(
    any_workspace: Workspace,
):
    number = add(any_workspace, EXCLUSION, now=NOW)
    other = add(any_workspace, EXCLUSION, now=NOW)
    withdraw(any_workspace, "exclusion", number, now=NOW)
    assert [record.id for record in standing_exclusions(any_workspace)] == [other]
    with any_workspace.ledger.reading() as session:
        kept = session.get_one(ExclusionRecord, number)
    assert (kept.withdrawn_at, kept.withdrawn_by) == (NOW, "planner")
    assert kept.reason == "system down"


@pytest.mark.parametrize("number", [1, 2, 99])
def test_only_a_standing_note_can_be_withdrawn(workspace: Workspace, number: int):
    withdraw(workspace, "event", add(workspace, EVENT, now=NOW), now=NOW)
    with pytest.raises(InputError, match="standing event"):
        withdraw(workspace, "event", number, now=NOW)
    assert len(workspace.ledger.trail()) == 2


def test_the_trail_tells_number_kind_and_period_but_not_the_reason(
    any_workspace: Workspace,
):
    add(any_workspace, EVENT, now=NOW)
    number = add(any_workspace, EVENT, now=NOW)
    withdraw(any_workspace, "event", number, now=NOW)
    told = [(e.action, e.subject, e.detail) for e in any_workspace.ledger.trail()]
    period = "2026-02-02 to 2026-02-06"
    assert told == [
        ("note", "event 1", period),
        ("note", "event 2", period),
        ("withdraw", "event 2", ""),
    ]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"last": date(2026, 2, 1)}, "--to"),
        ({"first": date(1, 1, 1)}, "--from"),
        ({"reason": " "}, "--reason"),
        ({"reason": "x" * 501}, "--reason"),
        ({"reason": "call\x1b[31m"}, "--reason"),
        ({"series": "stadhuis"}, "--series"),
        ({"series": "a/b/c/d/e"}, "--series"),
        ({"series": "a/b//d"}, "--series"),
        ({"series": "a/[bc]/d/e"}, "--series"),
        ({"factor": 0.0}, "--factor"),
        ({"factor": 11.0}, "--factor"),
        ({"factor": math.nan}, "--factor"),
        ({"plus": math.inf}, "--plus"),
        ({"factor": 1.0, "plus": 0.0}, "no change"),
    ],
)
def test_a_value_out_of_range_is_named(wrong: dict[str, object], told: str):
    given: dict[str, object] = {
        "first": FIRST,
        "last": LAST,
        "reason": "x",
        "factor": 2.0,
        **wrong,
    }
    with pytest.raises(InputError, match=told):
        Adjustment(**given)  # type: ignore[arg-type]  # the very point


@pytest.mark.parametrize(
    "text",
    [
        "balie gesloten voor 111222333",
        "zie 1112.22.333",
        "klacht van j.jansen@example.nl",
        "mail (piet@gemeente.example.nl)!",
    ],
)
def test_a_text_that_could_be_personal_is_refused_and_not_repeated(text: str):
    with pytest.raises(InputError, match="no personal data") as refused:
        Exclusion(FIRST, LAST, text)
    assert text not in str(refused.value)
    with pytest.raises(InputError, match="no personal data"):
        Event(FIRST, LAST, "x", name=text)


@pytest.mark.parametrize(
    "text",
    ["storm on 2026-01-05", "ticket 123456789", "200 calls @ desk 4", "çà et là"],
)
def test_other_numbers_and_texts_are_taken(text: str):
    assert Exclusion(FIRST, LAST, text).reason == text


def test_the_fingerprint_follows_what_holds_and_not_why_or_when(
    any_workspace: Workspace,
):
    empty = notes_fingerprint(any_workspace)
    number = add(any_workspace, EXCLUSION, now=NOW)
    one = notes_fingerprint(any_workspace)
    assert one != empty
    withdraw(any_workspace, "exclusion", number, now=NOW)
    assert notes_fingerprint(any_workspace) == empty
    again = Exclusion(FIRST, LAST, "other words", series=EXCLUSION.series)
    add(any_workspace, again, now=NOW)
    assert notes_fingerprint(any_workspace) == one
    add(any_workspace, ADJUSTMENT, now=NOW)
    assert notes_fingerprint(any_workspace) not in {empty, one}


def test_notes_are_shown_with_what_is_their_own(workspace: Workspace):
    add(workspace, EVENT, now=NOW)
    add(workspace, ADJUSTMENT, now=NOW)
    assert described(workspace, "event")[0]["name"] == "half-term"
    assert described(workspace, "adjustment")[0]["factor"] == "1.5"
    assert standing(workspace, "exclusion") == []
