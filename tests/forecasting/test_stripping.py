"""A stripped copy: whole or not at all, and it imports to the same rows as its original."""

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from forecasting.errors import InputError
from forecasting.ingest import import_file, strip_file
from forecasting.ingest.readers.reading import LINE, read_file
from forecasting.ingest.stripping import WRITERS
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from tests.forecasting.malformed import MAPPINGS, SEEDS, Seed
from tests.forecasting.test_bad_input import GOOD, HEAD, NOW
from tests.forecasting.test_personal import BSN


def personal(seed: Seed, folder: Path) -> Path:
    """The good file with a column of citizen service numbers beside the others."""
    file = folder / f"with {seed.name}{seed.suffix}"
    plain = seed.write(folder)
    numbers = pl.Series("burgerservicenummer", BSN)
    if seed.suffix == ".csv":
        text = plain.read_bytes().decode("windows-1252").splitlines()
        lines = [text[0] + ";burgerservicenummer"]
        lines += [f"{line};{n}" for line, n in zip(text[1:], BSN, strict=True)]
        file.write_bytes("\r\n".join(lines).encode("windows-1252"))
    elif seed.suffix == ".xlsx":
        sheet = MAPPINGS[seed.source].xlsx.sheet
        pl.read_excel(plain).with_columns(numbers).write_excel(file, worksheet=sheet)
    elif seed.suffix == ".parquet":
        pl.read_parquet(plain).with_columns(numbers).write_parquet(file)
    else:
        pl.read_ndjson(plain).with_columns(numbers).write_ndjson(file)
    return file


def imported(folder: Path, file: Path, source: str) -> pl.DataFrame:
    workspace = Workspace.open(Settings(home=folder))
    result = import_file(workspace, file, source, now=NOW)
    assert result.rows_imported == 40
    rows = workspace.imported("contacts").collect()
    return rows.select(sorted(rows.columns)).sort(sorted(rows.columns))


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_a_stripped_copy_gives_the_rows_of_its_original(workspace, tmp_path, seed):
    file, out = personal(seed, tmp_path), tmp_path / f"copy{seed.suffix}"
    with pytest.raises(InputError, match=r"'burgerservicenummer'.*piekwijzer strip"):
        import_file(workspace, file, seed.source, now=NOW)
    assert strip_file(workspace.settings, file, seed.source, out) == out
    original = imported(
        tmp_path / "a", tmp_path / f"{seed.name}{seed.suffix}", seed.source
    )
    copied = imported(tmp_path / "b", out, seed.source)
    assert copied.equals(original)
    kept = set(read_file(out, MAPPINGS[seed.source].for_file(out)).collect_schema())
    assert kept == {LINE, *MAPPINGS[seed.source].columns}
    assert not any(number.encode() in out.read_bytes() for number in BSN)
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "windows-1252", "utf-16"])
def test_a_copy_keeps_encoding_line_ends_and_values(workspace, tmp_path, codec):
    value = '" Rijbewijs;""één\u20ac"" "'
    text = HEAD.strip() + ";Naam\r\n" + GOOD.replace("Rijbewijs", value).strip()
    file, out = tmp_path / "calls.csv", tmp_path / "copy.csv"
    file.write_bytes((text + ";J\r\n").encode(codec))
    strip_file(workspace.settings, file, "telephony", out)
    written = out.read_bytes()
    assert written[:2] == file.read_bytes()[:2]
    kept = written.decode(codec)
    assert value in kept
    assert kept.count("\r\n") == kept.count("\n") == 2


def test_a_workbook_keeps_texts_that_look_like_formulas_and_links(workspace, tmp_path):
    values = ["=1+1", "https://example.nl/x", "007", " x ", "12,5", "@a"]
    frame = pl.DataFrame({"Datum": "2026-01-05", "Product": values, "Aantal": "1"})
    file, out = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    frame.write_parquet(tmp_path / "a.parquet")
    mapping = MAPPINGS["online_daily"]
    WRITERS[".xlsx"](frame.lazy(), file, file, mapping)
    strip_file(workspace.settings, file, "online_daily", out)
    assert read_file(out, mapping).collect()["Product"].to_list() == values


def test_a_copy_that_cannot_be_finished_leaves_nothing(workspace, tmp_path):
    stamp = datetime.fromisoformat("2026-01-05T09:00")
    frame = pl.DataFrame({"publicId": [f"x{i}" for i in range(900_000)]}).with_columns(
        pl.lit(stamp).alias("created"),
        *(
            pl.col("publicId").alias(name)
            for name in MAPPINGS["qmatic"].columns
            if name not in ("publicId", "created")
        ),
    )
    file, out = tmp_path / "a.parquet", tmp_path / "copy.parquet"
    frame.write_parquet(file, compression="uncompressed")
    content = bytearray(file.read_bytes())
    assert len(content) > 32 << 20  # so large that only its footer is looked at first
    content[len(content) // 2 : len(content) // 2 + 4000] = bytes(4000)
    file.write_bytes(content)
    with pytest.raises(InputError):
        strip_file(workspace.settings, file, "qmatic", out)
    assert {found.name for found in tmp_path.iterdir()} <= {"a.parquet", "home"}


def test_a_copy_never_takes_the_place_of_anything(workspace, tmp_path):
    file = tmp_path / "calls.csv"
    file.write_text(HEAD + GOOD)
    taken = tmp_path / "taken.csv"
    taken.symlink_to(tmp_path / "nowhere.csv")
    for out in (file, taken):
        with pytest.raises(InputError, match="expected a new file"):
            strip_file(workspace.settings, file, "telephony", out)
    with pytest.raises(InputError, match="expected to write a copy"):
        strip_file(workspace.settings, file, "telephony", tmp_path / f"{'x' * 300}.csv")
    with pytest.raises(InputError, match=r"ending in '\.csv'"):
        strip_file(workspace.settings, file, "telephony", tmp_path / "copy.xlsx")
    names = {found.name for found in tmp_path.iterdir()}
    assert names == {"calls.csv", "home", "taken.csv"}
