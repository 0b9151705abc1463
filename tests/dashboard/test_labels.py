import re
from datetime import date, datetime
from pathlib import Path

import pytest

import dashboard
from dashboard.intake import TARGETS
from dashboard.labels.rejecting import reject_reason
from dashboard.labels.words import LANGUAGES, Words, label_catalogue
from dashboard.queries.reasons import CAUSES
from forecasting.ingest.checking import checks_of
from forecasting.ingest.mapping import read_mapping
from forecasting.insight_tables import NOTICES
from forecasting.models.blend import BLEND
from forecasting.outside_tables import STATES
from forecasting.rolling.answers import methods
from forecasting.targets import WITHDRAWN
from forecasting.tuning import load_tuning

DUTCH, ENGLISH = Words("nl"), Words("en")
CODE = Path(dashboard.__file__).parent
ROOT = CODE.parent
USED = re.compile(r"\b(?:words|plain)(?:\.many)?\(\s*\"([a-z_.0-9]+)\"")


def test_both_languages_have_the_same_labels():
    assert label_catalogue("nl").keys() == label_catalogue("en").keys()


def test_a_label_has_the_same_places_to_fill_in_both_languages():
    for key, text in label_catalogue("nl").items():
        places = set(re.findall(r"\{(\w+)\}", text))
        assert places == set(re.findall(r"\{(\w+)\}", label_catalogue("en")[key])), key


def test_every_label_the_code_asks_for_exists():
    asked = {
        key
        for file in CODE.rglob("*.py")
        for key in USED.findall(file.read_text("utf-8"))
    }
    assert len(asked) > 100
    assert asked - label_catalogue("nl").keys() == set()


def test_an_unknown_label_is_an_error_and_not_a_raw_key():
    with pytest.raises(KeyError):
        DUTCH("overview.no_such_label")


@pytest.mark.parametrize(
    ("words", "expected"), [(DUTCH, "\u22121.234,5"), (ENGLISH, "\u22121,234.5")]
)
def test_numbers_follow_the_language(words: Words, expected: str):
    assert words.number(-1234.5, 1) == expected


def test_a_number_that_rounds_to_nothing_has_no_sign():
    assert DUTCH.number(-0.04, 1) == "0,0"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_number_is_shown_as_missing(language):
    words = Words(language)
    assert {
        words.number(None),
        words.share(None),
        words.hours(None),
        words.day(None),
    } == {words("missing")}


def test_dates_follow_the_language_and_weeks_are_iso_weeks():
    assert DUTCH.week("2026-W53") == "week 53 (ma 28 dec 2026)"
    assert ENGLISH.week(date(2027, 1, 11)) == "week 2 (Mon 11 Jan 2027)"
    assert DUTCH.moment(datetime(2027, 5, 3, 9, 5)) == "3 mei 2027 09:05"  # noqa: DTZ001 - a local time


def test_spans_of_time_are_told_in_the_unit_a_reader_uses():
    spans = [DUTCH.duration(seconds) for seconds in (25, 180, 900, 172800)]
    assert spans == ["25 s", "180 s", "15 min", "2 dagen"]


def test_a_service_is_named_by_the_catalogue_and_an_unknown_one_by_itself():
    words = Words("nl", {"passport": "Paspoort"})
    assert words.service("passport") == "Paspoort"
    assert words.service("dog_tax") == "Dog tax"


def test_a_series_is_said_in_words():
    words = Words("nl", {"passport": "Paspoort"})
    said = words.series("stadhuis/passport/collection/walk_in")
    assert said == "Paspoort: afhalen, vrije inloop (Stadhuis)"
    assert words.series("counter 3") == "counter 3"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_forecast_names_by_a_code_has_a_label(language):
    ways = [BLEND, *(way.name for way in methods(load_tuning()))]
    known = {
        "method": ways,
        "cause": CAUSES,
        "outside_state": STATES,
        "notice": NOTICES,
    }
    asked = {
        f"{group}.{code.replace(' ', '_')}"
        for group, codes in known.items()
        for code in codes
    }
    assert asked - label_catalogue(language).keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_one_the_words_are_those_for_one(language):
    words = Words(language)
    ones = [key for key in label_catalogue(language) if key.endswith("_one")]
    assert "demand.alt_one" in ones
    for key in ones:
        assert key.removesuffix("_one") in label_catalogue(language)
    people = [words.many("slots.people", n, n=n) for n in (1, 2)]
    assert people == [words("slots.people_one", n=1), words("slots.people", n=2)]


def test_waits_are_told_in_seconds_and_from_two_minutes_on_in_minutes():
    said = [DUTCH.wait(seconds) for seconds in (1.07, 119.6, 120, 223.2, None)]
    assert said == ["1 s", "120 s", "2,0 min", "3,7 min", "ontbreekt"]
    assert ENGLISH.waits(202.8, 243.7) == "3.4 \N{EN DASH} 4.1 min"
    assert DUTCH.waits(0.98, 1.2) == "1 \N{EN DASH} 1 s"
    assert DUTCH.waits(100, 150) == "100 s \N{EN DASH} 2,5 min"
    assert DUTCH.waits(None, 3) == "ontbreekt"


def shipped_reasons() -> set[str]:
    """Every reason for which a row of a shipped source, or of its kind, is refused."""
    config = ROOT / "config"
    names = [file.stem for file in (config / "sources").glob("*.toml")]
    mappings = [read_mapping(config, name) for name in names]
    found = {c.reason for m in mappings for c in checks_of(m, TARGETS[m.kind])}
    return (
        found
        | {WITHDRAWN}
        | {rule.reason for t in TARGETS.values() for rule in t.rules}
    )


def test_every_reason_to_refuse_a_row_is_told_in_dutch_with_its_numbers():
    found = shipped_reasons()
    assert len(found) > 50
    assert [r for r in found if reject_reason(r, "nl") == r] == []
    assert reject_reason("over 3,600", "nl") == "groter dan 3,600"
    assert reject_reason("over 3,600", "en") == "over 3,600"
    assert (
        reject_reason("of a mapping of one's own", "nl") == "of a mapping of one's own"
    )
