"""Processes that import overlapping files of one source at once: as if one by one."""

from multiprocessing.synchronize import Barrier
from pathlib import Path

import polars as pl

from forecasting.ingest import import_file
from forecasting.runs import Ledger
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from tests.forecasting.sources_of_tests import NOW, bring, contacts, home

PROCESSES, FILES = 3, 5
HEAD = "id;at;minutes\n"


def import_all(folder: str, files: list[str], together: Barrier) -> None:
    workspace = Workspace.open(
        Settings(home=Path(folder) / "home", config=Path(folder) / "config")
    )
    together.wait(30)
    for file in files:
        import_file(workspace, Path(file), "test", now=NOW)


def rows_of(place: int) -> range:
    """The rows of a file: half of them stand in the next one too."""
    return range(20 * place, 20 * place + 40)


def test_files_that_overlap_give_each_row_once_as_the_last_file_says(
    tmp_path, forkserver
):
    workspace = home(tmp_path)
    files = [tmp_path / f"{place}.csv" for place in range(FILES)]
    for place, file in enumerate(files):
        lines = [
            f"x{n};{n % 28 + 1:02d}-0{n % 2 + 1}-2026 09:15;{place + 1}\n"
            for n in rows_of(place)
        ]
        file.write_text(HEAD + "".join(lines))
    names = [str(file) for file in files]
    together = forkserver.Barrier(PROCESSES)
    orders = [names[turn:] + names[:turn] for turn in range(PROCESSES)]
    running = [
        forkserver.Process(target=import_all, args=(str(tmp_path), order, together))
        for order in orders
    ]
    for process in running:
        process.start()
    for process in running:
        process.join(60)
    assert [process.exitcode for process in running] == [0] * PROCESSES
    arrival = {r.file: r.arrival for r in workspace.ledger.imports()}
    assert sorted(arrival.values()) == list(range(1, FILES + 1))
    order = sorted(range(FILES), key=lambda place: arrival[f"{place}.csv"])
    expected = {n: place + 1 for place in order for n in rows_of(place)}
    rows = contacts(workspace)
    assert rows["row_id"].is_unique().all()
    assert sorted(rows["handling_s"] / 60) == sorted(map(float, expected.values()))
    slots = (
        workspace.imported("slots").select(pl.col("count", "work_s").sum()).collect()
    )
    assert slots.row(0) == (len(expected), 60 * sum(expected.values()))
    proof = workspace.ledger.prove()
    assert (proof.broken, proof.entries) == (None, FILES)
    named = {workspace.lake.part_path(part) for part in workspace.ledger.parts()}
    assert named <= set(workspace.lake.root.rglob("*.parquet"))
    assert not list((workspace.lake.root / ".drafts").iterdir())


def test_an_import_that_is_overtaken_is_worked_out_anew(tmp_path, monkeypatch):
    """Another import is committed after this one looked at what counts."""
    workspace = home(tmp_path)
    bring(workspace, tmp_path / "a.csv", f"{HEAD}x1;05-01-2026 09:15;1\n")
    look = Ledger.stock
    seen: list[str] = []

    def look_and_be_overtaken(self: Ledger, source: str):
        found = look(self, source)
        if not seen:
            seen.append(source)
            bring(workspace, tmp_path / "b.csv", f"{HEAD}x1;05-01-2026 09:15;2\n")
        return found

    monkeypatch.setattr(Ledger, "stock", look_and_be_overtaken)
    bring(workspace, tmp_path / "c.csv", f"{HEAD}x1;05-01-2026 09:15;3\n")
    assert seen
    assert contacts(workspace)["handling_s"].to_list() == [180.0]
    arrivals = {r.file: r.arrival for r in workspace.ledger.imports()}
    assert arrivals == {"a.csv": 1, "b.csv": 2, "c.csv": 3}


def test_a_draft_that_another_clears_away_meanwhile_does_not_hinder(tmp_path):
    """A name without a file is what is left to see of it."""
    workspace = home(tmp_path)
    bring(workspace, tmp_path / "a.csv", f"{HEAD}x1;05-01-2026 09:15;1\n")
    (workspace.lake.root / ".drafts" / "part.parquet").symlink_to(tmp_path / "gone")
    bring(workspace, tmp_path / "b.csv", f"{HEAD}x2;05-01-2026 09:15;1\n")
    assert contacts(workspace).height == 2
