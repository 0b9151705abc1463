"""Read texts in the first way that works: a next way is tried only on what is left.

Exports write nearly all values of a column in one way, and a way that fails is slow.
"""

from collections.abc import Callable, Sequence

import polars as pl

Way = Callable[[pl.Expr], pl.Expr]
"""What a text means, or null where it cannot be read so."""


def first_that_reads(
    written: pl.Expr, ways: Sequence[Way], dtype: pl.DataType
) -> pl.Expr:
    """The value of each text in the first of the ways that can read it, else null."""

    def read(texts: pl.Series) -> pl.Series:
        found = _in_one_way(texts, ways[0])
        for way in ways[1:]:
            left = (found.is_null() & texts.is_not_null()).arg_true()
            if left.is_empty():
                break
            found = found.scatter(left, _in_one_way(texts.gather(left), way))
        return found

    return written.map_batches(read, return_dtype=dtype, is_elementwise=True)


def _in_one_way(texts: pl.Series, way: Way) -> pl.Series:
    name = texts.name
    return texts.to_frame().select(way(pl.col(name)).alias(name)).to_series()
