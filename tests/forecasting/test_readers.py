"""Files as they come, read rightly: separators, encodings, line numbers, nested fields."""

import json
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.errors import InputError
from forecasting.ingest.mapping import SourceMapping
from forecasting.ingest.readers.reading import LINE, read_file

FOLDER = tempfile.TemporaryDirectory()
HEAD, ROWS = ["dag", "wachtrij", "aantal"], [["5 jan", "één €", "1,5"], ["6", "x", "2"]]


def mapping(columns: list[str] | None = None, **csv: str) -> SourceMapping:
    """A mapping that reads these columns."""
    names = columns or HEAD
    return SourceMapping.model_validate(
        {
            "kind": "contacts",
            "label": "test",
            "csv": csv,
            "fields": {f"f{i}": {"column": name} for i, name in enumerate(names)},
        }
    )


def read(file: Path, columns: list[str] | None = None, **csv: str) -> pl.DataFrame:
    return read_file(file, mapping(columns, **csv)).collect()


def refused(file: Path, columns: list[str] | None = None, **csv: str) -> str:
    with pytest.raises(InputError) as caught:
        read(file, columns, **csv)
    line = str(caught.value)
    assert "\n" not in line
    return line


def put(folder: Path, content: bytes | str, name: str = "a.csv") -> Path:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


@pytest.mark.parametrize("separator", [";", ",", "\t", "|", "^"])
@pytest.mark.parametrize(
    ("written", "declared"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-8", "windows-1252"),
        ("utf-8-sig", "windows-1252"),
        ("windows-1252", "windows-1252"),
        ("utf-16", "utf-8"),
        ("utf-16", "windows-1252"),
    ],
)
def test_every_separator_and_encoding_gives_the_same_rows(
    tmp_path, separator, written, declared
):
    quoted = [[f'"{field}"' for field in row] for row in [HEAD, *ROWS]]
    text = "\r\n".join(separator.join(row) for row in quoted)
    file = put(tmp_path, text.encode(written))
    found = read(file, separator=separator, encoding=declared)
    assert found.columns == [LINE, *HEAD]
    assert found.rows() == [(2, *ROWS[0]), (3, *ROWS[1])]


def test_big_endian_utf_16_is_read_by_its_mark(tmp_path):
    text = "dag;wachtrij;aantal\n1;\u20ac;2\n"
    file = put(tmp_path, b"\xfe\xff" + text.encode("utf-16-be"))
    assert read(file, separator=";")["wachtrij"].to_list() == ["\u20ac"]


@pytest.mark.parametrize("name", ["A.CSV", "a.txt", "a.TSV"])
def test_endings_are_known_in_any_case_and_tsv_is_parted_by_tabs(tmp_path, name):
    separator = "\t" if name.endswith("TSV") else ";"
    file = put(tmp_path, separator.join(HEAD) + "\n" + separator.join("abc"), name)
    assert read(file, separator=";").rows() == [(2, "a", "b", "c")]


@pytest.mark.parametrize(
    ("text", "declared", "seems"),
    [("dag,wachtrij,aantal\n1,2,3\n", ";", ","), ("dag\twachtrij\n1\t2\n", ";", "tab")],
)
def test_another_separator_is_named(tmp_path, text, declared, seems):
    line = refused(put(tmp_path, text), separator=declared)
    assert f"line 1: expected separator {declared}, the heading seems" in line
    assert f"separated by {seems}. Set the separator" in line


def test_another_encoding_is_named_with_its_line(tmp_path):
    file = put(tmp_path, "dag;wachtrij;aantal\n1;2;3\n1;é;2\n".encode("cp1252"))
    line = refused(file, separator=";")
    assert "line 3: expected utf-8 text, came byte 0xe9" in line
    assert "seems to be windows-1252" in line


def test_lines_end_in_any_way(tmp_path):
    for end in ("\n", "\r\n", "\r"):
        file = put(tmp_path, end.join(["dag;wachtrij;aantal", "1;2;3", "4;5;6", ""]))
        assert read(file, separator=";")[LINE].to_list() == [2, 3]
    mixed = put(tmp_path, "dag;wachtrij;aantal\r\n1;2;3\n\n4;5;6\r\n7;8;9")
    assert read(mixed, separator=";")[LINE].to_list() == [2, 4, 5]


def test_a_title_and_blank_lines_above_the_heading_are_passed_over(tmp_path):
    text = "\nRapport;wachtrijen\n\n dag ;wachtrij;aantal\n1;2;3\n"
    found = read(put(tmp_path, text), separator=";")
    assert found.rows() == [(5, "1", "2", "3")]
    hint = read(put(tmp_path, "sep=;\ndag;wachtrij;aantal\n1;2;3\n"), separator=";")
    assert hint.rows() == [(3, "1", "2", "3")]


@given(
    st.lists(
        st.lists(
            st.text(alphabet='ab;"\n\r é', max_size=6), min_size=3, max_size=3
        ).filter(any),
        max_size=8,
    ),
    st.lists(st.integers(0, 2), min_size=9, max_size=9),
)
def test_line_numbers_are_those_of_the_file_whatever_is_quoted(rows, blanks):
    """A writer of our own counts the lines as it writes them."""
    file = Path(FOLDER.name) / "a.csv"
    text, line, lines = "dag;wachtrij;aantal\n", 2, []
    for row, blank in zip(rows, blanks, strict=False):
        text, line = text + "\n" * blank, line + blank
        lines.append(line)
        written = ";".join('"' + field.replace('"', '""') + '"' for field in row)
        text, line = text + written + "\n", line + written.count("\n") + 1
    file.write_text(text, "utf-8", newline="")
    found = read(file, separator=";")
    assert found[LINE].to_list() == lines
    assert [list(row[1:]) for row in found.rows()] == rows


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("dag;wachtrij;aantal\n1;2;3\n1;2;3;4\n", "line 3: expected 3 fields, came 4"),
        ('dag;wachtrij;aantal\n"a\nb";2;3\n1;2;3;4\n', "line 4: expected 3 fields"),
        (
            "dag;wachtrij;aantal;dag\n1;2;3;4\n",
            "column 'dag': expected this column once",
        ),
        ("\n\n;;\n", "found only blank lines"),
        (
            ";".join(f"c{i}" for i in range(5000)) + "\n",
            "expected at most 2,000 columns",
        ),
        ('dag;wachtrij;aantal\n1;"2;3\n', "unclosed quote"),
        ("\n" * 3_000_000 + "dag;wachtrij;aantal\n", "blank lines"),
        ("dag;wachtrij;aantal\n" + "\n" * 3_000_000, "mostly blank lines"),
    ],
)
def test_what_is_no_table_is_refused_with_its_place(tmp_path, text, part):
    assert part in refused(put(tmp_path, text), separator=";")


def test_unnamed_and_repeated_columns_do_not_stand_in_the_way(tmp_path):
    text = "dag;x;;x;wachtrij;;aantal\n1;a;;b;2;;3\n"
    found = read(put(tmp_path, text), separator=";")
    assert found.select(HEAD).rows() == [("1", "2", "3")]


@pytest.mark.parametrize(
    ("name", "content", "help_"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0" + bytes(99), "Save it as XLSX"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + bytes(99), "without a password"),
        ("a.ods", b"PK\3\4", "Save it as XLSX"),
        ("a.zip", b"PK\3\4", "Unpack it"),
        ("a.csv.gz", b"\x1f\x8b", "Unpack it"),
        ("a.csv", b"\x1f\x8b\x08rest", "Unpack it"),
        ("a.csv", b"PK\3\4rest", "name it .xlsx"),
        ("a.csv", b"PAR1rest", "Name it .parquet"),
        ("a.json", b"[]", "one object a line"),
        ("a", b"dag", "expected a file ending in"),
    ],
)
def test_other_formats_are_told_what_to_do(tmp_path, name, content, help_):
    assert help_ in refused(put(tmp_path, content, name))


KLANT = {
    "uuid": "u1",
    "hadBetrokkene": {"uuid": "b1", "partij": {"soort": "x"}},
    "onderwerpen": [{"code": "z"}],
}


def test_nested_objects_become_dotted_columns_and_lists_stay(tmp_path):
    other: dict[str, object] = {"uuid": "u2", "hadBetrokkene": None, "onderwerpen": []}
    text = "\n\n".join(json.dumps(row) for row in (KLANT, other)) + "\n"
    columns = ["uuid", "hadBetrokkene.uuid", "hadBetrokkene.partij.soort"]
    found = read(put(tmp_path, text, "k.jsonl"), columns)
    assert found.select(LINE, *columns).rows() == [
        (1, "u1", "b1", "x"),
        (3, "u2", None, None),
    ]
    assert isinstance(found.schema["onderwerpen"], pl.List)
    pl.DataFrame([KLANT, other]).write_parquet(tmp_path / "k.parquet")
    same = read(tmp_path / "k.parquet", columns)
    assert same.select(columns).rows() == found.select(columns).rows()


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('{"a": 1}\n{"a": \n', "line 2: expected one JSON object"),
        ('{"a": 1}\n[1]\n', "line 2: expected one JSON object"),
        ('[{"a": 1}]', "no JSON lines"),
        ('{"a": 1}\n{"a": {"b": 1}}\n', "line 2, column 'a': expected one kind"),
        ('{"a": 1e999}\n', "expected one JSON object"),
        ("{}\n{}\n", "expected objects with fields"),
        ('{"a":' * 400 + "1" + "}" * 400, "deep"),
        ('{"a":' + "[" * 5000 + "]" * 5000 + "}", "deep"),
        ('{"a.b": 1, "a": {"b": 2}}\n', "expected this field once"),
        ("\n".join(f'{{"k{i}": 1}}' for i in range(3000)), "at most 2,000 columns"),
    ],
)
def test_json_lines_that_cannot_be_a_table_are_refused(tmp_path, text, part):
    assert part in refused(put(tmp_path, text, "k.jsonl"), ["a"])


def test_json_values_of_changing_types_become_text(tmp_path):
    text = '{"a": 1}\n{"a": "x"}\n{"a": null}\n{"a": true}\n'
    found = read(put(tmp_path, text, "k.ndjson"), ["a"])
    assert found["a"].to_list() == ["1", "x", None, "true"]


def test_parquet_text_in_any_dress_is_text(tmp_path):
    frame = pl.DataFrame({"a": ["x", "y"]}).select(
        pl.col("a").cast(pl.Categorical).alias("dag"),
        pl.col("a").cast(pl.Binary).alias("wachtrij"),
        pl.lit("2.50").cast(pl.Decimal(9, 2)).alias("aantal"),
        pl.lit(None).alias("leeg"),
    )
    frame.write_parquet(tmp_path / "a.PARQUET")
    found = read(tmp_path / "a.PARQUET")
    assert found.select("dag", "wachtrij").rows() == [("x", "x"), ("y", "y")]
    assert found[LINE].to_list() == [2, 3]
