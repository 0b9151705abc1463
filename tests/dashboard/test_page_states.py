"""Every page while a task runs, after one failed, and of a store that is damaged."""

import fcntl
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import dashboard.app.script
from dashboard.labels.words import Words
from forecasting.settings import Settings
from tests.dashboard.conftest import Open
from tests.dashboard.made_up_demand import NOW

PAGES = tuple(dashboard.app.script.PAGES)
WORDS = Words("nl")
TASK = "20261121T080000-abc"
STATE = {"id": TASK, "command": ["forecast"], "by": "anna"}
WITHOUT_LAKE = {"data"}
"""Pages that show what the database holds, whatever the lake lost."""


def _task(home: Path, **more: object) -> Path:
    folder = home / "jobs" / TASK
    folder.mkdir(parents=True)
    state = {**STATE, "started": NOW.isoformat(), **more}
    (folder / "state.json").write_text(json.dumps(state), "utf-8")
    return folder


@pytest.fixture
def own_home(full_home: Path, tmp_path: Path) -> Path:
    return shutil.copytree(full_home, tmp_path / "home")


@pytest.fixture
def running(own_home: Path) -> Iterator[Path]:
    """A home in which somebody's forecast is being made."""
    with (_task(own_home) / "lock").open("w") as runner:
        fcntl.flock(runner, fcntl.LOCK_EX)
        yield own_home


@pytest.mark.parametrize("page", PAGES)
def test_every_page_shows_whose_task_runs_and_a_way_to_stop_it(
    open_page: Open, running: Path, page: str
):
    """Whoever looks, on whichever page; the figures of before still stand there."""
    test = open_page(running, page)
    assert not test.exception
    assert not test.error
    told = "\n".join(node.value for node in [*test.markdown, *test.text])
    assert WORDS("job.running", task=WORDS("task.forecast")) in told
    assert "anna" in told
    assert WORDS("job.cancel") in [button.label for button in test.button]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_in_words_how_the_last_task_failed(
    open_page: Open, own_home: Path, page: str
):
    folder = _task(own_home, status=2, finished=NOW.isoformat())
    (folder / "log.txt").write_text("Error: the disk is full.\n", "utf-8")
    test = open_page(own_home, page)
    assert not test.exception
    (told,) = [error.value for error in test.error]
    assert "the disk is full" in told
    assert WORDS("task.forecast") in told


@pytest.mark.parametrize("damage", ["gone", "cut short"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_whose_tables_are_damaged_says_so_in_one_line(
    open_page: Open, own_home: Path, page: str, damage: str
):
    """No trace of the program, no figure of what cannot be read, and what to do."""
    for file in (own_home / "lake").rglob("*.parquet"):
        if damage == "gone":
            file.unlink()
        else:
            file.write_bytes(file.read_bytes()[:40])
    test = open_page(own_home, page)
    assert not test.exception
    if page not in WITHOUT_LAKE:
        assert len(test.error) == 1
        assert "\n" not in test.error[0].value


@pytest.mark.parametrize("page", PAGES)
def test_a_page_under_settings_that_cannot_be_read_names_the_file(
    open_page: Open,
    own_home: Path,
    page: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    config = shutil.copytree(Settings().config, tmp_path / "config")
    for file in config.glob("*.toml"):
        file.write_text("= none\n", "utf-8")
    monkeypatch.setenv("PIEKWIJZER_CONFIG", str(config))
    test = open_page(own_home, page)
    assert not test.exception
    assert ".toml" in test.error[0].value
