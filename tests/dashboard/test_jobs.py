import fcntl
import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard import jobs
from forecasting.errors import InputError
from forecasting.settings import Settings

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def _finished(home: Path, job: jobs.Job) -> jobs.Job:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = next(one for one in jobs.listed(home) if one.id == job.id)
        if found.state != "running":
            return found
        time.sleep(0.1)
    raise TimeoutError(job.id)


def _stored(home: Path, name: str) -> Path:
    folder = home / "jobs" / name
    folder.mkdir(parents=True)
    state = {"id": name, "command": ["forecast"], "started": NOW.isoformat()}
    (folder / "state.json").write_text(json.dumps(state), "utf-8")
    return folder


def test_a_job_runs_to_its_end_and_keeps_what_was_said(tmp_path: Path):
    job = jobs.start(Settings(home=tmp_path), ("status", "--json"), now=NOW)
    ended = _finished(tmp_path, job)
    assert (ended.state, ended.status) == ("done", 0), jobs.log(tmp_path, ended)
    assert "rows_imported" in jobs.log(tmp_path, ended)


def test_a_job_that_fails_tells_its_error_in_words(tmp_path: Path):
    job = jobs.start(Settings(home=tmp_path), ("no-such-command",), now=NOW)
    ended = _finished(tmp_path, job)
    assert (ended.state, ended.status) == ("failed", 2)
    assert "no-such-command" in jobs.last_words(tmp_path, ended)


def test_an_upload_is_gone_after_its_job(tmp_path: Path):
    upload = jobs.keep_upload(tmp_path, "../../etc/secret file.csv", b"bsn\n")
    assert upload.is_relative_to(tmp_path / "uploads")
    assert upload.name == "secret file.csv"
    command = ("no-such-command", str(upload))
    job = jobs.start(Settings(home=tmp_path), command, now=NOW, upload=upload)
    _finished(tmp_path, job)
    assert list((tmp_path / "uploads").iterdir()) == []


def test_a_job_without_a_runner_is_cut_short_and_not_running_for_ever(tmp_path: Path):
    folder = _stored(tmp_path, "20261121T080000-abc")
    with (folder / "lock").open("w") as runner:
        fcntl.flock(runner, fcntl.LOCK_EX)
        assert [job.state for job in jobs.listed(tmp_path)] == ["running"]
    assert [job.state for job in jobs.listed(tmp_path)] == ["lost"]


def test_the_same_command_is_not_started_twice(tmp_path: Path):
    folder = _stored(tmp_path, "20261121T080000-abc")
    with (folder / "lock").open("w") as runner:
        fcntl.flock(runner, fcntl.LOCK_EX)
        with pytest.raises(InputError, match="already running"):
            jobs.start(Settings(home=tmp_path), ("forecast",), now=NOW)


def test_to_look_at_a_job_writes_nothing(tmp_path: Path):
    """As in a home that was closed to this account."""
    folder = _stored(tmp_path, "20261121T080000-abc")
    assert [job.state for job in jobs.listed(tmp_path)] == ["lost"]
    assert [file.name for file in folder.iterdir()] == ["state.json"]
