"""Look at a file before it is imported."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from forecasting.ingest.checking import PROBLEM
from forecasting.ingest.drafting import draft_import, readable
from forecasting.ingest.mapping import SourceMapping, load_mapping
from forecasting.ingest.products import check_products
from forecasting.ingest.readers.lines import LINE
from forecasting.settings import Settings
from forecasting.targets import Field, Target

HOME_ZONE = "Europe/Amsterdam"


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
        found = (
            draft.shown()
            .select(pl.col(LINE).alias("line"), *fields, problem)
            .head(rows)
        )
        return found.collect(engine="streaming")


def _shown(field: Field, zone: str) -> pl.Expr:
    value = pl.col(field.name)
    if field.personal:
        hidden = pl.when(value.is_not_null()).then(pl.lit("(masked)"))
        return hidden.alias(field.name)
    return value.dt.convert_time_zone(zone) if field.type == "moment" else value
