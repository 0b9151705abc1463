"""An import that is killed at any moment has either not begun or is done."""

import shutil
import signal
import time
from datetime import UTC, datetime
from multiprocessing.context import ForkServerContext
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from forecasting.ingest import import_file
from forecasting.settings import Settings
from forecasting.workspace import Workspace

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
HEALED = 3
"""One in so many homes is imported into again after the kill."""
ROWS = 6_000
Seen = tuple[int, pl.DataFrame, pl.DataFrame]


def write_calls(file: Path, first: int, rows: int, extra: int) -> None:
    """Quarter-hours of calls from a place in the series on; `extra` marks a correction."""
    quarter = pl.int_range(first, first + rows, eager=True)
    start = pl.Series([datetime(2024, 1, 1)]).dt.offset_by("0m")[0]  # noqa: DTZ001
    frame = pl.DataFrame({"quarter": quarter}).select(
        (pl.lit(start) + pl.duration(minutes=15 * pl.col("quarter")))
        .dt.strftime("%d-%m-%Y %H:%M")
        .alias("Interval start"),
        pl.lit("Rijbewijs").alias("Wachtrij"),
        (pl.col("quarter") % 7 + extra).alias("Aangeboden"),
        pl.lit(0).alias("Afgehaakt"),
        pl.lit(0).alias("Beantwoord binnen 25 s"),
        pl.lit(200).alias("Gem. gesprekstijd (s)"),
        pl.lit(30).alias("Gem. nawerktijd (s)"),
    )
    frame.write_csv(file, separator=";")


def import_into(home: str, file: str) -> None:
    import_file(
        Workspace.open(Settings(home=Path(home))), Path(file), "telephony", now=NOW
    )


def seen(home: Path) -> Seen:
    """What a reader finds, checked for being whole."""
    workspace = Workspace.open(Settings(home=home))
    rows = workspace.imported("contacts").sort("row_id").collect()
    slots = workspace.imported("slots").sort("start").collect()
    assert rows["row_id"].is_unique().all()
    assert rows["count"].sum() == slots["count"].sum()
    imports, proof = workspace.ledger.imports(), workspace.ledger.prove()
    assert proof.broken is None
    assert proof.entries == len(imports)
    return len(imports), rows, slots


def same(one: Seen, other: Seen) -> bool:
    return one[0] == other[0] and one[1].equals(other[1]) and one[2].equals(other[2])


def run(context: ForkServerContext, home: Path, file: Path, kill_after: float | None):
    """Import in a process of its own; gives its exit code and how long it took."""
    process = context.Process(target=import_into, args=(str(home), str(file)))
    process.start()
    started = time.perf_counter()
    if kill_after is not None:
        process.join(kill_after)
        process.kill()
    process.join()
    return process.exitcode, time.perf_counter() - started


@pytest.mark.parametrize("kills", [9, pytest.param(54, marks=pytest.mark.soak)])
def test_a_killed_import_leaves_all_as_before_or_after(
    tmp_path: Path, forkserver, kills: int
):
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    write_calls(old, 0, ROWS, extra=0)
    write_calls(new, ROWS // 2, ROWS, extra=5)
    base, home = tmp_path / "base", tmp_path / "home"
    import_into(str(base), str(old))
    before = seen(base)
    shutil.copytree(base, home)
    code, seconds = run(forkserver, home, new, None)
    assert code == 0
    after = seen(home)
    assert not same(before, after)
    chance = np.random.default_rng(0)
    stopped = 0
    for _ in range(4 * kills):
        shutil.rmtree(home)
        shutil.copytree(base, home)
        code, took = run(forkserver, home, new, chance.uniform(0, seconds))
        found = seen(home)
        assert same(found, before) or same(found, after)
        if code == 0:
            seconds = took  # the machine is faster now than it was
            continue
        assert code == -signal.SIGKILL
        stopped += 1
        if stopped % HEALED == 0:
            import_into(str(home), str(new))
            assert same(seen(home), after)
        if stopped == kills:
            return
    pytest.fail(f"only {stopped} imports were stopped before they were done")
