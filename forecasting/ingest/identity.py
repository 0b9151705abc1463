"""What names a row: the same whenever it comes again, in this file or another.

Identities are 64-bit hashes that do not change with versions or machines: among a hundred
million rows the chance that any two differ and yet share one is under 0.1%.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl
import polars_hash  # noqa: F401  (gives expressions the names under `nchash`)
from numpy.typing import NDArray

from forecasting.ingest.mapping import SourceMapping
from forecasting.targets import Target

ROW_ID = "row_id"
"""Column that holds the identity of a row."""

NAME = "name of the row"
"""Column that holds the texts a row is named by."""

Ids = NDArray[np.uint64]


def naming_columns(
    mapping: SourceMapping, target: Target, columns: Sequence[str]
) -> tuple[str, ...]:
    """The columns of the file that name a row.

    Those the mapping declares; else, of counted rows, what is counted where (the period
    is added later); else every column: two rows alike in all are one.
    """
    if target.key != (ROW_ID,):
        return ()
    if mapping.identity:
        return mapping.identity
    if is_counted(mapping):
        given = [mapping.fields.get(name) for name in ("location", "product")]
        return tuple(name for field in given if field for name in field.names)
    return tuple(columns)


def is_counted(mapping: SourceMapping) -> bool:
    """Whether the rows of a source are counts of a period."""
    return "period_s" in mapping.fields or bool(mapping.constants.get("period_s"))


def named(rows: pl.LazyFrame, mapping: SourceMapping, target: Target) -> pl.LazyFrame:
    """Give every typed row its identity."""
    if target.key != (ROW_ID,):
        return rows.with_columns(key_hash(target).alias(ROW_ID))
    names = [NAME] if NAME in rows.collect_schema() else []  # none: all is constant
    parts = [pl.col(name) for name in names]
    if is_counted(mapping) and not mapping.identity:
        parts += [pl.col("start").to_physical(), pl.col("period_s")]
    return rows.with_columns(_hash(parts).alias(ROW_ID)).drop(names)


def key_hash(target: Target) -> pl.Expr:
    """The identity of a row of a kind that is named by its own columns."""
    if target.key == (ROW_ID,):
        return pl.col(ROW_ID)
    return _hash([pl.col(name) for name in target.key])


def _hash(parts: Sequence[pl.Expr]) -> pl.Expr:
    named: pl.Expr = joined(parts).nchash.wyhash()  # type: ignore[attr-defined]  # by polars_hash
    return named


def joined(parts: Sequence[pl.Expr]) -> pl.Expr:
    """Texts as one, so that no two different rows of texts become alike."""
    texts = [part.cast(pl.String).fill_null("") for part in parts]
    return texts[0] if len(texts) == 1 else pl.concat_str(texts, separator="\x1f")


def repeated(ids: Ids) -> Ids:
    """The identities that come more than once; sorts `ids` in place."""
    ids.sort()
    again = ids[1:][ids[1:] == ids[:-1]]
    return np.unique(again)


def among(ids: Ids, known: Ids) -> NDArray[np.bool_]:
    """Which identities are among `known`, which is sorted."""
    if known.size == 0:
        return np.zeros(ids.size, dtype=np.bool_)
    places = np.searchsorted(known, ids)
    found: NDArray[np.bool_] = known[np.minimum(places, known.size - 1)] == ids
    return found
