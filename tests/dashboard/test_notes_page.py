"""Two planners who change the same note: who was first is told, and nothing is lost."""

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import dashboard.app.script
from dashboard.labels.words import label_catalogue
from forecasting.errors import OvertakenError
from forecasting.notes import Exclusion
from forecasting.planner import add, change, standing_exclusions
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from tests.dashboard.made_up_demand import NOW

WORDS = label_catalogue("nl")
SYSTEM_DOWN = Exclusion(date(2026, 2, 2), date(2026, 2, 6), "system down")


def _of(home: Path, actor: str) -> Workspace:
    return Workspace.open(Settings(home=home, actor=actor))


class Planner:
    """Somebody with the Data page open in a browser of their own."""

    def __init__(self, home: Path, name: str, patch: pytest.MonkeyPatch) -> None:
        self.home, self.name, self.patch = home, name, patch
        self.page = AppTest.from_file(dashboard.app.script.__file__, default_timeout=60)
        self.page.query_params["lang"] = "nl"
        self.page._page_hash = calc_hash("data")
        self.look()

    def look(self) -> None:
        self.patch.setenv("PIEKWIJZER_HOME", str(self.home))
        self.patch.setenv("PIEKWIJZER_ACTOR", self.name)
        self.page.run()
        assert not self.page.exception

    def choose(self, number: int) -> None:
        self.page.selectbox(key="note_number_exclusion").set_value(f"{number}")
        self.look()

    def type(self, field: str, text: str) -> None:
        box = next(box for box in self.page.text_input if box.label == WORDS[field])
        box.set_value(text)

    def typed(self, field: str) -> str | None:
        return next(
            box.value for box in self.page.text_input if box.label == WORDS[field]
        )

    def press(self, label: str) -> None:
        next(b for b in self.page.button if b.label == WORDS[label]).click()
        self.look()


def test_a_change_of_a_note_that_changed_meanwhile_is_refused_whole(tmp_path: Path):
    """The later planner learns who was first and when; only the first change holds."""
    anna, bob = _of(tmp_path, "anna"), _of(tmp_path, "bob")
    seen = add(anna, SYSTEM_DOWN, now=NOW)
    longer = Exclusion(SYSTEM_DOWN.first, date(2026, 2, 9), "down until Monday")
    change(anna, seen, longer, now=NOW)
    entries = len(anna.ledger.trail())
    with pytest.raises(OvertakenError, match="changed by anna at 2026-") as told:
        change(bob, seen, SYSTEM_DOWN, now=NOW)
    assert (told.value.by, told.value.at) == ("anna", NOW)
    assert [note.last for note in standing_exclusions(bob)] == [longer.last]
    assert len(bob.ledger.trail()) == entries


def test_a_change_is_one_step_in_the_trail_of_who_made_it(tmp_path: Path):
    """Withdrawn and made again together, under one name."""
    number = add(_of(tmp_path, "anna"), SYSTEM_DOWN, now=NOW)
    again = change(_of(tmp_path, "bob"), number, SYSTEM_DOWN, now=NOW)
    told = [(e.by, e.action, e.subject) for e in _of(tmp_path, "x").ledger.trail()]
    assert told[1:] == [
        ("bob", "withdraw", f"exclusion {number}"),
        ("bob", "note", f"exclusion {again}"),
    ]


def test_the_page_tells_who_was_first_and_keeps_what_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Both look at one note and change it: the first change stands, the second is typed."""
    number = add(_of(tmp_path, "anna"), SYSTEM_DOWN, now=NOW)
    anna = Planner(tmp_path, "anna", monkeypatch)
    bob = Planner(tmp_path, "bob", monkeypatch)
    for planner in (anna, bob):
        planner.choose(number)
        assert planner.typed("notes.column_reason") == "system down"
    anna.type("notes.column_reason", "queue broken")
    anna.press("notes.change")
    bob.type("notes.column_reason", "strike")
    bob.press("notes.change")
    said = [warning.value for warning in bob.page.warning]
    assert any("gewijzigd door anna" in text for text in said), said
    assert bob.typed("notes.column_reason") == "strike"
    held = standing_exclusions(_of(tmp_path, "x"))
    assert [(note.reason, note.by) for note in held] == [("queue broken", "anna")]


def test_a_note_is_made_and_withdrawn_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Under the name of whoever did it; what is wrong is said and not kept."""
    anna = Planner(tmp_path, "anna", monkeypatch)
    anna.press("notes.add")
    assert [error.value for error in anna.page.error] == ["Vul in: Reden."]
    anna.type("notes.column_reason", "flood")
    anna.press("notes.add")
    (note,) = standing_exclusions(_of(tmp_path, "x"))
    assert (note.reason, note.by) == ("flood", "anna")
    bob = Planner(tmp_path, "bob", monkeypatch)
    bob.choose(note.id)
    bob.press("notes.withdraw")
    assert standing_exclusions(_of(tmp_path, "x")) == []
    last = _of(tmp_path, "x").ledger.trail(last=1)[0]
    assert (last.by, last.action) == ("bob", "withdraw")
