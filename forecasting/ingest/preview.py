"""Look at a file before it is imported, or write a copy without what is not needed."""

from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl

from forecasting.errors import InputError
from forecasting.ingest.checking import PROBLEM
from forecasting.ingest.drafting import check_columns, draft_import, readable
from forecasting.ingest.mapping import SourceMapping, load_mapping, read_mapping
from forecasting.ingest.personal import refuse_personal
from forecasting.ingest.products import check_products
from forecasting.ingest.reading import LINE, read_file
from forecasting.settings import Settings
from forecasting.targets import Field, Target

HOME_ZONE = "Europe/Amsterdam"


def check_file(
    settings: Settings,
    file: Path,
    source: str,
    targets: Mapping[str, Target],
    rows: int = 10,
) -> pl.DataFrame:
    """The first rows as they would be read, with their line and what is wrong.

    Moments are shown in the zone of the source. `problem` is null in a good row.

    Raises:
        InputError: the file cannot be used.
        PolicyError: the mapping breaks a rule.
    """
    mapping = load_mapping(settings.config, source, targets)
    check_products(settings.config, source, mapping)
    target = targets[mapping.kind]
    draft = draft_import(file, source, mapping, target)
    reasons = {
        place: f"{check.column}: {check.reason}"
        for place, check in enumerate(draft.checks)
    }
    problem = pl.col(PROBLEM).replace_strict(
        reasons, default=None, return_dtype=pl.String
    )
    zone = HOME_ZONE if mapping.zone == "offset" else mapping.zone
    fields = [_shown(field, zone) for field in target.fields]
    with readable(file):
        found = draft.rows.select(pl.col(LINE).alias("line"), *fields, problem).head(
            rows
        )
        return found.collect(engine="streaming")


def _shown(field: Field, zone: str) -> pl.Expr:
    value = pl.col(field.name)
    return value.dt.convert_time_zone(zone) if field.type == "moment" else value


def strip_file(settings: Settings, file: Path, source: str, out: Path) -> Path:
    """Write a copy of a file that holds only the columns its mapping reads.

    The copy has the format of the file. It is refused too when a column that the
    mapping reads looks personal.

    Raises:
        InputError: the file cannot be read, or the copy would be of another format.
        PolicyError: the mapping breaks a rule.
    """
    mapping = read_mapping(settings.config, source)
    if out.suffix.lower() != file.suffix.lower():
        raise InputError(
            f"expected a copy ending in '{file.suffix}', came '{out.suffix}'", file=out
        )
    if out.exists():
        raise InputError("expected a new file, found one; name another copy", file=out)
    with readable(file):
        rows = read_file(file, mapping)
        check_columns(file, rows, mapping)
        kept = rows.select(mapping.columns)
        remedy = "The mapping reads it: leave it out there, or name it harmless."
        refuse_personal(file, kept, mapping.harmless, remedy)
        copy = kept.collect(engine="streaming")
    if not out.parent.is_dir():
        raise InputError("expected a folder to write to, found none", file=out.parent)
    WRITERS[file.suffix.lower()](copy, out, mapping)
    return out


def _write_csv(frame: pl.DataFrame, out: Path, mapping: SourceMapping) -> None:
    text = frame.write_csv(separator=mapping.csv.separator)
    try:
        written = text.encode(mapping.csv.encoding)
    except UnicodeEncodeError:  # the file was UTF-8 too, whatever was declared
        written = text.encode()
    out.write_bytes(written)


def _write_xlsx(frame: pl.DataFrame, out: Path, mapping: SourceMapping) -> None:
    frame.write_excel(out, worksheet=mapping.xlsx.sheet or "Sheet1")


def _write_parquet(frame: pl.DataFrame, out: Path, _: SourceMapping) -> None:
    frame.write_parquet(out)


def _write_json_lines(frame: pl.DataFrame, out: Path, _: SourceMapping) -> None:
    frame.write_ndjson(out)


WRITERS: dict[str, Callable[[pl.DataFrame, Path, SourceMapping], None]] = {
    ".csv": _write_csv,
    ".xlsx": _write_xlsx,
    ".parquet": _write_parquet,
    ".jsonl": _write_json_lines,
}
