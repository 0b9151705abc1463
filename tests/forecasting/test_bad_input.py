"""Bad input: one clear line that names file, line and column; nothing is stored."""

import random
import zipfile
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from forecasting.errors import InputError
from forecasting.ingest import import_file, strip_file
from forecasting.workspace import Workspace

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)

HEAD = (
    "Interval start;Wachtrij;Aangeboden;Beantwoord;Afgehaakt;Beantwoord binnen 25 s;"
    "Gem. gesprekstijd (s);Gem. nawerktijd (s)\r\n"
)
GOOD = "05-01-2026 09:00;Rijbewijs;10;9;1;8;200,5;30,0\r\n"


def refused(workspace: Workspace, file: Path, source: str = "telephony") -> str:
    """The one line with which an import is refused; nothing may be left of it."""
    with pytest.raises(InputError) as caught:
        import_file(workspace, file, source, now=NOW)
    line = str(caught.value)
    assert "\n" not in line
    assert str(file.name) in line or "source" in line
    assert not workspace.ledger.imports()
    assert not list(workspace.lake.root.rglob("*"))
    return line


def wrong(workspace: Workspace, tmp_path: Path, text: str | bytes, name="calls.csv"):
    file = tmp_path / name
    file.write_bytes(text.encode("cp1252") if isinstance(text, str) else text)
    return refused(workspace, file)


def test_the_good_file_is_good(workspace, tmp_path):
    file = tmp_path / "calls.csv"
    file.write_bytes((HEAD + GOOD).encode("cp1252"))
    assert import_file(workspace, file, "telephony", now=NOW).rows_imported == 1


def test_a_missing_file_is_named(workspace, tmp_path):
    assert "expected a file, found none" in refused(workspace, tmp_path / "no.csv")


def test_a_folder_is_no_file(workspace, tmp_path):
    assert "found a folder" in refused(workspace, tmp_path)


def test_an_empty_file_is_refused(workspace, tmp_path):
    assert "empty file" in wrong(workspace, tmp_path, b"")


def test_a_heading_without_rows_is_refused(workspace, tmp_path):
    assert "expected rows, found none" in wrong(workspace, tmp_path, HEAD)


def test_an_unknown_suffix_is_refused(workspace, tmp_path):
    assert "expected a file ending in" in wrong(workspace, tmp_path, HEAD, "calls.pdf")


def test_a_renamed_column_gives_the_nearest_name(workspace, tmp_path):
    text = (HEAD + GOOD).replace("Wachtrij", "Wachtrijen")
    line = wrong(workspace, tmp_path, text)
    assert "line 1, column 'Wachtrij'" in line
    assert "rename it to 'Wachtrijen'" in line


def test_an_unreadable_date_names_line_and_column(workspace, tmp_path):
    line = wrong(workspace, tmp_path, HEAD + GOOD + GOOD.replace("05-01-2026", "2026"))
    assert "calls.csv, line 3, column 'Interval start': unreadable date" in line
    assert "came '2026 09:00'" in line


def test_a_negative_count_names_line_and_column(workspace, tmp_path):
    line = wrong(workspace, tmp_path, HEAD + GOOD.replace(";10;", ";-10;"))
    assert "line 2, column 'Aangeboden': negative, came '-10'" in line


def test_an_unknown_queue_names_its_value(workspace, tmp_path):
    line = wrong(workspace, tmp_path, HEAD + GOOD.replace("Rijbewijs", "Vuilnis"))
    assert "column 'Wachtrij': unknown value, came 'Vuilnis'" in line


def test_more_abandoned_than_offered_is_wrong(workspace, tmp_path):
    line = wrong(workspace, tmp_path, HEAD + GOOD.replace(";9;1;", ";9;11;"))
    assert "column 'Afgehaakt': more gave up than came" in line


def test_a_row_with_too_many_fields_names_its_line(workspace, tmp_path):
    line = wrong(workspace, tmp_path, HEAD + GOOD + GOOD.replace(";1;", ";1;1;1;"))
    assert "line 3: expected 8 fields, came 10" in line


def test_a_row_cut_off_is_rejected(workspace, tmp_path):
    line = wrong(workspace, tmp_path, HEAD + GOOD + "05-01-2026 09:15;Rijbewijs;3")
    assert "line 3, column 'Afgehaakt': missing value" in line


def test_a_stray_quote_does_not_swallow_the_rest(workspace, tmp_path):
    text = HEAD + GOOD + GOOD.replace("Rijbewijs", '"Rijbewijs') + 200 * GOOD
    assert "unclosed quote" in wrong(workspace, tmp_path, text)
    paired = text + GOOD.replace("Rijbewijs", 'Rijbewijs"')
    assert "calls.csv" in wrong(workspace, tmp_path, paired)


def test_binary_content_is_no_csv(workspace, tmp_path):
    assert "binary" in wrong(workspace, tmp_path, HEAD.encode() + b"\0\1\2")
    assert "UTF-16" in wrong(workspace, tmp_path, (HEAD + GOOD).encode("utf-16"))


def test_another_encoding_names_the_line(workspace, tmp_path):
    head = "uuid,kanaal,plaatsgevondenOp\n"
    text = head + "a1,e-mail,2026-01-05T09:00:00+01:00\na2,één,2026-01-05T09:00:00Z\n"
    file = tmp_path / "klantcontact.csv"
    file.write_bytes(text.encode("cp1252"))
    line = refused(workspace, file, "open_klant")
    assert "line 3: expected utf-8 text, came byte 0xe9" in line


@pytest.mark.parametrize("suffix", [".parquet", ".xlsx", ".jsonl", ".csv"])
@pytest.mark.parametrize("content", [b"PK\3\4rubbish", bytes(range(256)), b'{"a": 1'])
def test_damaged_files_of_every_format_give_one_line(
    workspace, tmp_path, suffix, content
):
    wrong(workspace, tmp_path, content, f"calls{suffix}")


@pytest.mark.parametrize("suffix", [".parquet", ".xlsx"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.95])
def test_files_cut_off_give_one_line(workspace, tmp_path, suffix, part):
    frame = pl.DataFrame({"publicId": [f"x{i}" for i in range(5000)]})
    file = tmp_path / f"whole{suffix}"
    if suffix == ".parquet":
        frame.write_parquet(file)
    else:
        frame.write_excel(file)
    content = file.read_bytes()
    wrong(workspace, tmp_path, content[: int(len(content) * part)], f"cut{suffix}")


def test_a_damaged_page_inside_a_parquet_file_gives_one_line(workspace, tmp_path):
    now = datetime.fromisoformat("2026-01-05T09:00")
    frame = pl.DataFrame(
        {
            "publicId": [f"x{i}" for i in range(5000)],
            "service": "Uittreksel BRP",
            "location": "Noord",
            "created": [now + timedelta(minutes=i) for i in range(5000)],
            "waitingTime": 10,
            "duration": 100,
            "additionalCustomerDuration": 0,
            "left": False,
        }
    )
    file = tmp_path / "visits.parquet"
    frame.write_parquet(file)
    content = bytearray(file.read_bytes())
    content[50:4000] = bytes(3950)
    file.write_bytes(content)
    assert "damaged" in refused(workspace, file, "qmatic")


def test_a_zip_that_is_no_workbook_is_refused(workspace, tmp_path):
    file = tmp_path / "online.xlsx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("inner.zip", b"PK\3\4")
    assert "XLSX" in refused(workspace, file, "online_daily")


def test_a_missing_sheet_names_those_that_came(workspace, tmp_path):
    file = tmp_path / "online.xlsx"
    pl.DataFrame({"Datum": [date(2026, 1, 5)]}).write_excel(file, worksheet="Blad1")
    line = refused(workspace, file, "online_daily")
    assert "expected a sheet 'Aanvragen', came Blad1" in line


@pytest.mark.parametrize("source", ["../people", "a/b", "..", "", "no_such", "a\\b"])
def test_a_source_cannot_leave_its_folder(workspace, tmp_path, source):
    with pytest.raises(InputError, match="source"):
        import_file(workspace, tmp_path / "a.csv", source, now=NOW)


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
    head = HEAD.strip() + ";kenmerk\r\n"
    body = "".join(GOOD.strip() + f";{123456700 + i}\r\n" for i in range(60))
    file = tmp_path / "calls.csv"
    file.write_bytes((head + body).encode("cp1252"))
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


def spoilt(content: bytes, rng: random.Random) -> bytes:
    """A file cut, overwritten, or with rubbish, quotes and doubled stretches put in."""
    spoiled = bytearray(content)
    for _ in range(rng.choice([1, 2, 5])):
        place = rng.randrange(max(1, len(spoiled)))
        stretch = spoiled[place : place + rng.randrange(1, 200)]
        put = rng.choice([b'"', b";", b"\n", b"\0", b"\xff", b"{}", b"=1+1", stretch])
        if rng.random() < 0.3:
            del spoiled[place:]
        elif rng.random() < 0.5:
            del spoiled[place : place + rng.randrange(1, 50)]
        else:
            spoiled[place:place] = put
    return bytes(spoiled)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet", ".jsonl"])
def test_a_spoilt_file_is_imported_whole_or_refused_whole(workspace, tmp_path, suffix):
    """Whatever happened to the file: one clear line, and nothing of it stored."""
    frame = pl.read_csv((HEAD + 40 * GOOD).encode(), separator=";", infer_schema=False)
    file = tmp_path / f"calls{suffix}"
    if suffix == ".csv":
        frame.write_csv(file, separator=";")
    elif suffix == ".xlsx":
        frame.write_excel(file)
    elif suffix == ".parquet":
        frame.write_parquet(file)
    else:
        frame.write_ndjson(file)
    content, rng = file.read_bytes(), random.Random(suffix)  # noqa: S311  # no secret
    stored = 0
    for _ in range(25):
        file.write_bytes(spoilt(content, rng))
        with suppress(InputError):
            result = import_file(workspace, file, "telephony", now=NOW)
            stored += not result.already
        assert len(workspace.ledger.imports()) == stored
        assert len(list(workspace.lake.root.rglob("*.parquet"))) == 2 * stored


def test_a_column_that_came_twice_is_refused_when_it_is_read(workspace, tmp_path):
    head, row = HEAD.strip() + ";Aangeboden\r\n", GOOD.strip() + ";99\r\n"
    line = wrong(workspace, tmp_path, head + row)
    assert "line 1, column 'Aangeboden': expected this column once" in line
    file = tmp_path / "calls.csv"
    file.write_bytes((HEAD.strip() + ";Q;Q\r\n" + GOOD.strip() + ";1;2\r\n").encode())
    assert import_file(workspace, file, "telephony", now=NOW).rows_imported == 1


def test_a_heading_without_an_end_is_refused_at_once(workspace, tmp_path):
    line = wrong(workspace, tmp_path, b"x;" * 2_000_000)
    assert "line 1: expected a heading" in line


@pytest.mark.parametrize("day", ["05-01-9999", "05-01-0000", "05-01-26", "05-01-1899"])
def test_a_date_of_another_age_names_line_and_column(workspace, tmp_path, day):
    line = wrong(workspace, tmp_path, HEAD + GOOD.replace("05-01-2026", day))
    assert "line 2, column 'Interval start': outside the years" in line


@pytest.mark.parametrize("count", ["1e308", "99999999999999999999"])
def test_a_count_beyond_any_town_is_refused(workspace, tmp_path, count):
    line = wrong(workspace, tmp_path, HEAD + GOOD.replace(";10;", f";{count};"))
    assert "line 2, column 'Aangeboden': over" in line


def test_a_device_is_no_file(workspace):
    line = refused(workspace, Path("/dev/zero"))
    assert "expected a file, found a device" in line


def with_values(column: str, values: list[str]) -> str:
    """Calls with one more column."""
    body = "".join(
        GOOD.strip().replace("05-01", f"{i % 28 + 1:02d}-{i // 28 + 1:02d}")
        + f";{value}\r\n"
        for i, value in enumerate(values)
    )
    return HEAD.strip() + f";{column}\r\n" + body


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


def test_a_copy_keeps_signs_that_its_declared_encoding_lacks(workspace, tmp_path):
    file, out = tmp_path / "calls.csv", tmp_path / "copy.csv"
    file.write_text(HEAD + GOOD.replace("Rijbewijs", "Řijbewijs"), encoding="utf-8")
    strip_file(workspace.settings, file, "telephony", out)
    assert "Řijbewijs" in out.read_text("utf-8")


def test_a_copy_cannot_take_the_place_of_its_original(workspace, tmp_path):
    file = tmp_path / "calls.csv"
    file.write_text(HEAD + GOOD)
    with pytest.raises(InputError, match="expected a new file"):
        strip_file(workspace.settings, file, "telephony", file)
    with pytest.raises(InputError, match="expected a folder to write to"):
        strip_file(workspace.settings, file, "telephony", tmp_path / "no" / "c.csv")
    assert file.read_text() == (HEAD + GOOD).replace("\r\n", "\n")
