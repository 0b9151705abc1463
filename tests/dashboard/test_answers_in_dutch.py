"""What a command answered is told in Dutch, line by line, and nothing of it is lost."""

import ast

import pytest

from dashboard.import_answers import answer_of_import
from dashboard.labels.answering import DUTCH, Said, answer_in_words
from dashboard.labels.forms import PLACE, catalogue
from dashboard.labels.words import LANGUAGES, Words, label_catalogue
from forecasting.ingest import ImportResult
from forecasting.pipeline.spoken import NOTICES, UNHEARD, spoken
from staffing.cli.promising import NAMES, SAID, WANTED
from staffing.cli.reminding import LABELS
from staffing.reminders.gains import HELPS, NO_HELP, NO_NEED
from tests.dashboard.raised import LETTERS
from tests.dashboard.source import all_texts, source

WORDS = Words("nl")
FIGURES = {
    "series": 54,
    "horizon_days": 420,
    "wape": 0.163,
    "wape_last_year": 0.23,
    "stale_history_days": 40,
    "history_last": "2026-11-20",
    "level_shifts": [{"series": "a/b/c/d", "since": "2026-03-02", "ratio": 1.5}],
    "letters": [
        {"week": "2027-W02", "applications": 40, "collections": 30, "calls": 5},
        {"week": "2027-W09", "applications": -40, "collections": -30, "calls": 2},
    ],
    "verification": {
        "wape": 0.2,
        "origin": "2026-06-30",
        "outside": 0.12,
        "warnings": ["a/b/c/d", "e/f/g/h"],
        "all_warn": True,
    },
    "days_in_part": [
        {"series": ["a/b/c/d"], "end": "last", "day": "2026-11-20", "clock": "14:15"},
        {"series": ["a/b/c/d"], "end": "first", "day": "2026-01-01", "clock": "10:00"},
    ],
    "notices": {kind: [f"a/b/c/{n}" for n in range(7)] for kind in NOTICES},
    "outside_not_applied": [
        {"said_by": "rvig", "subject": "passport", "period": "2027-05", "state": state}
        for state in UNHEARD
    ],
    "documents_left_out": {"a/b/c/d": "ValueError: x"},
    "failures": {"a/b/c/d": "ValueError: x"},
    "stocks_not_used": [
        {"service": "passport", "as_of": "2026-01-05", "explains": 0.1}
    ],
    "fees_not_reckoned": [{"day": "2027-01-01", "name": "fees", "service": "passport"}],
}
ANSWERS = {
    "Requirement stored for 26 weeks (2026-W48 to 2027-W20).": "Bezetting bewaard voor "
    "26 weken: week 48 (ma 23 nov 2026) tot en met week 20 (ma 17 mei 2027).",
    "Roster of 2027-W02: 1782 hours for 1218 required, 0 violations, gap 0.4%.": "Rooster "
    "van week 2 (ma 11 jan 2027): 1782 uur ingeroosterd, 1218 uur nodig, 0 "
    "overtredingen, verschil met de ondergrens 0,4%.",
    "Roster of 2027-W02: 10 hours for 10 required, 0 violations, gap unknown.": "Rooster "
    "van week 2 (ma 11 jan 2027): 10 uur ingeroosterd, 10 uur nodig, 0 overtredingen, "
    "verschil met de ondergrens onbekend.",
    "Simulated 2027-W02. Answered within 25 seconds: 98.0% (97.8% to 98.2%). Of single "
    "weeks 8 in 10 lie between 95% and 99%; 100% meet the target. Why weeks differ: "
    "chance 40%, absence 35%, forecast 25%.": "week 2 (ma 11 jan 2027) gesimuleerd. "
    "Opgenomen binnen 25 seconden: 98,0% (97,8% tot 98,2%). Van losse weken liggen er 8 "
    "op de 10 tussen 95% en 99%; 100% haalt de norm. Waarom weken verschillen: toeval "
    "40%, afwezigheid 35%, voorspelling 25%.",
    "400 letters planned: letters help. Peak counter load: 770 hours in 2027-W16 without "
    "letters, 758 hours in 2027-W20 with them. They cause about 24 phone calls (12 to 40 "
    "by the range assumed).": "400 brieven gepland: brieven helpen. Drukste week aan de "
    "balie: 770 uur in week 16 (ma 19 apr 2027) zonder brieven, 758 uur in week 20 (ma "
    "17 mei 2027) met brieven. Zij leiden tot ongeveer 24 telefoontjes (12 tot 40 naar "
    "wat is aangenomen).",
    "Busiest week, hours: 769.8 (700.1 to 840.2) without letters, 757.8 (690.0 to 830.1) "
    "with them; change -12.0 (-20.1 to -3.0)": "Drukste week, uren: 769,8 (700,1 tot "
    "840,2) zonder brieven, 757,8 (690,0 tot 830,1) met brieven; verschil -12,0 (-20,1 "
    "tot -3,0)",
    "2027-W02 centrum: calls answered in time 81.0% (79.0% to 83.0%), promised 80%: as "
    "promised": "week 2 (ma 11 jan 2027), centrum: telefoon op tijd opgenomen 81,0% "
    "(79,0% tot 83,0%), beloofd 80%: zoals beloofd",
    "Roster 2027-W02 v2 replanned, stored as a new version: 3 days of 2 people change, "
    "quarter-hours short 8 -> 2.": "Rooster 2027-W02 v2 opnieuw gepland, bewaard als "
    "nieuwe versie: 3 dagen van 2 mensen veranderen, kwartieren tekort 8 -> 2.",
}


@pytest.mark.parametrize("english", ANSWERS)
def test_an_answer_is_told_in_dutch(english: str):
    assert answer_in_words(english, WORDS) == Said((ANSWERS[english],))


def test_an_english_page_tells_every_line_as_it_came():
    both = "Simulated 2027-W02.\nSomething new."
    assert answer_in_words(both, Words("en")) == Said(tuple(both.splitlines()))


def test_a_line_that_nobody_put_into_dutch_is_kept_as_it_came():
    said = answer_in_words("Simulated 2027-W02.\nSomething new.", WORDS)
    assert said.left == ("Something new.",)
    assert len(said.told) == 1


def test_all_that_a_forecast_warns_of_is_told_in_dutch():
    answer = spoken(FIGURES)
    assert len(answer.splitlines()) == 24
    assert answer_in_words(answer, WORDS).left == ()


@pytest.mark.parametrize("already", [False, True])
@pytest.mark.parametrize("more", range(8))
def test_whatever_became_of_the_rows_of_a_file_is_told_in_dutch(
    already: bool, more: int
):
    rejected, out, replaced = (12 if more & bit else 0 for bit in (1, 2, 4))
    result = ImportResult(
        id="1",
        source="telephony",
        kind="contacts",
        rows_read=1400,
        rows_imported=1400 - rejected,
        rows_rejected=rejected,
        reasons={"missing value": rejected} if rejected else {},
        already=already,
        rows_left_out=out,
        rows_replaced=replaced,
    )
    said = answer_in_words(answer_of_import(result, "a b.csv").text, WORDS)
    assert said.left == ()
    assert "waarde ontbreekt" in said.told[0] or already or not rejected


def test_every_verdict_and_name_of_an_answer_has_dutch_words():
    told = {*NAMES.values(), *SAID.values(), *WANTED.values(), *LABELS.values()}
    parts = {form for part in catalogue(DUTCH).values() for form in part}
    assert told | {HELPS, NO_HELP, NO_NEED} <= parts


def test_no_answer_is_kept_in_dutch_that_nothing_gives_any_more():
    text = all_texts()
    for part in catalogue(DUTCH).values():
        for english, dutch in part.items():
            places = {place[1] for place in PLACE.finditer(english)}
            assert {place[1] for place in PLACE.finditer(dutch)} == places, english
            own = PLACE.sub("\0", english).split("\0")
            rare = max((word for one in own for word in one.split()), key=len)
            assert not LETTERS.search(rare) or rare.strip("().,:;") in text, english


def _phases() -> set[str]:
    """What commands call their progress."""
    calls = [call for _, call in source().called["progress"] if call.args]
    told = (call.args[0] for call in calls)
    return {str(one.value) for one in told if isinstance(one, ast.Constant)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phase_of_a_task_has_words(language):
    assert len(_phases()) >= 4
    known = label_catalogue(language)
    assert {one for one in _phases() if f"phase.{one.lower()}" not in known} == set()


def test_a_phase_that_no_command_has_is_not_kept():
    asked = {f"phase.{one.lower()}" for one in _phases()}
    kept = {key for key in label_catalogue("nl") if key.startswith("phase.")}
    assert kept == asked
