"""Stocks of expiring documents: what they say must be possible, and of a day that is over."""

from datetime import UTC, date, datetime, timedelta
from itertools import combinations, combinations_with_replacement
from pathlib import Path

import polars as pl
import pytest

from forecasting.ingest import CONTACT_TARGETS, ImportResult, import_file
from forecasting.ingest.kinds.age_bands import is_no_band, overlaps
from forecasting.workspace import Workspace
from tests.forecasting.export_files import dutch_csv
from tests.forecasting.pipeline_cases import LAST, contacts, workspace_with

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
BANDS = ("0-17", "18-29", "30-44", "45 t/m 64", "65+", "onbekend")


def stock(bands=BANDS, as_of: str = "2026-10-01", district: str | None = "Noord"):
    return [
        {
            "Peildatum": as_of,
            "Document": "Paspoort",
            "Week van afloop": "2027-03-01",
            "Leeftijdsklasse": band,
            "Wijk": district,
            "Soort": "outstanding",
            "Aantal": 10,
        }
        for band in bands
    ]


def bring(
    workspace: Workspace, folder: Path, rows, now: datetime = NOW
) -> ImportResult:
    dutch_csv(folder / "e.csv", rows)
    return import_file(
        workspace,
        folder / "e.csv",
        "registry_expiries",
        targets=CONTACT_TARGETS,
        now=now,
        max_rejects=1,
    )


def test_bands_as_people_write_them_come_in(workspace, tmp_path):
    assert bring(workspace, tmp_path, stock()).rows_rejected == 0


@pytest.mark.parametrize("band", ["44-30", "abc", "-5-200", "18-900", "jonger dan 18"])
def test_a_text_that_names_no_ages_is_rejected_with_the_reason(
    workspace, tmp_path, band
):
    result = bring(workspace, tmp_path, stock((*BANDS, band)))
    assert result.rows_rejected == 1
    assert "Leeftijdsklasse: expected an age band such as 0-17" in str(result.reasons)


def test_bands_of_one_stock_that_overlap_are_rejected_and_another_stock_is_not(
    workspace, tmp_path
):
    rows = [*stock(("30-44", "30-50", "65+")), *stock(as_of="2026-07-01")]
    result = bring(workspace, tmp_path, rows)
    assert result.reasons == {"Leeftijdsklasse: age bands of one stock overlap": 3}


def test_any_two_bands_overlap_when_an_age_lies_in_both():
    """Against the ages themselves, of every pair and triple of these bands."""
    ages = {"0-17": (0, 17), "15-20": (15, 20), "18-40": (18, 40), "<5": (0, 4)}
    ages |= {"30+": (30, 150), "41": (41, 41), "0-150": (0, 150)}
    names = list(ages)
    for three in combinations_with_replacement(names, 3):
        frame = pl.DataFrame({"s": [1] * 3, "age_band": three})
        got = frame.select(overlaps(("s",)).any()).item()
        want = any(
            max(ages[a][0], ages[b][0]) <= min(ages[a][1], ages[b][1])
            for a, b in combinations(sorted(set(three)), 2)
        )
        assert got == want
    assert not pl.DataFrame({"age_band": names}).select(is_no_band().any()).item()


def test_a_stock_of_a_day_to_come_is_rejected(workspace, tmp_path):
    rows = [*stock(as_of="2026-11-22"), *stock(as_of="2026-11-23")]
    result = bring(workspace, tmp_path, rows)
    assert result.reasons == {"Peildatum: dated in the future": len(BANDS)}
    kept = workspace.imported("expiries").collect()
    assert set(kept["as_of"]) == {date(2026, 11, 22)}


def test_where_the_contacts_run_ahead_of_the_clock_their_last_day_is_today(tmp_path):
    """A made-up town may live later than the machine that reads it."""
    workspace = workspace_with(tmp_path / "home", contacts(), "sequential")
    day_after = LAST + timedelta(days=1)
    rows = [*stock(as_of=f"{LAST}"), *stock(as_of=f"{day_after}")]
    early = datetime(2026, 1, 5, 9, tzinfo=UTC)
    result = bring(workspace, tmp_path, rows, now=early)
    assert result.reasons == {"Peildatum: dated in the future": len(BANDS)}


@pytest.mark.parametrize("named", [True, False])
def test_a_village_without_districts_can_hand_over_its_stock(
    workspace, tmp_path, named: bool
):
    rows = stock(district=None)
    if not named:
        rows = [{k: v for k, v in row.items() if k != "Wijk"} for row in rows]
    assert bring(workspace, tmp_path, rows).rows_rejected == 0
    assert set(workspace.imported("expiries").collect()["district"]) == {""}
