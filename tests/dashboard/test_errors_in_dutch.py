"""What is wrong is told in Dutch, whatever the program can say and in whatever place."""

import re
from itertools import pairwise

import pytest
from pydantic import Field

from dashboard.labels.erring import DUTCH, error_in_words
from dashboard.labels.forms import PLACE, catalogue
from dashboard.labels.words import Words
from forecasting.errors import InputError, PolicyError
from forecasting.policy import Policy, load_policy
from staffing.roster.lawful.conflicting import OF_LAW, OF_LIMITS
from tests.dashboard.raised import LETTERS, raised
from tests.dashboard.source import all_texts

WORDS = Words("nl")
ELSEWHERE = {
    "dashboard/access.py": "how the server is started",
    "dashboard/charts/": "tables, of which none says that something is wrong",
    "dashboard/cli.py": "options that no page gives",
    "dashboard/demo.py": "the demonstration, from the command line",
    "dashboard/import_answers.py": "options that no page gives",
    "dashboard/jobs/starting.py": "the same task twice, for which pages have a label",
    "dashboard/previewing.py": "a preview on the command line",
    "dashboard/queries/offered.py": "the name of a file that has none",
    "dashboard/status.py": "the state on the command line",
    "dashboard/store_cli.py": "backup and audit, from the command line",
    "dashboard/template/": "writing the template, from the command line",
    "forecasting/history/opening.py": "what Python programs hand over",
    "forecasting/ingest/proposals/": "drafting a mapping, from the command line",
    "forecasting/ingest/stripping.py": "taking columns out, from the command line",
    "forecasting/keeping/": "backup, restore and forgetting, from the command line",
    "forecasting/notes_cli.py": "notes, from the command line",
    "forecasting/reference/": "the invented town, from the command line",
    "forecasting/sampling/": "what Python programs hand over",
    "forecasting/series/": "what Python programs hand over",
    "staffing/cli/": "options that no page gives",
    "staffing/publish/calendar_file.py": "names of work, in Dutch already",
    "staffing/publish/table.py": "names of work, in Dutch already",
    "staffing/pipeline/telling_what_if.py": "a what-if told on the command line",
    "staffing/queueing/": "what Python programs hand over",
    "staffing/roster/reading.py": "rosters of a file, from the command line",
    "staffing/roster/sectioned.py": "rosters of a file, from the command line",
    "staffing/simulation/": "what Python programs hand over, and logs of calls",
}
"""Files whose texts no planner meets on a page, and why."""

NAMES = re.compile(
    r"[a-z]+(_[a-z]+)+|utf-8|windows-1252|data/migrations|[A-Z_]{4,}(\{\})?(: \{\})?"
    r"|(\{\}/)+appointment|\[.*\] with .*|Rooster .*"
)
"""Names of tables, settings and places, which are the same in any language."""

SAME = {
    *("accuracy", "activities", "allows", "answered", "applied", "appointment"),
    *("blocked", "config", "counter", "coverage", "csv", "district", "document"),
    *("elsewhere", "geldig tot", "hours", "issued", "leeftijdsklasse", "mailed"),
    *("migrations", "objected", "outstanding", "reason", "reden", "reference"),
    *("referentie", "replace", "week van afloop", "wijk"),
    *("shifts", "smoothing", "template", "unknown", "week", "work", "xlsx"),
    "exported, stated as not sent: ",
}
"""Codes as they stand in settings and files, and what only the audit trail holds."""

UNRAISED = {"system", "pieces"}
"""Sections of what others say, and of parts that are put together on the way."""


def shape(form: str) -> str:
    """A form without the names of its places, as it is read from the source."""
    plain = form.replace("{{", "(").replace("}}", ")")
    return re.sub(r"\{\w+[!-]?\}", "{}", plain).rstrip(".")


def _of_pages(texts: dict[str, set[str]]) -> dict[str, set[str]]:
    """Texts of files that a page or its jobs reach, with those files."""
    met = {
        shape(text): {one for one in files if not one.startswith(tuple(ELSEWHERE))}
        for text, files in texts.items()
        if LETTERS.search(text)
    }
    return {text: files for text, files in met.items() if files}


def _known() -> set[str]:
    return {shape(form) for part in catalogue(DUTCH).values() for form in part}


def test_every_error_that_a_planner_can_meet_has_a_dutch_form():
    met = _of_pages(raised().forms)
    assert len(met) > 300
    assert {text: files for text, files in met.items() if text not in _known()} == {}


def test_every_word_that_is_put_into_an_error_has_a_dutch_one():
    met = _of_pages(raised().phrases)
    lacking = {text for text in met if text not in _known() | SAME}
    assert {text for text in lacking if not NAMES.fullmatch(text)} == set()


def test_no_form_is_kept_that_nothing_says_any_more():
    said = {*map(shape, raised().forms), *map(shape, raised().phrases)}
    parts = {name: f for name, f in catalogue(DUTCH).items() if name not in UNRAISED}
    assert [form for f in parts.values() for form in f if shape(form) not in said] == []


def test_no_part_is_kept_that_stands_nowhere_in_the_program():
    text = all_texts()
    for form in catalogue(DUTCH)["pieces"]:
        own = [part for part in PLACE.split(form) if part and LETTERS.search(part)]
        words = max((" ".join(own)).split() or [""], key=len).strip("'():;,.")
        assert words in text, form


def test_no_place_of_a_form_is_lost_in_dutch():
    for part in catalogue(DUTCH).values():
        for english, dutch in part.items():
            came = {place[1] for place in PLACE.finditer(english)}
            assert {place[1] for place in PLACE.finditer(dutch)} == came, english


def test_each_file_that_pages_do_not_reach_is_there_and_says_something():
    files = set().union(*raised().forms.values(), *raised().phrases.values())
    unused = [name for name in ELSEWHERE if not any(f.startswith(name) for f in files)]
    assert unused == []


EXAMPLES = {
    "Expected a stored roster, found none. Make one first: piekwijzer roster "
    "--week 2027-W02.": "Nog niet gemaakt: rooster van week 2 (ma 11 jan 2027). "
    "Maak die eerst.",
    "Expected a requirement for the settings of now, but opening hours or closures "
    "and the work that locations share changed after it was made (2027-07-04 09:30Z). "
    "Make it again: piekwijzer requirement.": "De bezetting hoort niet meer bij de "
    "instellingen van nu. Na de berekening (4 jul 2027 11:30) veranderd: openingstijden "
    "of sluitingen en het werk dat locaties delen. Bereken de bezetting opnieuw.",
    "/home/x y/uploads/1f/calls.csv, line 3, column 'calls': unreadable number, came "
    "'abc' (12 of 1400 rows rejected, at most 2% allowed: 10 x unreadable number; "
    "2 x missing value). Mend the file, or allow more with --max-rejects.": "calls.csv, "
    "regel 3, kolom 'calls': onleesbaar getal: 'abc' (12 van de 1400 rijen geweigerd; "
    "hoogstens 2% mag: 10 x onleesbaar getal; 2 x waarde ontbreekt). Verbeter het "
    "bestand en lees het opnieuw in.",
    "team.xlsx, sheet 'Verlof', line 3, column 'reden': expected no reason of anybody's "
    "absence, came a column for it. Leave it out of the export, or: piekwijzer strip "
    "team.xlsx --source absence --out COPY.xlsx.": "team.xlsx, blad 'Verlof', regel 3, "
    "kolom 'reden': waarom iemand afwezig is, hoort hier niet; er is een kolom voor. Er "
    "is niets ingelezen. Laat de kolom weg uit de export, of maak een kopie zonder die "
    "kolom: 'piekwijzer strip team.xlsx --source absence --out COPY.xlsx'.",
    "sqlite:////srv/x/piekwijzer.db: expected a usable database; database or disk is "
    "full. Is there room on the disk, and may this account write in that folder?": ""
    "piekwijzer.db: de database is niet bruikbaar: de schijf is vol. Is er ruimte op de "
    "schijf, en mag dit account in die map schrijven?",
    "M012: M012 would have a lawful schedule without: the daily rest.": "M012 zou een "
    "rooster hebben zonder: de dagelijkse rust.",
    "line 4, column 'reference': expected a reference that is no number of nine digits "
    "with the test of a BSN, came such a number (in 4 rows). Nothing was chosen or "
    "stored.": "regel 4, kolom 'reference': verwacht een verwijzing die geen getal van "
    "negen cijfers is dat een BSN kan zijn; er staat zo'n getal (in 4 rijen). Er is niets "
    "gekozen of bewaard.",
    "expected a history to learn from, came one that is left out from 2024-01-01 to "
    "2026-12-31: exclusion 3 (2024-01-01 to 2026-12-31), 2020-01-01 to 2020-04-01 of "
    "calendar.toml. Let one hold no longer: piekwijzer exclusions list, then piekwijzer "
    "exclusions withdraw NUMBER.": "Er is geen geschiedenis om van te leren: alles van "
    "1 jan 2024 tot en met 31 dec 2026 is uitgesloten (uitsluiting 3 (1 jan 2024 tot en "
    "met 31 dec 2026), 1 jan 2020 tot en met 1 apr 2020 in calendar.toml). Trek een "
    "uitsluiting in (pagina Gegevens).",
    "the roster of 2027-W02 would be told 5 days ahead, expected at least 28 (ATW 4:2); "
    "changed: M001 2027-01-11 (hours, 3 days ahead). Where it was agreed otherwise, so "
    "that rest days were known 28 days ahead and hours are 4, publish with --agreed "
    "otherwise.": "Het rooster van week 2 (ma 11 jan 2027) zou 5 dagen vooruit bekend "
    "zijn; dat moet ten minste 28 dagen zijn (ATW 4:2); gewijzigd: M001 11 jan 2027 "
    "(uren, 3 dagen vooruit). Geef aan dat anders is afgesproken, als rustdagen 28 dagen "
    "vooruit bekend waren en uren 4 dagen.",
}


@pytest.mark.parametrize("english", EXAMPLES)
def test_an_error_is_told_whole_with_dutch_days_weeks_and_words(english: str):
    assert error_in_words(english, WORDS) == EXAMPLES[english]


def test_on_an_english_page_an_error_stays_as_the_program_gives_it():
    said = "/home/uploads/1f/a.csv, line 3: expected 4 fields, came 5."
    assert error_in_words(said, Words("en")) == said.removeprefix("/home/uploads/1f/")


def test_an_error_that_nobody_put_into_dutch_is_shown_whole_and_said_to_be_english():
    said = "ZeroDivisionError: division by zero"
    assert error_in_words(said, WORDS) == (
        f"De reden, in het Engels zoals het programma hem geeft: {said}"
    )


def test_of_several_lines_none_is_lost_where_one_is_not_known():
    both = "M1: M1 has no lawful schedule: more than one rule stands in the way.\nOdd."
    told = error_in_words(both, WORDS)
    assert told.startswith("De reden, in het Engels")
    assert told.endswith(both)


def test_an_error_half_of_which_would_stay_english_is_shown_as_it_came():
    said = "row 3: expected something nobody foresaw, came x (y 1)."
    assert error_in_words(said, WORDS).endswith(said)


def test_what_somebody_typed_is_told_as_they_typed_it():
    said = InputError("expected an ISO week such as 2027-W02, came '1,000 roster'")
    assert "'1,000 roster'" in error_in_words(said, WORDS)


def test_why_a_person_has_no_schedule_is_told_as_the_roster_tells_it():
    known = [(text, told) for _, text, told in OF_LIMITS]
    known += [(text, told) for _, _, text, told in OF_LAW]
    for text, told in known:
        said = f"P1: P1 would have a lawful schedule without: {text}."
        assert (
            error_in_words(said, WORDS) == f"P1 zou een rooster hebben zonder: {told}."
        )


class Rule(Policy):
    """A policy with fields that can be wrong in many ways."""

    share: float = Field(gt=0, le=1)
    count: int = Field(ge=0, lt=5)
    name: str = ""


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("count = 1", "veld 'share': dit veld ontbreekt."),
        ("share = 0\ncount = 1", "veld 'share': verwacht meer dan 0 (er staat: 0)."),
        ("share = 2\ncount = 1", "veld 'share': verwacht 1 of minder (er staat: 2)."),
        ("share = 1\ncount = 9", "veld 'count': verwacht minder dan 5 (er staat: 9)."),
        ("share = 1\ncount = -1", "veld 'count': verwacht 0 of meer (er staat: -1)."),
        ("share = 'a'\ncount = 1", "veld 'share': verwacht een getal (er staat: 'a')."),
        ("share = 1\ncount = 1\nname = 2", "'name': verwacht tekst (er staat: 2)."),
        (
            "share = 1\ncount = 1\nodd = 1",
            "veld 'odd': dit veld is hier niet bekend (er staat: 1).",
        ),
    ],
)
def test_a_wrong_setting_is_named_with_its_file_and_field(
    toml: str, told: str, tmp_path
):
    file = tmp_path / "rule.toml"
    file.write_text(toml, "utf-8")
    with pytest.raises(PolicyError) as error:
        load_policy(file, Rule)
    said = error_in_words(error.value, WORDS)
    assert said.startswith("rule.toml: ")
    assert said.endswith(told)


def _filled(form: str, values: dict[str, str]) -> str:
    told = PLACE.sub(lambda place: values[place[1]] + (place[3] or ""), form)
    return told.replace("{{", "{").replace("}}", "}")


@pytest.mark.parametrize("part", sorted(catalogue(DUTCH).keys() - UNRAISED - {"names"}))
def test_no_form_takes_what_another_should_tell(part: str):
    """Each sentence comes out as its own Dutch, with what stood in each of its places."""
    for english, dutch in catalogue(DUTCH)[part].items():
        places = list(PLACE.finditer(english))
        beside = any(one.end() == two.start() for one, two in pairwise(places))
        if beside or (not english[0].isalnum() and english[0] not in "{'-"):
            continue  # what stands side by side is told apart by what it holds
        values = {one[1]: "7" if one[2] == "!" else f"q{one[1]}" for one in places}
        came = {one[1]: values[one[1]] + (one[3] or "") for one in places}
        said = error_in_words(_filled(english, values) + ".", WORDS)
        whole = dutch.format(**came).lower().rstrip(".")
        assert said.lower() == (whole if whole.endswith("?") else f"{whole}.")
