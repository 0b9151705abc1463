"""Files with personal columns are refused by name; nothing of them is repeated."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from forecasting.ingest import import_file
from tests.forecasting.test_bad_input import GOOD, HEAD, NOW, refused, wrong


def with_values(column: str, values: list[str]) -> str:
    """Calls with one more column."""
    body = "".join(
        GOOD.strip().replace("05-01", f"{i % 28 + 1:02d}-{i // 28 + 1:02d}")
        + f";{value}\r\n"
        for i, value in enumerate(values)
    )
    return HEAD.strip() + f";{column}\r\n" + body


BSN = [str(n) for n in range(111222000, 111223000)]
BSN = [
    n
    for n in BSN
    if (sum(w * int(d) for w, d in zip(range(9, 1, -1), n, strict=False)) - int(n[8]))
    % 11
    == 0
][:30]
DAYS = [(date(1931, 1, 1) + timedelta(days=977 * i)) for i in range(30)]
PERSONAL = {
    "klantnummer": BSN,
    "burgerservicenummer": ["1"] * 30,
    "Naam": ["x"] * 30,
    "customerName": ["x"] * 30,
    "geboortedatum": ["x"] * 30,
    "E-mail": ["x"] * 30,
    "Telefoonnummer": ["x"] * 30,
    "Postcode": ["x"] * 30,
    "datum": [day.strftime("%d-%m-%Y") for day in DAYS],
    "contact": [f"bewoner{i}@example.nl" for i in range(30)],
    "bereikbaar": [f"06-123456{i:02d}" for i in range(30)],
    "waar": [f"Dorpsstraat {i}" for i in range(30)],
}


@pytest.mark.parametrize("column", PERSONAL)
def test_personal_columns_are_refused_by_name_even_unmapped(
    workspace, tmp_path, column
):
    values = PERSONAL[column]
    body = "".join(
        GOOD.strip().replace("05-01", f"{i + 1:02d}-01") + f";{value}\r\n"
        for i, value in enumerate(values)
    )
    line = wrong(workspace, tmp_path, HEAD.strip() + f";{column}\r\n" + body)
    assert f"column '{column}'" in line
    assert "piekwijzer strip" in line
    assert "--source telephony --out COPY.csv" in line
    assert not any(value in line for value in values if len(value) > 1)


def test_numbers_that_fail_the_eleven_test_are_harmless(workspace, tmp_path):
    numbers = [str(123456700 + i) for i in range(60)]
    file = tmp_path / "calls.csv"
    file.write_bytes(with_values("kenmerk", numbers).encode("cp1252"))
    assert import_file(workspace, file, "telephony", now=NOW).rows_imported == 60


def test_typed_birth_dates_and_whole_number_bsn_are_seen_in_parquet(
    workspace, tmp_path
):
    file = tmp_path / "visits.parquet"
    base = pl.DataFrame({"publicId": [f"x{i}" for i in range(30)]}).with_columns(
        pl.lit("Uittreksel BRP").alias("service"),
        pl.lit("Noord").alias("location"),
        pl.lit(datetime.fromisoformat("2026-01-05T09:00")).alias("created"),
        *(
            pl.lit(1).alias(name)
            for name in ("waitingTime", "duration", "additionalCustomerDuration")
        ),
        pl.lit(value=False).alias("left"),
    )
    base.with_columns(pl.Series("when", DAYS)).write_parquet(file)
    assert "column 'when'" in refused(workspace, file, "qmatic")
    base.with_columns(pl.Series("ref", [int(n) for n in BSN])).write_parquet(file)
    assert "column 'ref'" in refused(workspace, file, "qmatic")
    gaps = [*map(float, BSN), *(30 - len(BSN)) * [None]]
    base.with_columns(pl.Series("ref", gaps)).write_parquet(file)
    assert "column 'ref'" in refused(workspace, file, "qmatic")
    base.with_columns(pl.Series("ref", [3.0 * i for i in range(30)])).write_parquet(
        file
    )
    assert import_file(workspace, file, "qmatic", now=NOW).rows_imported == 30


@pytest.mark.parametrize(
    "values",
    [
        BSN[:1],
        BSN[:5],
        [*BSN[:12], *(str(200_000_001 + 13 * i) for i in range(18))],
        [f"{n[:3]}-{n[3:6]}-{n[6:]}" for n in BSN],
        [f"{n}.0" for n in BSN],
        [f"BSN {n}" for n in BSN],
        [day.strftime("%d.%m.%Y") for day in DAYS],
        [day.strftime("%m/%d/%Y") for day in DAYS],
        [f"{day} 00:00:00" for day in DAYS],
        [str(day) for day in DAYS[::6]],
        ["1985-03-12", "1972-11-02", "1961-07-30"],
        ["bewoner@example.nl", ""],
    ],
    ids=lambda values: values[0],
)
def test_few_or_oddly_written_personal_values_are_seen_too(workspace, tmp_path, values):
    line = wrong(workspace, tmp_path, with_values("kenmerk", values))
    assert "column 'kenmerk': expected no personal data" in line


@pytest.mark.parametrize(
    "column",
    [
        "Naam klant",
        "naam_aanvrager",
        "bsn_aanvrager",
        "Bsn klant",
        "GebDat",
        "Geb.datum",
        "Emailadres aanvrager",
    ],
)
def test_personal_columns_are_known_by_more_names(workspace, tmp_path, column):
    line = wrong(workspace, tmp_path, with_values(column, ["x"]))
    assert f"column '{column}'" in line


@pytest.mark.parametrize(
    "values",
    [
        ["05-01-2026", "06-01-2026", "07-01-2026"],
        ["01-01-1900", "06-01-2026", "07-01-2026", "08-01-2026", "09-01-2026"],
        ["20260105", "20260106", "20260107"],
        ["123456", "123457", "123458"],
        ["123456700"],
        ["Productnaam A", "e-mail", "0900"],
    ],
    ids=lambda values: values[0],
)
def test_few_plain_values_are_harmless(workspace, tmp_path, values):
    file = tmp_path / "calls.csv"
    file.write_bytes(with_values("kenmerk", values).encode("cp1252"))
    imported = import_file(workspace, file, "telephony", now=NOW).rows_imported
    assert imported == len(values)
