"""A job that is stopped leaves what was stored as it was, and no process behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from dashboard import jobs
from dashboard.jobs.stopping import end_group
from forecasting.errors import InputError
from forecasting.ingest import import_file
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from tests.forecasting.test_ingest_killed import write_calls

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
QUARTERS = 20_000
PATIENCE_S = 120
FORECAST = ("forecast", "--as-of", "2024-07-26")


def _wait(what, *, patience_s: float = PATIENCE_S):
    """What a question answers, once it answers anything but nothing."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        found = what()
        if found:
            return found
        time.sleep(0.05)
    raise TimeoutError(what)


def _end(home: Path, job: jobs.Job) -> jobs.Job:
    def ended() -> jobs.Job | None:
        found = next(one for one in jobs.listed(home) if one.id == job.id)
        return None if found.state == "running" else found

    found: jobs.Job = _wait(ended)
    return found


def _processes(folder: Path) -> list[str]:
    """Command lines of living processes that were started for the job of a folder."""
    mark, found = f"PIEKWIJZER_PROGRESS={folder.resolve()}".encode(), []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (place / "environ").read_bytes():
                found.append((place / "cmdline").read_text())
        except OSError:  # it has gone, or is another's
            continue
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a year of calls by the quarter-hour."""
    folder = tmp_path_factory.mktemp("stopping")
    write_calls(folder / "one.csv", 0, QUARTERS, extra=0)
    text = (folder / "one.csv").read_text("utf-8")
    head, rows = text.split("\n", 1)
    queues = ("Rijbewijs", "Verhuizen", "Overige vragen", "Paspoort en ID-kaart")
    more = "".join(rows.replace("Rijbewijs", queue) for queue in queues)
    (folder / "old.csv").write_text(f"{head}\n{more}", "utf-8")
    workspace = Workspace.open(Settings(home=folder / "home"))
    import_file(workspace, folder / "old.csv", "telephony", now=NOW)
    return folder / "home"


def _stored(home: Path) -> tuple[list[str], list[str], pl.DataFrame, int]:
    workspace = Workspace.open(Settings(home=home))
    proof = workspace.ledger.prove()
    assert proof.broken is None
    return (
        [record.id for record in workspace.ledger.imports()],
        [run.id for run in workspace.ledger.runs()],
        workspace.imported("contacts").sort("row_id").collect(),
        proof.entries,
    )


def _same(one, other) -> bool:
    return (one[0], one[1], one[3]) == (other[0], other[1], other[3]) and one[2].equals(
        other[2]
    )


def test_a_forecast_that_is_stopped_stores_nothing_and_can_be_made_again(home: Path):
    """Its workers end with it; the same command runs to its end afterwards."""
    before = _stored(home)
    job = jobs.start(Settings(home=home), FORECAST, now=NOW, by="anna")
    folder = home / "jobs" / job.id
    _wait(lambda: len(_processes(folder)) > 2 or _ended_early(home, job))
    jobs.cancel(home, job, by="bob")
    ended = _end(home, job)
    assert (ended.state, ended.by, ended.stopped_by) == ("cancelled", "anna", "bob")
    assert _wait(lambda: not _processes(folder), patience_s=10)
    assert _same(_stored(home), before)
    again = jobs.start(Settings(home=home), FORECAST, now=NOW, by="carla")
    done = _end(home, again)
    assert done.state == "done", jobs.log(home, done)
    told = jobs.progress(home, done)
    assert told is not None
    assert told.share == 1.0
    workspace = Workspace.open(Settings(home=home))
    assert [run.kind for run in workspace.ledger.runs()] == ["forecast"]
    assert workspace.ledger.trail(last=1)[0].by == "carla"


def _ended_early(home: Path, job: jobs.Job):
    found = next(one for one in jobs.listed(home) if one.id == job.id)
    if found.state != "running":
        pytest.fail(jobs.log(home, found))


@pytest.mark.parametrize("wait_s", [0.3, 1.0, 2.0, 3.0])
def test_an_import_that_is_stopped_has_not_begun_or_is_done(
    home: Path, tmp_path: Path, wait_s: float
):
    """Whenever it is stopped, a reader finds all of it or nothing; the upload goes."""
    write_calls(tmp_path / "new.csv", 0, 10 * QUARTERS, extra=int(10 * wait_s))
    content = (tmp_path / "new.csv").read_bytes()
    upload = jobs.keep_upload(home, "new.csv", content)
    before = _stored(home)
    command = ("import", str(upload), "--source", "telephony")
    settings = Settings(home=home)
    job = jobs.start(settings, command, now=NOW, by="anna", upload=upload)
    time.sleep(wait_s)
    jobs.cancel(home, job, by="anna")
    ended, after = _end(home, job), _stored(home)
    done = len(after[0]) == len(before[0]) + 1
    assert done or _same(after, before)
    assert ended.state in ({"done", "cancelled"} if done else {"cancelled"})
    assert not upload.exists()
    assert _processes(home / "jobs" / job.id) == []


def test_a_command_ends_with_its_runner(home: Path):
    """A task that is told to be cut short does not work on unseen."""
    job = jobs.start(Settings(home=home), FORECAST, now=NOW)
    folder = home / "jobs" / job.id
    _wait(lambda: _processes(folder))
    os.kill(_runner_of(folder), signal.SIGKILL)
    assert _wait(lambda: not _processes(folder), patience_s=20)
    assert _end(home, job).state == "lost"


def _runner_of(folder: Path) -> int:
    """The process that runs the command of a job."""
    told = ["-m", "dashboard.jobs.runner", str(folder.resolve())]
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_text().rstrip("\0").split("\0")
        except OSError:
            continue
        if words[1:] == told:
            return int(place.name)
    raise LookupError(told)


def test_a_process_that_will_not_go_is_ended_with_its_children():
    """Asked first, then made to; none of the group is left."""
    stubborn = (
        "import os, signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = os.fork()\n"
        "print(child, flush=True) if child else None\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", stubborn], stdout=subprocess.PIPE, start_new_session=True
    ) as command:
        assert command.stdout is not None
        child = int(command.stdout.readline())
        end_group(command, grace_s=0.5)
        assert command.returncode == -9

        def gone() -> bool:
            try:
                state = Path(f"/proc/{child}/stat").read_text().rsplit(")", 1)[1]
            except FileNotFoundError:
                return True
            return state.split()[0] == "Z"

        assert _wait(gone, patience_s=10)


def test_two_who_start_the_same_at_once_start_one_job(tmp_path: Path):
    """The second is told who was first."""
    answers: list[str] = []

    def press(name: str) -> None:
        settings = Settings(home=tmp_path)
        try:
            jobs.start(settings, ("status",), now=NOW, by=name)
            answers.append("started")
        except InputError as error:
            answers.append(str(error))

    names = [f"planner {number}" for number in range(6)]
    threads = [threading.Thread(target=press, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count("started") == 1
    started = jobs.listed(tmp_path)
    assert len(started) == 1
    told = f"is already running, started by {started[0].by}"
    assert all(told in answer for answer in answers if answer != "started")
    _end(tmp_path, started[0])


def test_no_secret_of_the_login_reaches_a_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A command finds its home and who acts, and nothing that opens the login."""
    monkeypatch.setenv("PIEKWIJZER_LOGIN_CLIENT_SECRET", "hush")
    monkeypatch.setenv("PIEKWIJZER_LOGIN_COOKIE_SECRET", "hush" * 8)
    job = jobs.start(Settings(home=tmp_path), ("status",), now=NOW, by="anna")

    def environment() -> bytes | None:
        for place in Path("/proc").glob("[0-9]*"):
            try:
                known = (place / "environ").read_bytes()
            except OSError:
                continue
            if str(tmp_path / "jobs" / job.id).encode() in known:
                return known
        return None

    known = _wait(environment, patience_s=20)
    _end(tmp_path, job)
    assert b"PIEKWIJZER_ACTOR=anna" in known
    assert b"hush" not in known


def test_a_job_goes_on_when_the_server_that_started_it_is_killed(tmp_path: Path):
    """The runner is nobody's child any more and ends the job by itself."""
    program = (
        "import sys; from pathlib import Path; from datetime import UTC, datetime\n"
        "from dashboard import jobs; from forecasting.settings import Settings\n"
        f"now = datetime(2026, 11, 21, 8, tzinfo=UTC)\n"
        f"job = jobs.start(Settings(home=Path({str(tmp_path)!r})), ('status',), now=now)\n"
        "print(job.id, flush=True); import time; time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        env=os.environ,
        start_new_session=True,
    ) as server:
        assert server.stdout is not None
        assert server.stdout.readline()
        os.killpg(server.pid, 9)
    job = _end(tmp_path, jobs.listed(tmp_path)[0])
    assert job.state == "done", jobs.log(tmp_path, job)
