"""Times the import and its peers on the same generated files, in turns.

`make bench NAME=ingest` needs some 12 GB of disk and a quarter of an hour; a size in
millions of rows may be given for a quick look: `python -m tests.benches.ingest 2 10`.
"""

import json
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benches.ingest.files import write_bookings, write_intervals

MILLION = 1_000_000
TURNS = 3


def timed(name: str, file: Path) -> dict[str, float]:
    """One work in a new process and an empty folder."""
    folder = Path(tempfile.mkdtemp(dir=file.parent))
    command = [sys.executable, "-m", "tests.benches.ingest.work", name]
    try:
        done = subprocess.run(
            [*command, str(file), str(folder / "home")],
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        shutil.rmtree(folder)
    if done.returncode:
        raise SystemExit(f"{name} failed: {done.stderr}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def in_turns(names: tuple[str, ...], file: Path) -> dict[str, dict[str, float]]:
    """Several works on one file, taking turns; the median of each."""
    turns = [{name: timed(name, file) for name in names} for _ in range(TURNS)]
    return {
        name: {
            key: round(statistics.median(turn[name][key] for turn in turns), 2)
            for key in ("seconds", "peak_gib", "rows")
        }
        for name in names
    }


def main(millions: int = 20, many: int = 100) -> None:
    """Make the files, time everything, print one JSON line."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file, sample = folder / "bookings.parquet", folder / "sample.parquet"
        write_bookings(file, millions * MILLION, seed=0)
        write_bookings(sample, min(2, millions) * MILLION, seed=1)
        csv = folder / "intervals.csv"
        write_intervals(csv, min(2, millions) * MILLION, seed=2)
        big = in_turns(("piekwijzer", "bare_polars", "scan_and_group"), file)
        small = in_turns(("piekwijzer", "pandas_sample", "bare_polars"), sample)
        text = in_turns(("piekwijzer", "bare_csv"), csv)
        file.unlink()
        write_bookings(file, many * MILLION, seed=3)
        largest = timed("piekwijzer", file)
    sys.stdout.write(json.dumps(_summary(big, small, text, largest)) + "\n")


def _summary(
    big: dict[str, dict[str, float]],
    small: dict[str, dict[str, float]],
    text: dict[str, dict[str, float]],
    largest: dict[str, float],
) -> dict[str, object]:
    ours, per_row = big["piekwijzer"], big["piekwijzer"]["seconds"]
    per_row /= big["piekwijzer"]["rows"]
    return {
        "bench": "ingest",
        "parquet": big,
        "ratio_to_bare_polars": _ratio(ours, big["bare_polars"]),
        "ratio_to_scan_and_group": _ratio(ours, big["scan_and_group"]),
        "pandas_on_a_sample": small,
        "times_faster_than_pandas": _ratio(small["pandas_sample"], small["piekwijzer"]),
        "bare_polars_times_faster_than_pandas": _ratio(
            small["pandas_sample"], small["bare_polars"]
        ),
        "csv_windows_1252": text,
        "ratio_to_bare_csv": _ratio(text["piekwijzer"], text["bare_csv"]),
        "largest": {key: round(value, 2) for key, value in largest.items()},
        "largest_seconds_per_row_against_smaller": round(
            largest["seconds"] / largest["rows"] / per_row, 2
        ),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
    }


def _ratio(one: dict[str, float], other: dict[str, float]) -> float:
    return round(one["seconds"] / other["seconds"], 2)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
