"""What is timed, each in a process of its own: the import, and the same work by peers.

Run as `python -m tests.benches.ingest.work NAME FILE FOLDER`; prints seconds, GiB, rows.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
Work = Callable[[Path, Path], int]


def piekwijzer(file: Path, folder: Path) -> int:
    """The import as a planner gets it, into an empty home."""
    from forecasting.ingest import import_file
    from forecasting.settings import Settings
    from forecasting.workspace import Workspace

    source = "jcc" if file.suffix == ".parquet" else "telephony"
    workspace = Workspace.open(Settings(home=folder))
    return import_file(workspace, file, source, now=NOW).rows_imported


def bare_polars(file: Path, folder: Path) -> int:
    """Scan, unique on row identity, Parquet per month, counts per slot; no checks."""
    rows = pl.scan_parquet(file).unique("publicId", keep="any")
    month = pl.col("startDateTime").dt.month_start().dt.date().alias("month")
    rows.with_columns(month).sink_parquet(
        pl.PartitionBy(folder, key="month"), compression="zstd", mkdir=True
    )
    return _slots(pl.scan_parquet(folder / "**/*.parquet"))


def scan_and_group(file: Path, folder: Path) -> int:
    """Nothing but a scan and the counts per slot."""
    return _slots(pl.scan_parquet(file))


def _slots(rows: pl.LazyFrame) -> int:
    start = pl.col("startDateTime").dt.truncate("15m")
    slots = rows.group_by(start, "location", "acitivityList").agg(pl.len())
    counted = slots.collect(engine="streaming")
    return int(counted["len"].sum())


def pandas_sample(file: Path, folder: Path) -> int:
    """The same import in pandas: checks with reasons, identity, months, counts."""
    from tests.benches.ingest.in_pandas import import_bookings

    return import_bookings(file, folder)


def bare_csv(file: Path, folder: Path) -> int:
    """A bare Polars read of the same CSV, typed as Polars types it."""
    return pl.read_csv(
        file, separator=";", encoding="windows-1252", decimal_comma=True
    ).height


WORKS: dict[str, Work] = {
    work.__name__: work
    for work in (piekwijzer, bare_polars, scan_and_group, pandas_sample, bare_csv)
}


def main(name: str, file: str, folder: str) -> None:
    """Do one work and say what it took; modules are loaded before the clock starts."""
    import forecasting.ingest.importing  # noqa: F401  (loaded before the clock starts)

    if name == "pandas_sample":
        import tests.benches.ingest.in_pandas  # noqa: F401  (likewise)
    started = time.perf_counter()
    rows = WORKS[name](Path(file), Path(folder))
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    found = {"seconds": seconds, "peak_gib": peak, "rows": rows}
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
