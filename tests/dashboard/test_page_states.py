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


def test_who_read_how_a_task_failed_puts_it_away(open_page: Open, own_home: Path):
    """Until another goes wrong; who has not read it is told all the same."""
    folder = _task(own_home, status=2, finished=NOW.isoformat())
    (folder / "log.txt").write_text("Error: the disk is full.\n", "utf-8")
    test = open_page(own_home, "overview")
    assert len(test.error) == 1
    test.button(key="job_seen").click().run()
    assert not test.exception
    assert not test.error
    assert len(open_page(own_home, "overview").error) == 1
    later = folder.rename(own_home / "jobs" / "20261121T090000-abc")
    state = json.loads((later / "state.json").read_text("utf-8"))
    (later / "state.json").write_text(json.dumps({**state, "id": later.name}), "utf-8")
    test.run()
    assert len(test.error) == 1


STALE = (
    "piekwijzer: Expected a roster of 2027-W02 made for the forecast of the newest "
    "requirement, found one made for another. Make it again: piekwijzer roster --week "
    "2027-W02.\n"
)
INFEASIBLE = (
    "piekwijzer: M1: M1 would have a lawful schedule without: the daily rest.\n"
    "piekwijzer: M1: M1 would have a lawful schedule without: the contract.\n"
)
NO_DATA = (
    "piekwijzer: Expected imported contacts, found none. Import a file first: "
    "piekwijzer import FILE --source NAME.\n"
)
WHY = {
    STALE: ("hoort bij een andere voorspelling",),
    INFEASIBLE: ("zonder: de dagelijkse rust", "zonder: het contract"),
    NO_DATA: ("nog geen contacten ingelezen",),
}


@pytest.mark.parametrize("log", WHY)
def test_why_a_task_failed_is_told_in_the_language_of_the_page(
    open_page: Open, own_home: Path, log: str
):
    """Above every page and in the list of tasks, each reason of several."""
    folder = _task(own_home, state="failed", status=2, finished=NOW.isoformat())
    (folder / "log.txt").write_text(log, "utf-8")
    dutch = open_page(own_home, "data", lang="nl")
    (box,) = [error.value for error in dutch.error]
    listed = "\n".join(text.value for text in dutch.text)
    for reason in WHY[log]:
        assert reason in box
        assert reason in listed
    assert "piekwijzer:" not in box
    english = open_page(own_home, "data", lang="en")
    (box,) = [error.value for error in english.error]
    assert log.splitlines()[0].removeprefix("piekwijzer: ") in box


def test_how_far_a_task_is_is_told_with_what_it_does(open_page: Open, running: Path):
    (running / "jobs" / TASK / "progress.tsv").write_text(
        "2\t5\tForecasting\n", "utf-8"
    )
    for language, told in (("nl", "Voorspellen: 40%"), ("en", "Forecasting: 40%")):
        test = open_page(running, "overview", lang=language)
        assert any(told in str(node.proto) for node in test.get("progress"))


def test_what_a_finished_task_answered_is_told_and_nothing_of_it_lost(
    open_page: Open, own_home: Path
):
    folder = _task(own_home, state="done", status=0, finished=NOW.isoformat())
    log = "a.csv: 1,400 rows imported as telephony.\nA line of a later version.\n"
    (folder / "log.txt").write_text(log, "utf-8")
    test = open_page(own_home, "data", lang="nl")
    texts = [text.value for text in test.text]
    assert "a.csv: 1.400 rijen ingelezen als telephony." in texts
    assert "A line of a later version." in [code.value for code in test.code]
    assert WORDS("job.in_english") in [caption.value for caption in test.caption]


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


def test_a_task_that_the_system_ended_says_so_and_what_to_do(
    open_page: Open, own_home: Path
):
    """As when memory is full: the command has no last word then."""
    folder = _task(own_home, state="failed", status=-9, finished=NOW.isoformat())
    (folder / "log.txt").write_text("", "utf-8")
    test = open_page(own_home, "data")
    (box,) = [error.value for error in test.error]
    assert WORDS("job.killed") in box
    assert WORDS("job.killed") in [text.value for text in test.text]
