"""Hundreds of malformed files: each comes in whole, or is refused in one line and whole."""

import random
import sys
from pathlib import Path

import pytest

from dashboard.cli import main
from forecasting.errors import InputError, PolicyError
from forecasting.ingest import import_file
from forecasting.workspace import Workspace
from tests.forecasting.malformed import SEEDS, Malformed, malformed
from tests.forecasting.test_bad_input import NOW
from tests.test_cli import piekwijzer

SEED = 2026
FILES = list(malformed(SEED))


def stored(workspace: Workspace) -> tuple[set[str], set[Path]]:
    """The imports that count, and the files of the lake."""
    files = {file for file in workspace.lake.root.rglob("*") if file.is_file()}
    tables = {file for file in files if file.name != ".lock"}
    return {record.id for record in workspace.ledger.imports()}, tables


def brought(workspace: Workspace, file: Path, source: str) -> str:
    """What became of a file; the store is whole afterwards."""
    before = stored(workspace)
    try:
        result = import_file(workspace, file, source, now=NOW, max_rejects=0.5)
    except (InputError, PolicyError) as refusal:
        line = str(refusal)
        assert "\n" not in line
        assert file.name in line
        assert stored(workspace) == before
        return line
    assert result.rows_imported + result.rows_rejected == result.rows_read
    assert result.rows_read > 0
    imports, tables = stored(workspace)
    assert imports == before[0] | {result.id}
    counting = {workspace.lake.part_path(part) for part in workspace.ledger.parts()}
    assert counting <= tables
    return ""


def test_there_are_at_least_three_hundred_different_files():
    assert len({file.content for file in FILES}) == len(FILES) >= 300
    assert {file.suffix for file in FILES} == {".csv", ".xlsx", ".parquet", ".jsonl"}
    assert [file.content for file in malformed(SEED)] == [f.content for f in FILES]


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_the_good_files_are_good(workspace, tmp_path, seed):
    result = import_file(workspace, seed.write(tmp_path), seed.source, now=NOW)
    assert (result.rows_imported, result.rows_rejected) == (40, 0)


@pytest.mark.parametrize("part", range(10))
def test_a_malformed_file_comes_in_whole_or_not_at_all(workspace, tmp_path, part):
    refused = 0
    for bad in FILES[part::10]:
        file = tmp_path / f"{bad.name}{bad.suffix}"
        file.write_bytes(bad.content)
        refused += bool(brought(workspace, file, bad.source))
    assert refused > 0


def test_on_the_command_line_a_malformed_file_gives_one_line_and_status_2(
    tmp_path, capfd, monkeypatch
):
    home, chosen = tmp_path / "home", _refused_for_certain()
    assert len(chosen) == 12
    for bad in chosen:
        file = tmp_path / f"{bad.name}{bad.suffix}"
        file.write_bytes(bad.content)
        words = ["import", str(file), "--source", bad.source, "--home", str(home)]
        monkeypatch.setattr(sys, "argv", ["piekwijzer", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 2, bad.name
        out, err = capfd.readouterr()
        assert out == "", bad.name
        assert len(err.splitlines()) == 1, (bad.name, err)
        assert "Traceback" not in err
    assert not list(home.rglob("*.parquet"))


def test_a_process_of_its_own_ends_with_status_2_too(tmp_path):
    bad = _refused_for_certain()[0]
    file = tmp_path / f"{bad.name}{bad.suffix}"
    file.write_bytes(bad.content)
    words = ("import", str(file), "--source", bad.source)
    done = piekwijzer(*words, home=tmp_path / "home")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


def _refused_for_certain() -> list[Malformed]:
    """Noise and files without their start cannot be read in any format."""
    rng = random.Random(SEED)  # noqa: S311  # no secret
    noise = [file for file in FILES if "-noise-" in file.name]
    headless = [
        file
        for file in FILES
        if "-no_start-" in file.name and file.suffix in (".xlsx", ".parquet")
    ]
    return rng.sample(noise, 8) + rng.sample(headless, 4)
