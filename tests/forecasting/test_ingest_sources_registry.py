"""What a registry hands over: counted stocks, opaque references, outcomes of batches."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from forecasting.errors import InputError
from forecasting.ingest import CONTACT_TARGETS, REGISTRY_TARGETS, import_file
from forecasting.ingest.preview import check_file
from forecasting.registry_tables import passes_eleven_test
from forecasting.settings import Settings
from forecasting.tables import Expiries
from forecasting.workspace import Workspace
from tests.forecasting.export_files import dutch_csv
from tests.forecasting.source_examples import (
    outcomes,
    references,
    write_example,
)

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
TARGETS = {**CONTACT_TARGETS, **REGISTRY_TARGETS}


def bring(workspace: Workspace, file: Path, source: str) -> pl.DataFrame:
    result = import_file(workspace, file, source, targets=TARGETS, now=NOW)
    assert result.rows_rejected == 0
    return workspace.imported(result.kind).collect()


def expiries(**change: object) -> pl.DataFrame:
    row = {
        "Peildatum": date(2026, 9, 30),
        "Document": "Paspoort",
        "Week van afloop": date(2027, 1, 4),
        "Leeftijdsklasse": "18-64",
        "Wijk": "Noord",
        "Soort": "outstanding",
        "Aantal": 12,
    }
    return pl.DataFrame([row | change])


def test_expiries_are_typed_as_their_schema_says(workspace, tmp_path):
    expiries().write_parquet(tmp_path / "e.parquet")
    found = Expiries.validate(
        bring(workspace, tmp_path / "e.parquet", "registry_expiries")
    )
    assert found.rows() == [
        (
            date(2026, 9, 30),
            "passport",
            date(2027, 1, 4),
            "18-64",
            "Noord",
            "outstanding",
            12,
        )
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Week van afloop": date(2027, 1, 5)}, "expected the Monday of a week"),
        ({"Soort": "lost"}, "expected issued or outstanding"),
        ({"Aantal": -1}, "negative"),
        ({"Document": "Paspoortje"}, "unknown value"),
    ],
)
def test_expiries_that_break_a_rule_are_rejected(workspace, tmp_path, change, reason):
    good = pl.concat([expiries(Aantal=5, Wijk=f"Wijk {i}") for i in range(99)])
    frame = pl.concat([good, expiries(**change)], how="vertical_relaxed")
    frame.write_parquet(tmp_path / "e.parquet")
    result = import_file(
        workspace, tmp_path / "e.parquet", "registry_expiries", now=NOW
    )
    assert result.rows_rejected == 1
    assert next(iter(result.reasons)).endswith(reason)
    assert workspace.imported("rejects").collect()["line"].to_list() == [101]


def test_the_same_cohort_twice_in_one_file_is_rejected(workspace, tmp_path):
    frame = pl.concat([expiries(Wijk=f"Wijk {i % 99}") for i in range(100)])
    frame.write_parquet(tmp_path / "e.parquet")
    result = import_file(
        workspace, tmp_path / "e.parquet", "registry_expiries", now=NOW
    )
    assert (result.rows_imported, result.rows_rejected) == (99, 1)


@pytest.mark.parametrize("basis", ["issued", "outstanding"])
def test_both_bases_are_kept_apart(workspace, tmp_path, basis):
    both = pl.concat([expiries(Soort="issued"), expiries(Soort="outstanding")])
    both.write_parquet(tmp_path / "e.parquet")
    found = bring(workspace, tmp_path / "e.parquet", "registry_expiries")
    assert found.filter(pl.col("basis") == basis)["count"].to_list() == [12]


def referring(file: Path, *odd: str) -> Path:
    rows = [references(i) for i in range(100)]
    dutch_csv(
        file,
        rows + [references(200 + i) | {"Referentie": o} for i, o in enumerate(odd)],
    )
    return file


def test_references_come_with_their_service_and_day_and_nothing_else(
    workspace, tmp_path
):
    found = bring(workspace, referring(tmp_path / "r.csv"), "registry_references")
    assert found.columns == [
        "reference",
        "service",
        "expiry_date",
        "district",
        "age_band",
    ]
    assert set(found["service"]) == {"passport", "id_card", "licence"}
    assert found["expiry_date"].min() == date(2027, 2, 9)


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        ("111222333", "looks like a citizen service number"),
        ("123.456.782", "looks like a citizen service number"),
        ("12345672", "looks like a citizen service number"),
        ("Jan de Boer", "expected an opaque reference"),
        ("a1", "expected an opaque reference"),
    ],
)
def test_a_reference_that_may_say_who_it_is_is_rejected_and_never_repeated(
    workspace, tmp_path, odd, reason
):
    file = referring(tmp_path / "r.csv", odd)
    result = import_file(
        workspace, file, "registry_references", targets=TARGETS, now=NOW
    )
    assert result.rows_rejected == 1
    assert reason in next(iter(result.reasons))
    rejects = workspace.imported("rejects").collect()
    assert rejects.select("line", "column", "value").rows() == [
        (102, "Referentie", "(masked)")
    ]
    assert odd not in str(rejects.rows())


def test_a_refused_file_of_references_says_where_but_not_what(workspace, tmp_path):
    file = referring(tmp_path / "r.csv", *(f"Jan de Boer {i}" for i in range(9)))
    with pytest.raises(InputError, match="line 102, column 'Referentie'") as refusal:
        import_file(workspace, file, "registry_references", targets=TARGETS, now=NOW)
    assert "Jan" not in str(refusal.value)


def test_a_check_shows_no_reference(tmp_path):
    settings = Settings(home=tmp_path / "home")
    file = referring(tmp_path / "r.csv", "Jan de Boer")
    shown = check_file(settings, file, "registry_references", TARGETS, rows=200)
    assert set(shown["reference"]) == {"(masked)"}
    assert shown["problem"].drop_nulls().len() == 1


def test_a_column_of_citizen_service_numbers_is_refused_whole(workspace, tmp_path):
    numbers = (f"{n:09d}" for n in range(100_000_000, 100_002_000))
    bsns = [n for n in numbers if eleven_test(n)][:100]
    rows = [references(i) | {"Referentie": n} for i, n in enumerate(bsns)]
    dutch_csv(tmp_path / "r.csv", rows)
    with pytest.raises(InputError, match="Referentie") as refusal:
        import_file(
            workspace,
            tmp_path / "r.csv",
            "registry_references",
            targets=TARGETS,
            now=NOW,
        )
    assert bsns[0] not in str(refusal.value)


def eleven_test(text: str) -> bool:
    """Written out by its definition."""
    digits = [int(d) for d in re.sub(r"\D", "", text).zfill(9)]
    return (sum((9 - i) * d for i, d in enumerate(digits[:8])) - digits[8]) % 11 == 0


@given(st.lists(st.integers(10_000_000, 999_999_999), min_size=1, max_size=40))
@limits(max_examples=25, deadline=None)
def test_the_eleven_test_is_the_one_of_its_definition(numbers):
    texts = [str(number) for number in numbers]
    frame = pl.DataFrame({"reference": texts})
    found = frame.select(passes_eleven_test("reference")).to_series().to_list()
    assert found == [eleven_test(text) for text in texts]


@pytest.mark.parametrize(
    "text",
    [
        "123456782",
        "1234.56.782",
        "12.34.56.782",
        "123_456_782",
        "0123456782",
        "BSN123456782",
        "bsn:123456782",
        "=123456782",
    ],
)
def test_a_bsn_is_known_in_any_dress(text):
    """123456782 passes the test of eleven."""
    frame = pl.DataFrame({"reference": [text, f"x{text}", f"{text}7"]})
    found = frame.select(passes_eleven_test("reference")).to_series().to_list()
    assert found == [True, False, False]


def test_outcomes_are_counted_per_arm_stratum_and_week(workspace, tmp_path):
    file, source = write_example("outcomes", tmp_path)
    found = bring(workspace, file, source)
    assert found.columns == ["batch", "arm", "stratum", "request_week", "count"]
    assert found["count"].sum() == sum(i % 30 for i in range(120))
    assert set(found["arm"]) == {"mailed", "held out"}
    assert set(found["request_week"].dt.weekday()) == {1}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"arm": "control"}, "expected mailed or held out"),
        ({"request_week": "2026-01-06"}, "expected the Monday of a week"),
        ({"request_week": "2026-W60"}, "unreadable date"),
        ({"count": -3}, "negative"),
    ],
)
def test_outcomes_that_break_a_rule_are_rejected(workspace, tmp_path, change, reason):
    rows = [outcomes(i) for i in range(100)]
    dutch_csv(tmp_path / "o.csv", [*rows, outcomes(100) | change])
    result = import_file(
        workspace, tmp_path / "o.csv", "batch_outcomes", targets=TARGETS, now=NOW
    )
    assert [text.split(": ")[1] for text in result.reasons] == [reason]


def test_the_day_of_a_request_comes_by_reference_too(workspace, tmp_path):
    file, source = write_example("requests", tmp_path)
    found = bring(workspace, file, source)
    assert found.columns == ["reference", "request_date"]
    assert found["request_date"].min() == date(2026, 1, 5)


def test_suppressed_letters_keep_a_coded_reason_without_details(workspace, tmp_path):
    rows = [
        {"batch": "b1", "reason": reason, "count": 4}
        for reason in ("Geblokkeerd", "bezwaar", "door RDW aangeschreven")
    ]
    dutch_csv(tmp_path / "s.csv", rows)
    found = bring(workspace, tmp_path / "s.csv", "suppressions")
    assert sorted(found["reason"]) == ["blocked", "elsewhere", "objected"]
    dutch_csv(tmp_path / "t.csv", [{"batch": "b1", "reason": "overleden", "count": 4}])
    with pytest.raises(InputError, match="unknown value"):
        import_file(
            workspace, tmp_path / "t.csv", "suppressions", targets=TARGETS, now=NOW
        )
