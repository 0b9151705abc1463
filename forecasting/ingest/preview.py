"""Look at a file before it is imported."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from forecasting.ingest.checking import PROBLEM
from forecasting.ingest.clock import is_skipped
from forecasting.ingest.drafting import draft_import, readable
from forecasting.ingest.identity import key_hash
from forecasting.ingest.mapping import SourceMapping, load_mapping
from forecasting.ingest.products import check_products
from forecasting.ingest.readers.lines import LINE
from forecasting.settings import Settings
from forecasting.targets import Field, Target

HOME_ZONE = "Europe/Amsterdam"


@dataclass(frozen=True)
class Preview:
    """The first rows as they would be read, and what is wrong in all of the file.

    `problems` counts the rows per first broken check.
    """

    rows: pl.DataFrame
    read: int
    problems: Mapping[str, int]


def check_file(
    settings: Settings,
    file: Path,
    source: str,
    targets: Mapping[str, Target],
    rows: int = 10,
    mapping: SourceMapping | None = None,
) -> pl.DataFrame:
    """The first rows as they would be read, with their line and what is wrong.

    Moments are shown in the zone of the source. `problem` is null in a good row.
    `mapping` stands in for the one that is configured for the source.

    Raises:
        InputError: the file cannot be used.
        PolicyError: the mapping breaks a rule.
    """
    return preview_file(settings, file, source, targets, rows, mapping).rows


def preview_file(
    settings: Settings,
    file: Path,
    source: str,
    targets: Mapping[str, Target],
    rows: int = 10,
    mapping: SourceMapping | None = None,
) -> Preview:
    """The same rows, with a summary of all of the file.

    Raises:
        InputError: the file cannot be used.
        PolicyError: the mapping breaks a rule.
    """
    mapping = mapping or load_mapping(settings.config, source, targets)
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
        shown = draft.shown().select(pl.col(LINE).alias("line"), *fields, problem)
        first = shown.head(rows).collect(engine="streaming")
        told = shown.group_by(PROBLEM).agg(pl.len().alias("rows")).sort(PROBLEM)
        counts = dict(told.collect(engine="streaming").iter_rows())
        found = draft.accepted().select(key_hash(target).alias("id"))
        ids = found.collect(engine="streaming")["id"]
    problems = {k: n for k, n in counts.items() if k is not None}
    if again := ids.len() - ids.n_unique():
        last = draft.checks[-1]
        problems[f"{last.column}: {last.reason}"] = again
    return Preview(first, sum(counts.values()), problems)


def _shown(field: Field, zone: str) -> pl.Expr:
    value = pl.col(field.name)
    if field.personal:
        hidden = pl.when(value.is_not_null()).then(pl.lit("(masked)"))
        return hidden.alias(field.name)
    if field.type != "moment":
        return value
    local = pl.when(~is_skipped(value)).then(value.dt.convert_time_zone(zone))
    return local.alias(field.name)
