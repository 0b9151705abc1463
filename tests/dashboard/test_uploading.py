"""Sending a file and starting a task: pressed twice, and on a disk that takes nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from streamlit.testing.v1 import AppTest

from dashboard import jobs
from dashboard.labels.words import Words
from forecasting.errors import StoreError
from forecasting.settings import Settings
from tests.dashboard.chromium import PATIENCE_MS, settle
from tests.dashboard.conftest import Open
from tests.dashboard.made_up_demand import NOW
from tests.dashboard.served import open_dashboard

SAY = Words("nl")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    home = tmp_path_factory.mktemp("uploading")
    with open_dashboard(Settings(home=home)) as address:
        yield address, home


def test_who_presses_twice_sends_a_file_once(
    served: tuple[str, Path], browser: Browser, tmp_path: Path
):
    """The second press does not take the file from under the first."""
    address, home = served
    page = browser.new_page()
    page.goto(f"{address}/data?lang=nl")
    settle(page, SAY("pages.data"))
    file = tmp_path / "a.csv"
    file.write_text("a;b\n1;2\n", "utf-8")
    chosen = page.get_by_test_id("stFileUploader").get_by_text("a.csv")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    expect(chosen).to_have_count(1, timeout=PATIENCE_MS)
    page.get_by_role("button", name=SAY("data.import"), exact=True).dblclick()
    expect(chosen).to_have_count(0, timeout=PATIENCE_MS)
    settle(page, SAY("pages.data"))
    expect(page.get_by_text(SAY("data.no_file"))).to_have_count(0)
    page.close()
    assert [job.command[0] for job in jobs.listed(home)] == ["import"]


def _closed(home: Path, name: str) -> Path:
    """A home in which nobody can make that folder, root neither."""
    home.mkdir(exist_ok=True)
    (home / name).write_text("in the way", "utf-8")
    return home


def _errors(test: AppTest) -> str:
    assert not test.exception
    return "\n".join(error.value for error in test.error)


def test_a_file_that_the_disk_does_not_take_is_told_in_one_line(
    open_page: Open, empty_home: Path
):
    test = open_page(_closed(empty_home, "uploads"), "data")
    test.file_uploader[0].upload("a.csv", b"a;b\n1;2\n", "text/csv")
    button = next(one for one in test.button if one.label == SAY("data.import"))
    told = _errors(button.click().run())
    assert "niet te bewaren" in told
    assert "Maak ruimte" in told
    assert jobs.listed(empty_home) == []


def test_a_task_that_the_disk_does_not_take_is_told_in_one_line(
    open_page: Open, empty_home: Path
):
    test = open_page(_closed(empty_home, "jobs"), "demand")
    told = _errors(test.button(key="forecast").click().run())
    assert "niet te bewaren" in told


def test_nothing_of_a_file_stays_on_a_disk_that_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(file: Path, content: bytes) -> int:
        file.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StoreError, match="No space left"):
        jobs.keep_upload(tmp_path, "a.csv", b"1;2")
    assert list((tmp_path / "uploads").iterdir()) == []


def test_a_task_that_does_not_start_leaves_no_upload(tmp_path: Path):
    upload = jobs.keep_upload(tmp_path, "a.csv", b"1;2")
    home = _closed(tmp_path, "jobs")
    with pytest.raises(StoreError):
        jobs.start(Settings(home=home), ("import",), now=NOW, upload=upload)
    assert list((tmp_path / "uploads").iterdir()) == []


def _app() -> None:
    """A page of one part, with what is wrong in it."""
    from types import SimpleNamespace

    from dashboard.labels.words import Words
    from dashboard.pages.parts import part
    from forecasting.errors import StoreError

    @part()
    def draw(view):
        raise StoreError("Expected a page, found none.")

    draw(SimpleNamespace(may=lambda action: True, words=Words("en")))  # type: ignore[arg-type]


def test_a_part_that_runs_by_itself_tells_what_is_wrong_as_its_page_does():
    told = _errors(AppTest.from_function(_app).run())
    assert told == "Expected a page, found none."
