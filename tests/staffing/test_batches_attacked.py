"""Whoever hands a batch out badly, late or twice at once changes nothing and loses nothing."""

import json
import os
import resource
import shutil
import signal
from datetime import timedelta
from multiprocessing.context import ForkServerContext
from pathlib import Path
from threading import Barrier, Thread

import pytest

from forecasting.errors import InputError, MissingStepError
from forecasting.workspace import Workspace
from staffing.pipeline import exporting_batch
from staffing.pipeline.exporting_batch import export_batch
from staffing.pipeline.withdrawing import withdraw_batch
from staffing.publish import batch_files
from staffing.publish.folders import LONGEST_WRITE_S
from staffing.reminders.batches.named import references_of
from staffing.reminders.batches.stored import batches, counts_of
from tests.staffing.batch_cases import NOW, WEEK, approved, documents, write
from tests.staffing.exporting_elsewhere import export_and_be_killed
from tests.staffing.test_approving import named

CLOSED = Path("/proc/self/fdinfo")
"""A folder in which nobody makes a file, whoever asks."""


def export(home: Workspace, folder: Path, **how):
    return export_batch(home, **{"week": WEEK, "now": NOW, "out": folder, **how})


def test_a_folder_that_takes_no_files_is_found_out_before_anything_is_settled(new_home):
    home = new_home("home")
    approved(home)
    with pytest.raises(InputError, match="may write in") as refused:
        export(home, CLOSED)
    assert "\n" not in str(refused.value)
    assert batches(home)[0].content is None


def test_an_export_that_breaks_off_leaves_the_earlier_files_whole(
    new_home, tmp_path, monkeypatch
):
    """Not one of the three has changed, and no draft is left."""
    home = new_home("home")
    approved(home)
    first = export(home, tmp_path / "out").files
    before = {file: file.read_bytes() for file in first}
    first[0].write_text("edited by hand")
    before[first[0]] = first[0].read_bytes()

    def full(*_: object) -> dict[str, object]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(batch_files, "manifest_of", full)
    with pytest.raises(OSError, match="No space left"):
        export(home, tmp_path / "out")
    assert {file: file.read_bytes() for file in before} == before
    assert set((tmp_path / "out").iterdir()) == set(before)


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_a_disk_that_is_full_is_an_error_of_the_disk_and_leaves_nothing(
    new_home, tmp_path, monkeypatch, form
):
    """The system itself refuses; once there is room the batch is written as it was settled."""
    home = new_home("home")
    approved(home)
    whole = batch_files.write_handout

    def on_a_full_disk(*given):
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, hard))
        try:
            return whole(*given)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    monkeypatch.setattr(exporting_batch, "write_handout", on_a_full_disk)
    with pytest.raises(OSError, match="File too large"):
        export(home, tmp_path / "out", format=form)
    assert list((tmp_path / "out").iterdir()) == []
    monkeypatch.undo()
    assert len(export(home, tmp_path / "out", format=form).files) == 3


def test_an_export_that_was_killed_is_written_again_and_its_draft_goes(
    new_home, tmp_path, forkserver: ForkServerContext
):
    """The draw stands, no file is half; a draft of an hour ago is nobody's any more."""
    home = new_home("home")
    approved(home)
    table = write(tmp_path / "r.csv", documents(5))
    child = forkserver.Process(
        target=export_and_be_killed, args=(home.settings, WEEK, NOW, table)
    )
    child.start()
    child.join(120)
    assert child.exitcode == -signal.SIGKILL
    folder = home.settings.exports
    (*drafts,) = folder.iterdir()
    assert drafts
    assert all(file.name.startswith(".") for file in drafts)
    with home.ledger.reading() as session:
        drawn = set(references_of(session, "2027-W05")["reference"])
    assert drawn
    long_ago = drafts[0].stat().st_mtime - 2 * LONGEST_WRITE_S
    os.utime(drafts[0], (long_ago, long_ago))
    files = export(home, folder).files
    assert set(folder.iterdir()) == {*files, *drafts[1:]}
    assert drawn >= {line.rsplit(";", 1)[1] for line in _lines(files[0])}
    assert home.ledger.prove().broken is None


def _lines(file: Path) -> list[str]:
    return file.read_text("utf-8-sig").splitlines()[1:]


def test_files_that_somebody_edited_are_written_again_as_they_were(new_home, tmp_path):
    home = new_home("home")
    approved(home)
    first = export(home, tmp_path).files
    before = [file.read_bytes() for file in first]
    told = json.loads(first[-1].read_text("utf-8"))
    first[-1].write_text(json.dumps(told | {"approved": {"by": "Eve"}}))
    first[0].write_bytes(b"")
    assert [file.read_bytes() for file in export(home, tmp_path).files] == before


def test_another_seed_after_approval_changes_no_draw(new_home, tmp_path):
    """A batch goes by the seed it was approved with, which its manifest tells."""
    home = new_home("home")
    approved(home)
    config = tmp_path / "config"
    shutil.copytree(home.settings.config, config)
    file = config / "reminders.toml"
    file.write_text(file.read_text().replace("seed = 20270104", "seed = 5"))
    other = named(home, "planner", config=config)
    table = write(tmp_path / "r.csv", documents(5))
    done = export(other, tmp_path / "a", references=table)
    again = export(home, tmp_path / "b")
    assert [f.read_bytes() for f in again.files] == [f.read_bytes() for f in done.files]
    assert json.loads(done.files[-1].read_text())["hold_out"]["seed"] == 20270104


def test_a_batch_whose_week_is_past_is_handed_out_only_as_it_was(new_home, tmp_path):
    home = new_home("home")
    approved(home)
    late = NOW + timedelta(weeks=12)
    with pytest.raises(InputError, match="expected a mailing week from"):
        export(home, tmp_path, now=late)
    assert batches(home)[0].content is None
    before = [file.read_bytes() for file in export(home, tmp_path).files]
    assert [f.read_bytes() for f in export(home, tmp_path, now=late).files] == before


@pytest.mark.parametrize("attempt", range(3))
def test_of_an_export_and_a_withdrawal_at_one_moment_no_half_is_left(
    any_workspace, tmp_path, attempt
):
    """Withdrawn is withdrawn: no file is left in the home, no reference, every count."""
    home = any_workspace
    approved(home)
    with home.ledger.reading() as session:
        before = counts_of(session, "2027-W05")["count"].sum()
    table = write(tmp_path / "r.csv", documents(5))
    start, told = Barrier(2), []

    def hand_out() -> None:
        start.wait(30)
        try:
            export(home, home.settings.exports, references=table)
        except (InputError, MissingStepError) as error:
            told.append(str(error))

    def take_back() -> None:
        start.wait(30)
        how = {"by": "Bea", "reason": "wrong stock", "not_sent": True}
        withdraw_batch(home, week=WEEK, now=NOW, **how)  # type: ignore[arg-type]

    threads = [Thread(target=hand_out), Thread(target=take_back)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert batches(home)[0].withdrawn
    assert all("\n" not in line for line in told)
    exports = home.settings.exports
    assert list(exports.iterdir() if exports.exists() else ()) == []
    with home.ledger.reading() as session:
        assert references_of(session, "2027-W05").is_empty()
        assert 0 < counts_of(session, "2027-W05")["count"].sum() <= before
    assert home.ledger.prove().broken is None
    assert attempt < 3
