"""Measured effects as rows of `insight_tables.Effects`."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import polars as pl

from forecasting.insight_tables import Effects


class Row(NamedTuple):
    """One effect, in the columns of the table."""

    kind: str
    subject: str
    detail: str
    ratio: float
    low: float
    high: float
    first: date
    last: date
    evidence: int


def table_of(rows: Iterable[Row]) -> pl.DataFrame:
    """The checked table, in order of its key."""
    found = list(rows)
    if not found:
        return Effects.create_empty()
    frame = pl.DataFrame(found, schema=list(Row._fields), orient="row")
    table = frame.sort("kind", "subject", "detail")
    return Effects.validate(table, cast=True)
