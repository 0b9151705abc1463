"""The audit trail: unbroken whoever writes at once, and whatever was changed shows."""

from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from forecasting import database
from forecasting.audit import START, Deed, append, lifted
from forecasting.errors import StoreError
from forecasting.records import AuditHead
from forecasting.runs import open_ledger
from forecasting.settings import Settings
from forecasting.workspace import Workspace

ENTRIES = 50


def write(home: Path, url: str, name: str, start: Barrier) -> None:
    """Add entries, as soon as the others are there too."""
    settings = Settings(home=home, database_url=url, actor=name)
    workspace = Workspace.open(settings)
    start.wait(60)
    for place in range(ENTRIES):
        now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
        workspace.ledger.tell(workspace.deed("test", f"{name} {place}", now=now))


def open_new(home: Path, url: str, start: Barrier) -> None:
    """Open a home that is not there, at once with others."""
    start.wait(60)
    workspace = Workspace.open(Settings(home=home, database_url=url))
    assert workspace.ledger.prove().entries == 0


def _all_end_well(processes: list[ForkServerProcess]) -> None:
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * len(processes)


def _tell(workspace: Workspace, now: datetime, entries: int = 3) -> None:
    for place in range(entries):
        workspace.ledger.tell(workspace.deed("test", str(place), "é", now=now))


def _change(workspace: Workspace, statement: str, **values: str) -> None:
    """What somebody with the rights to the database may do to it."""
    with workspace.ledger.reading() as session, session.begin(), lifted(session):
        session.execute(text(statement), values)


def test_an_empty_trail_is_whole(any_workspace: Workspace):
    proof = any_workspace.ledger.prove()
    assert (proof.entries, proof.head, proof.broken) == (0, START, None)


def test_each_entry_carries_the_hash_of_the_one_before(
    any_workspace: Workspace, now: datetime
):
    _tell(any_workspace, now)
    trail = any_workspace.ledger.trail()
    hashes = [entry.hash for entry in trail]
    assert [entry.before for entry in trail] == [START, *hashes[:-1]]
    assert [entry.place for entry in trail] == [1, 2, 3]
    proof = any_workspace.ledger.prove()
    assert (proof.entries, proof.head, proof.broken) == (3, hashes[-1], None)


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit SET detail = 'other' WHERE place = 2", 2),
        ("UPDATE audit SET \"by\" = 'other' WHERE place = 1", 1),
        ("UPDATE audit SET at = '2020-01-01 00:00:00' WHERE place = 3", 3),
        ("UPDATE audit SET hash = before WHERE place = 2", 2),
        ("DELETE FROM audit WHERE place = 1", 1),
        ("DELETE FROM audit WHERE place = 2", 2),
        ("DELETE FROM audit WHERE place = 3", 3),
        ("DELETE FROM audit", 1),
        ("UPDATE audit_head SET entries = 2", 3),
        ("DELETE FROM audit_head", 4),
    ],
)
def test_a_change_is_found_at_the_first_entry_it_touches(
    any_workspace: Workspace, now: datetime, statement: str, broken: int
):
    _tell(any_workspace, now)
    _change(any_workspace, statement)
    assert any_workspace.ledger.prove().broken == broken


def test_an_end_that_was_cut_off_with_its_head_shows_against_a_kept_head(
    any_workspace: Workspace, now: datetime
):
    _tell(any_workspace, now, 2)
    kept = any_workspace.ledger.prove().head
    _tell(any_workspace, now, 1)
    newest = any_workspace.ledger.prove().head
    assert any_workspace.ledger.prove(kept).met
    assert any_workspace.ledger.prove(newest).met
    _change(any_workspace, "DELETE FROM audit WHERE place = 3")
    _change(any_workspace, "UPDATE audit_head SET entries = 2, hash = :kept", kept=kept)
    assert any_workspace.ledger.prove().broken is None
    assert any_workspace.ledger.prove(kept).met
    assert not any_workspace.ledger.prove(newest).met


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET detail = 'other'", "DELETE FROM audit"]
)
def test_the_database_itself_refuses_to_change_or_drop_entries(
    any_workspace: Workspace, now: datetime, statement: str
):
    _tell(any_workspace, now)
    _change(any_workspace, "UPDATE audit_head SET id = 1")  # leaves the guard in force
    with (
        pytest.raises(DatabaseError, match="append-only"),
        any_workspace.ledger.engine.begin() as connection,
    ):
        connection.execute(text(statement))
    assert any_workspace.ledger.prove().entries == 3


def test_nobody_writes_without_a_head_of_the_trail(
    any_workspace: Workspace, now: datetime
):
    _change(any_workspace, "DELETE FROM audit_head")
    assert any_workspace.ledger.prove().broken == 1
    with pytest.raises(StoreError, match="lost its head"):
        _tell(any_workspace, now)


def test_what_fails_leaves_no_entry(any_workspace: Workspace, now: datetime):
    deed = any_workspace.deed("test", "x", now=now)
    with (
        pytest.raises(RuntimeError, match="halfway"),
        any_workspace.ledger.writing(deed),
    ):
        raise RuntimeError("halfway")
    assert any_workspace.ledger.trail() == []


def test_an_entry_may_be_added_within_ones_own_turn(
    any_workspace: Workspace, now: datetime
):
    with any_workspace.ledger.writing(any_workspace.deed("b", "x", now=now)) as session:
        deed = any_workspace.deed("a", "x", now=now)
        append(session, session.get_one(AuditHead, 1), deed)
    assert [entry.action for entry in any_workspace.ledger.trail()] == ["a", "b"]
    assert any_workspace.ledger.prove().broken is None


def test_writers_at_once_leave_one_unbroken_chain_with_every_entry(
    any_workspace: Workspace, forkserver: ForkServerContext
):
    settings, names = any_workspace.settings, ("one", "two", "three")
    start = forkserver.Barrier(len(names))
    given = [(settings.home, settings.url, name, start) for name in names]
    _all_end_well([forkserver.Process(target=write, args=args) for args in given])
    told = {entry.subject for entry in any_workspace.ledger.trail()}
    assert told == {f"{name} {place}" for name in names for place in range(ENTRIES)}
    proof = any_workspace.ledger.prove()
    assert (proof.entries, proof.broken) == (len(names) * ENTRIES, None)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_who_waits_too_long_for_another_writer_is_told_in_one_line(
    engine: str,
    new_database: Callable[[str], str],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(database, "WAIT_S", 1)
    url, migrations = new_database(engine), Settings().migrations
    writer, waiting = open_ledger(url, migrations), open_ledger(url, migrations)
    deed = Deed("planner", now, "test", "x")
    with writer.writing(deed), pytest.raises(StoreError, match="lock"):
        waiting.tell(deed)
    waiting.tell(deed)
    assert waiting.prove().entries == 2
    for ledger in (writer, waiting):
        ledger.engine.dispose()


def test_a_new_home_opened_by_several_processes_at_once_is_made_once(
    any_workspace: Workspace, forkserver: ForkServerContext
):
    settings = any_workspace.settings
    any_workspace.ledger.engine.dispose()
    with any_workspace.ledger.engine.begin() as connection:
        _drop_everything(connection)
    start = forkserver.Barrier(3)
    given = (settings.home, settings.url, start)
    _all_end_well([forkserver.Process(target=open_new, args=given) for _ in range(3)])


def _drop_everything(connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        return
    query = (
        "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite%'"
    )
    for (name,) in connection.exec_driver_sql(query).all():
        connection.exec_driver_sql(f"DROP TABLE {name}")
