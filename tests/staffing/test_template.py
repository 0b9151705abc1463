"""The template: what it says, what it refuses, and that what goes out comes back alike."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

import dataframely as dy
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from dashboard.intake import TARGETS
from dashboard.labels.words import LANGUAGES
from dashboard.template.making import make_template
from forecasting import opening
from forecasting.errors import InputError
from forecasting.ingest import import_file
from forecasting.opening import Closures, Opening
from forecasting.records import ImportRecord
from staffing import store
from staffing.staff_tables import (
    Availability,
    Limits,
    People,
    ProtectedTime,
    PublishedShifts,
    Wishes,
)
from tests.adopting import adopt
from tests.staffing.template_cases import NOW, SHUT, STAY, book, bring, line

PEOPLE = [
    ("M1", "Anna", "stadhuis", 36.0, ["mon", "tue", "wed", "thu"], ["phone"],
     [9.0] * 4 + [0.0] * 3, None, ["learning_counter"], ["noord", "zuid"], None, None),
    ("M2", "Bo", "stadhuis", 36.0, ["mon", "tue", "wed", "thu", "fri"],
     ["back_office", "counter"], [8.0] * 5 + [0.0] * 2, [8.0] * 4 + [0.0] * 3,
     ["babs", "raas_issue"], None, date(2027, 1, 1), date(2027, 6, 30)),
    ("M3", "Cem", "noord", 24.0, ["mon", "thu"], ["counter"], None, None, ["trainee"],
     None, None, None),
    ("M4", "Dewi", "noord", 20.5, ["tue", "sat"], [], [0.0, 8.5] + [0.0] * 5,
     [0.0, 8.5] + [0.0] * 3 + [12.0, 0.0], [], None, None, None),
]  # fmt: skip
AVAILABILITY = [
    ("M1", date(2026, 12, 21), date(2027, 1, 3), None, None, "absent"),
    ("M1", date(2027, 1, 14), date(2027, 1, 14), time(13), time(17, 15), "absent"),
    ("M2", date(2027, 1, 16), date(2027, 1, 16), time(9), time(13), "available"),
]
WISHES = [
    ("M1", date(2027, 1, 14), None, None, None, "avoids", None, None, 3),
    ("M1", None, "wed", None, None, "avoids", time(15), time(20), 1),
    ("M2", None, "mon tue wed thu fri", date(2027, 1, 1), date(2027, 2, 1), "wants",
     time(8), time(14), 2),
]  # fmt: skip
PROTECTED = [
    (None, "stadhuis", None, "tue", None, None, time(8, 30), time(9, 15)),
    ("M2", None, date(2027, 1, 14), None, None, None, time(13), time(17)),
]
OPENING = [
    ("stadhuis", "counter civil_status", "mon tue wed thu fri", time(9), time(12),
     None, None),
    ("stadhuis", "phone", "thu", time(8, 30), time(20), date(2027, 1, 1),
     date(2027, 6, 30)),
]  # fmt: skip
CLOSURES = [
    (None, date(2027, 5, 7), date(2027, 5, 7), "Dag na Hemelvaart"),
    ("noord", date(2027, 7, 12), date(2027, 8, 20), "Verbouwing"),
]
LIMITS = [
    ("stadhuis", "desks", 12, "at_once", None, None, None),
    ("stadhuis", "applications", 500, "per_day", "mon", date(2027, 2, 1), None),
]
SHIFTS = [
    ("M1", datetime(2026, 12, 7, 7, 30, tzinfo=UTC),
     datetime(2026, 12, 7, 16, 30, tzinfo=UTC), None, None, "phone"),
    ("M2", datetime(2026, 7, 6, 7, tzinfo=UTC), datetime(2026, 7, 6, 15, tzinfo=UTC),
     datetime(2026, 7, 6, 10, 30, tzinfo=UTC), datetime(2026, 7, 6, 11, tzinfo=UTC),
     None),
]  # fmt: skip
TABLES: dict[str, tuple[type[dy.Schema], Sequence[tuple[object, ...]]]] = {
    "people": (People, PEOPLE),
    "availability": (Availability, AVAILABILITY),
    "wishes": (Wishes, WISHES),
    "protected_time": (ProtectedTime, PROTECTED),
    "opening": (Opening, OPENING),
    "closures": (Closures, CLOSURES),
    "limits": (Limits, LIMITS),
    "published_shifts": (PublishedShifts, SHIFTS),
}
READ = {
    "people": store.people,
    "availability": store.availability,
    "wishes": store.wishes,
    "protected_time": store.protected_time,
    "opening": opening.opening,
    "closures": opening.closures,
    "limits": store.limits,
    "published_shifts": store.published_shifts,
}


def table(kind: str) -> pl.DataFrame:
    schema, rows = TABLES[kind]
    frame = pl.DataFrame(rows, schema=schema.create_empty().schema, orient="row")
    return schema.validate(frame)


def record(kind: str) -> ImportRecord:
    return ImportRecord(
        id=f"{kind}-1",
        source=f"other_{kind}",
        kind=kind,
        file="before.csv",
        sha256="0" * 64,
        rows_imported=1,
        rows_rejected=0,
        rows_left_out=0,
        arrival=1,
        at=NOW,
    )


@pytest.fixture
def known(workspace):
    """A home in which every table of the supply side came from elsewhere."""
    for kind in TABLES:
        adopt(workspace, record(kind), {kind: table(kind)}, now=NOW)
    return workspace


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_filled_template_comes_back_as_identical_tables(known, tmp_path, language):
    before = {kind: read(known) for kind, read in READ.items()}
    file = make_template(known, tmp_path / "t.xlsx", language=language, filled=True)
    result = bring(known, file)
    assert len(result.sheets) == len(TABLES)
    assert not result.empty
    assert not result.unknown
    assert sum(one.rows_rejected for one in result.sheets.values()) == 0
    for kind, read in READ.items():
        parts = known.ledger.parts(kind)
        own = {p.source for p in parts if p.source.startswith("template_")}
        assert own, kind
        assert_frame_equal(read(known), before[kind], check_row_order=False)


def test_the_same_data_gives_the_same_bytes_and_the_same_file_changes_nothing(
    known, tmp_path
):
    one = make_template(known, tmp_path / "1.xlsx", language="nl", filled=True)
    two = make_template(known, tmp_path / "2.xlsx", language="nl", filled=True)
    assert one.read_bytes() == two.read_bytes()
    assert not bring(known, one).already
    entries = len(known.ledger.trail())
    assert bring(known, two).already
    assert len(known.ledger.trail()) == entries


def test_a_sheet_stands_in_for_all_of_its_tables_whatever_they_came_from(
    known, tmp_path
):
    sheet = [
        STAY,
        line("M9", date(2027, 3, 1), date(2027, 3, 2), None, None, "Afwezig"),
    ]
    bring(known, book(tmp_path / "one.xlsx", {"Beschikbaarheid": sheet}))
    assert store.availability(known)["code"].to_list() == ["M9"]
    assert store.people(known).height == len(PEOPLE)
    again = [
        STAY,
        line("M8", date(2027, 3, 1), date(2027, 3, 2), None, None, "afwezig"),
    ]
    bring(known, book(tmp_path / "two.xlsx", {"Beschikbaarheid": again}))
    assert store.availability(known)["code"].to_list() == ["M8"]


def test_the_last_import_of_a_table_holds_also_when_it_is_an_older_file(
    workspace, tmp_path
):
    for number, code in enumerate(["M1", "M2", "M1"]):
        row = line(code, date(2027, 3, 1), date(2027, 3, 2), None, None, "afwezig")
        file = book(tmp_path / f"{code}.xlsx", {"Beschikbaarheid": [STAY, row]})
        assert not bring(workspace, file, NOW.replace(minute=number)).already
        assert store.availability(workspace)["code"].to_list() == [code]


def test_an_empty_sheet_and_a_missing_one_change_nothing_and_an_unknown_one_is_named(
    known, tmp_path
):
    shut = [SHUT, line(None, date(2027, 5, 7), date(2027, 5, 7), "Brugdag")]
    sheets = {
        "Sluitingen": shut,
        "Medewerkers": [],
        "Beschikbaarheid": [STAY],
        "Kladblok": [line("x")],
    }
    result = bring(known, book(tmp_path / "t.xlsx", sheets))
    assert list(result.sheets) == ["Sluitingen"]
    assert result.empty == ("Medewerkers", "Beschikbaarheid")
    assert result.unknown == ("Kladblok",)
    assert opening.closures(known)["name"].to_list() == ["Brugdag"]
    assert store.availability(known).height == len(AVAILABILITY)


def test_one_bad_sheet_keeps_every_other_out(known, tmp_path):
    good = [SHUT, line(None, date(2027, 5, 7), date(2027, 5, 7), "Brugdag")]
    bad = [STAY, line("M1", date(2027, 3, 2), date(2027, 3, 1), None, None, "afwezig")]
    file = book(tmp_path / "t.xlsx", {"Sluitingen": good, "Beschikbaarheid": bad})
    entries, parts = len(known.ledger.trail()), known.ledger.parts()
    with pytest.raises(
        InputError,
        match=r"t.xlsx, sheet 'Beschikbaarheid', line 2, column 'T/m dag': ends",
    ):
        bring(known, file)
    assert len(known.ledger.trail()) == entries
    assert [p.id for p in known.ledger.parts()] == [p.id for p in parts]
    assert opening.closures(known).height == len(CLOSURES)


def test_rejected_rows_are_counted_per_sheet_with_the_row_of_the_sheet(
    workspace, tmp_path
):
    rows = [line(f"M{i}", date(2027, 3, 1), date(2027, 3, 2), None, None, "afwezig")
            for i in range(4)]  # fmt: skip
    rows.insert(
        2, line("M9", date(2027, 3, 1), date(2027, 3, 2), time(9), None, "afwezig")
    )
    file = book(tmp_path / "t.xlsx", {"Beschikbaarheid": [STAY, *rows]})
    result = bring(workspace, file, max_rejects=0.2).sheets["Beschikbaarheid"]
    assert (result.rows_imported, result.rows_rejected) == (4, 1)
    refused = workspace.imported("rejects").collect()
    assert refused.select("line", "column").rows() == [(4, "Tot tijd")]


@pytest.mark.parametrize("column", ["Reden", "Ziekte", "Soort verlof", "reason code"])
def test_a_column_for_a_reason_is_refused_by_name(workspace, tmp_path, column):
    row = line("M1", date(2027, 3, 1), date(2027, 3, 2), None, None, "afwezig", "griep")
    file = book(tmp_path / "t.xlsx", {"Beschikbaarheid": [line(*STAY, column), row]})
    with pytest.raises(InputError, match=f"column '{column}': expected no reason"):
        bring(workspace, file)
    assert not workspace.has_imported("availability")
    (tmp_path / "t.csv").write_text(f"Code;Van;Tot en met;{column}\nM1;2027-03-01;"
                                    "2027-03-02;griep\n")  # fmt: skip
    with pytest.raises(InputError, match="expected no reason"):
        import_file(workspace, tmp_path / "t.csv", "absence", targets=TARGETS, now=NOW)


def test_an_empty_template_is_no_import_and_a_table_stands_on_one_sheet(
    workspace, tmp_path
):
    file = make_template(workspace, tmp_path / "t.xlsx", language="nl", filled=False)
    with pytest.raises(InputError, match="expected rows on at least one sheet"):
        bring(workspace, file)
    row = line("M1", date(2027, 3, 1), date(2027, 3, 2), None, None, "afwezig")
    english = line("Code", "From day", "Until day", "From time", "To time", "Kind")
    both = {"Beschikbaarheid": [STAY, row], "Availability": [english, row]}
    with pytest.raises(InputError, match="on one sheet"):
        bring(workspace, book(tmp_path / "both.xlsx", both))
    with pytest.raises(InputError, match=r"ending in .xlsx"):
        bring(workspace, Path(__file__))


def test_a_published_week_that_comes_again_is_replaced_and_others_stay(
    workspace, tmp_path
):
    head = line("Code", "Dag", "Begin", "Einde", "Pauze begin", "Pauze einde", "Werk")

    def roster(name: str, *days: int, start: int) -> Path:
        rows = [line("M1", date(2026, 12, d), time(start), time(start + 4), None, None, None)
                for d in days]  # fmt: skip
        return book(tmp_path / name, {"Gepubliceerd rooster": [head, *rows]})

    bring(workspace, roster("a.xlsx", 7, 8, 14, start=8))
    bring(workspace, roster("b.xlsx", 7, 9, start=10))
    shifts = store.published_shifts(workspace)
    assert shifts["start"].to_list() == [
        datetime(2026, 12, 7, 9, tzinfo=UTC),
        datetime(2026, 12, 9, 9, tzinfo=UTC),
        datetime(2026, 12, 14, 7, tzinfo=UTC),
    ]
    before = store.published_shifts(workspace, before=date(2026, 12, 14), weeks=1)
    assert before.height == 2
