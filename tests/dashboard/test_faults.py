"""A form tells what is wrong in its own words, never as an option of a command."""

import ast
from collections.abc import Callable
from datetime import date

import pytest

from dashboard.labels.words import LANGUAGES, Language, Words, label_catalogue
from dashboard.pages.faults import FIELDS, SaidError, said_fault
from forecasting.errors import FieldError, InputError
from forecasting.notes import Adjustment, Event, Exclusion
from forecasting.planner import add
from forecasting.workspace import Workspace
from staffing.pipeline.board_lines import BoardLine
from tests.dashboard.made_up_demand import NOW
from tests.dashboard.source import source

MONDAY, SUNDAY = date(2027, 1, 11), date(2027, 1, 17)
WRONG: dict[str, Callable[[], object]] = {
    "empty": lambda: Exclusion(MONDAY, SUNDAY, " "),
    "before_first": lambda: Exclusion(SUNDAY, MONDAY, "flood"),
    "year": lambda: Exclusion(date(1889, 1, 1), MONDAY, "flood"),
    "pattern": lambda: Exclusion(MONDAY, SUNDAY, "flood", "passport"),
    "too_long": lambda: Exclusion(MONDAY, SUNDAY, "x" * 501),
    "unprintable": lambda: Exclusion(MONDAY, SUNDAY, "call\x1b[31m"),
    "bsn": lambda: Exclusion(MONDAY, SUNDAY, "of 111222333"),
    "email": lambda: BoardLine("promise/phone", "jan@gemeente.example", ""),
    "factor": lambda: Adjustment(MONDAY, SUNDAY, "fair", factor=-1.0),
    "plus": lambda: Adjustment(MONDAY, SUNDAY, "fair", plus=1e6),
    "no_change": lambda: Adjustment(MONDAY, SUNDAY, "fair"),
}


def _error(make: Callable[[], object]) -> FieldError:
    with pytest.raises(FieldError) as told:
        make()
    return told.value


def _faults() -> set[tuple[str, str]]:
    """Every field and fault that the program can raise, where they stand as they are."""
    calls = [call.args[:2] for _, call in source().called["FieldError"]]
    plain = [both for both in calls if all(isinstance(a, ast.Constant) for a in both)]
    return {(str(ast.literal_eval(a)), str(ast.literal_eval(b))) for a, b in plain}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_of_a_field_has_words_and_every_field_a_label(language: Language):
    labels = label_catalogue(language)
    assert len(_faults()) >= 8
    for field, fault in _faults():
        assert f"fault.{fault}" in labels
        assert FIELDS[field] in labels


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fault", WRONG)
def test_what_is_wrong_with_a_field_is_told_by_its_label(
    fault: str, language: Language
):
    """No option, and nothing left in the language of the commands."""
    error = _error(WRONG[fault])
    assert error.fault == fault
    said = said_fault(Words(language), error)
    assert "--" not in said
    assert "{" not in said
    assert "expected" not in said or language == "en"
    assert said != str(error)


def test_the_limits_that_were_broken_are_in_the_sentence():
    words = Words("nl")
    assert said_fault(words, _error(WRONG["before_first"])) == (
        "Tot en met: kies een dag op of na 17 jan 2027."
    )
    assert said_fault(words, _error(WRONG["too_long"])) == (
        "Reden: hoogstens 500 tekens; het zijn er 501."
    )
    assert said_fault(words, _error(WRONG["plus"])) == (
        "Plus, per periode: hoogstens 10.000 erbij of eraf."
    )


def test_series_that_the_catalogue_does_not_know_are_told_so(workspace: Workspace):
    note = Event(MONDAY, SUNDAY, "fair", "*/no_such/*/*", "fair")
    error = _error(lambda: add(workspace, note, now=NOW))
    assert said_fault(Words("nl"), error).startswith("Reeksen: deze dienst")
    assert str(error).startswith("--series: expected")


def test_a_form_may_have_a_label_of_its_own_for_a_field():
    said = said_fault(Words("nl"), _error(WRONG["empty"]), {"reason": "norms.reason"})
    assert said == "Vul in: Waarom deze norm."


def test_an_error_that_is_of_no_field_is_told_in_the_words_of_the_reader():
    error = InputError("expected a Monday, came 2027-01-12", column="week")
    assert said_fault(Words("en"), error) == str(error)
    assert said_fault(Words("nl"), error) == (
        "kolom 'week': verwacht een maandag; er kwam 12 jan 2027."
    )


def test_a_name_in_an_error_is_no_markup():
    error = InputError("expected a Monday, came *[x](y)*")
    assert said_fault(Words("en"), error) == (r"expected a Monday, came \*\[x\](y)\*.")


def test_what_a_page_says_itself_is_told_as_it_says_it():
    assert said_fault(Words("nl"), SaidError("Vul alles in")) == "Vul alles in."
