"""Planned letters and outside forecasts come in as any other file, and say who said what."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from forecasting.errors import InputError
from forecasting.ingest import REGISTRY_TARGETS, import_file
from forecasting.ingest.kinds.outside_targets import first_day, last_day
from forecasting.outside import outside_forecasts, planned_letters
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from tests.forecasting.export_files import dutch_csv
from tests.forecasting.outside_examples import own_outlook
from tests.forecasting.outside_examples import planned_letters as letter_rows
from tests.forecasting.source_examples import write_example
from tests.typed import typed

NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)


def bring(
    workspace: Workspace, file: Path, source: str, *, now: datetime = NOW, share=0.5
):
    return import_file(
        workspace,
        file,
        source,
        targets=REGISTRY_TARGETS,
        now=now,
        max_rejects=share,
    )


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2027", date(2027, 1, 1), date(2027, 12, 31)),
        ("2027.0", date(2027, 1, 1), date(2027, 12, 31)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2027-5", date(2027, 5, 1), date(2027, 5, 31)),
        ("2027-Q4", date(2027, 10, 1), date(2027, 12, 31)),
        ("2027k1", date(2027, 1, 1), date(2027, 3, 31)),
        ("2027-05-01..2027-06-15", date(2027, 5, 1), date(2027, 6, 15)),
        ("2027-13", None, None),
        ("27", None, None),
        ("2027-05-01", None, None),
        ("2027-02-30..2027-03-01", None, date(2027, 3, 1)),
    ],
)
def test_a_period_is_read_as_the_days_it_names(text, first, last):
    frame = pl.DataFrame({"period": [text]})
    assert frame.select(first_day(), last_day().alias("b")).row(0) == (first, last)


def test_a_sheet_of_percentages_is_read_with_who_says_so(workspace, tmp_path):
    file, source = write_example("rvig", tmp_path, rows=4)
    bring(workspace, file, source, share=0)
    found = outside_forecasts(workspace)
    assert found.select("subject", "period", "percent", "base_year").rows() == [
        ("id_card", "2027", 11.5, 2025),
        ("id_card", "2028", 9.5, 2025),
        ("passport", "2027", 12.5, 2025),
        ("passport", "2028", 10.5, 2025),
    ]
    assert set(found["mode"]) == {"bend"}
    assert set(found["said_by"]) == {"RvIG"}
    assert set(found["source"]) == {"rvig_outlook"}


def test_a_later_import_is_numbered_higher_and_takes_the_place_of_the_same_period(
    workspace, tmp_path
):
    for place, days in ((1, 0), (2, 3)):
        rows = [own_outlook(i) | {"Aantal verwacht": 100 * place} for i in range(3)]
        kept = rows if place == 1 else rows[:1]
        dutch_csv(tmp_path / f"{place}.csv", kept)
        moment = NOW + timedelta(days=days)
        bring(workspace, tmp_path / f"{place}.csv", "own_outlook", now=moment)
    found = outside_forecasts(workspace).select("subject", "count", "imported")
    assert sorted(found.rows()) == [
        ("*/licence/application/*", 100.0, 0),
        ("move", 100.0, 0),
        ("passport", 200.0, 1),
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Periode": "mei 2027"}, "Periode: expected a period such as 2027, 2027-Q2"),
        ({"Periode": "2027-06-01..2027-05-01"}, "Periode: ends before it begins"),
        ({"Aantal verwacht": -4}, "Aantal verwacht: negative"),
        ({"Aantal verwacht": None}, "expected a count or a change in per cent"),
        ({"Dienst of reeks": None}, "Dienst of reeks: missing value"),
        ({"Periode": "0000"}, "Periode: outside the years 1990 to 2100"),
        ({"Periode": "9999"}, "Periode: outside the years 1990 to 2100"),
        ({"Periode": "1900-01-01..2027-12-31"}, "Periode: outside the years 1990"),
    ],
)
def test_what_others_expect_is_rejected_with_the_reason(
    workspace, tmp_path, change, reason
):
    rows = [own_outlook(i) for i in range(20)]
    dutch_csv(tmp_path / "o.csv", [*rows, own_outlook(20) | change])
    with pytest.raises(InputError, match="line 22") as refusal:
        bring(workspace, tmp_path / "o.csv", "own_outlook", share=0)
    assert "\n" not in str(refusal.value)
    assert not workspace.has_imported("outside_forecasts")
    result = bring(workspace, tmp_path / "o.csv", "own_outlook")
    assert result.rows_rejected == 1
    assert reason in next(iter(result.reasons))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Verzendweek": "2027-02-02"}, "expected the Monday of a week"),
        ({"Week van afloop": "2027-01-04"}, "expected a letter before the week"),
        ({"Aantal brieven": -1}, "negative"),
        ({"Document": "Vispas"}, "unknown value"),
        ({"Leeftijdsklasse": "44-30"}, "Leeftijdsklasse: expected an age band"),
        ({"Besloten op": "2028-11-02"}, "Besloten op: decided after the letters went"),
    ],
)
def test_letters_that_break_a_rule_are_rejected(workspace, tmp_path, change, reason):
    rows = [letter_rows(i) for i in range(20)]
    dutch_csv(tmp_path / "l.csv", [*rows, letter_rows(20) | change])
    result = bring(workspace, tmp_path / "l.csv", "planned_letters")
    assert result.rows_rejected == 1
    assert reason in next(iter(result.reasons))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Stijging in procenten": 1500}, "over 300"),
        ({"Stijging in procenten": -95}, "under -90"),
        ({"Basisjaar": 2029}, "expected a base year that is over before the period"),
        ({"Basisjaar": 2030}, "expected a base year that is over before the period"),
        ({"Jaar": "2029-01-01..2030-12-31", "Basisjaar": 2028}, "expected a base year"),
    ],
)
def test_changes_beyond_what_can_be_are_rejected(workspace, tmp_path, change, reason):
    row = {"Jaar": "2029", "Stijging in procenten": 25, "Basisjaar": 2025}
    rows = [{"Product": "Paspoort", **row}]
    rows.append({"Product": "Identiteitskaart", **row, **change})
    dutch_csv(tmp_path / "r.csv", rows)
    result = bring(workspace, tmp_path / "r.csv", "rvig_outlook")
    assert result.rows_rejected == 1
    assert reason in next(iter(result.reasons))
    assert outside_forecasts(workspace)["subject"].to_list() == ["passport"]


def test_letters_decided_in_the_week_they_go_out_are_taken(workspace, tmp_path):
    monday = date.fromisoformat(str(letter_rows(0)["Verzendweek"]))
    friday = letter_rows(0) | {"Besloten op": f"{monday + timedelta(days=4)}"}
    dutch_csv(tmp_path / "l.csv", [friday | {"Leeftijdsklasse": None}])
    assert bring(workspace, tmp_path / "l.csv", "planned_letters").rows_rejected == 0


def test_letters_of_a_village_need_no_districts(workspace, tmp_path):
    rows = [
        {name: value for name, value in letter_rows(i).items() if name != "Wijk"}
        for i in range(3)
    ]
    dutch_csv(tmp_path / "l.csv", rows)
    bring(workspace, tmp_path / "l.csv", "planned_letters", share=0)
    assert set(planned_letters(workspace)["district"]) == {""}


def test_letters_without_a_day_of_decision_are_known_from_the_import_or_the_mailing(
    workspace, tmp_path
):
    undecided = [letter_rows(i) | {"Besloten op": None} for i in range(2)]
    old = {"Verzendweek": "2026-10-05", "Week van afloop": "2026-12-28"}
    dutch_csv(tmp_path / "l.csv", [*undecided, undecided[0] | old, letter_rows(40)])
    bring(workspace, tmp_path / "l.csv", "planned_letters", share=0)
    found = planned_letters(workspace)
    assert sorted(found["decided"]) == [
        date(2026, 10, 5),
        date(2026, 11, 16),
        date(2026, 11, 23),
        date(2026, 11, 23),
    ]


def test_what_was_never_imported_has_no_rows(workspace):
    assert planned_letters(workspace).is_empty()
    found = outside_forecasts(workspace)
    assert found.is_empty()
    assert {"subject", "first", "last", "source", "imported"} <= set(found.columns)


def test_the_command_line_takes_them_in_and_the_trail_names_them(tmp_path):
    file, source = write_example("rvig", tmp_path, rows=4)
    home = tmp_path / "home"
    done = typed("import", str(file), "--source", source, home=home)
    assert (done.returncode, done.stderr) == (0, "")
    stored = Workspace.open(Settings(home=home))
    (entry,) = stored.ledger.trail()
    assert entry.action == "import"
    assert entry.subject.startswith("rvig_outlook-")
    assert outside_forecasts(stored).height == 4
