"""Read Parquet lazily, after a look whether it is whole."""

from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from forecasting.errors import InputError
from forecasting.ingest.mapping import SourceMapping
from forecasting.ingest.readers.lines import LINE
from forecasting.ingest.readers.nesting import flattened

DECODED_WHOLE = 32 << 20
"""Up to this many bytes a file is decoded whole before it is read."""


def read_parquet(file: Path, _: SourceMapping) -> pl.LazyFrame:
    """The rows of a Parquet file, unread as yet; the first row is line 2, as in CSV.

    Raises:
        InputError: the file is no Parquet, or damaged.
    """
    _check_whole(file)
    try:
        rows = flattened(file, pl.scan_parquet(file))
        schema = rows.collect_schema()
    except PolarsError:
        raise _damaged(file) from None
    plainer = [
        pl.col(name).cast(pl.String, strict=False)
        for name, dtype in schema.items()
        if isinstance(dtype, pl.Binary | pl.Categorical | pl.Enum | pl.Null)
    ]
    numbered = rows.with_columns(plainer).with_row_index(LINE, offset=2)
    return numbered.cast({LINE: pl.Int64})


def _check_whole(file: Path) -> None:
    """Have a second reader look first: a damaged page may end the process of the other.

    Of a large file only the footer is looked at.
    """
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(file) as parquet:
            if file.stat().st_size <= DECODED_WHOLE:
                for _ in parquet.iter_batches():
                    pass
    except pa.ArrowNotImplementedError:  # a type that only the other reader knows
        return
    except (pa.ArrowException, OSError, ValueError):
        raise _damaged(file) from None


def _damaged(file: Path) -> InputError:
    return InputError(
        "expected a Parquet file, came something else or a damaged one", file=file
    )
