"""A database of before batches could be withdrawn keeps every batch and reference."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from forecasting.audit import Deed
from forecasting.records import RunRecord
from forecasting.runs import Ledger, open_ledger
from forecasting.settings import Settings
from tests.staffing.batch_cases import NOW

MIGRATIONS = Settings().migrations
BATCH = (
    "INSERT INTO batches (name, mailing_week, run, channel, letters, seed, held_out) "
    "VALUES ('2027-W05', '2027-02-01', 'plan-1', 'letter', 7, 11, 0.1)"
)
STEP = (
    "INSERT INTO batch_steps (batch, state, at, by, verified) "
    "VALUES ('2027-W05', 'made', '2026-11-22 09:00:00', 'Anna', false)"
)
NAMED = (
    "INSERT INTO batch_references (service, expiry_week, reference, batch, arm) "
    "VALUES ('passport', '2027-05-03', 'doc-{}', '2027-W05', '{}')"
)


def before(folder: Path) -> Path:
    """The migrations as they were before."""
    shutil.copytree(MIGRATIONS, folder)
    for file in (folder / "versions").glob("*.py"):
        if file.stem > "0004":
            file.unlink()
    return folder


def fill(ledger: Ledger) -> None:
    run = RunRecord(
        id="plan-1",
        kind="reminders",
        at=NOW,
        config_hash="c",
        inputs=[],
        parameters={},
        seed=0,
        version="0.1.0",
        figures={},
    )
    ledger.record(run, Deed("Anna", NOW, "reminders", run.id))
    named = [
        NAMED.format(n, arm) for n, arm in enumerate(("mailed", "held out", "mailed"))
    ]
    with ledger.engine.begin() as connection:
        for statement in (BATCH, STEP, *named):
            connection.execute(text(statement))


def rows(ledger: Ledger, columns: str, table: str) -> list[tuple[object, ...]]:
    query = f"SELECT {columns} FROM {table} ORDER BY 1"  # noqa: S608  (our own words)
    with ledger.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_batches_of_before_stand_with_every_reference_in_its_first_turn(
    engine, new_database, tmp_path
):
    """Nothing is lost on the way up, and nothing on the way back."""
    from alembic import command
    from alembic.config import Config

    url = new_database(engine)
    old = open_ledger(url, before(tmp_path / "migrations"))
    fill(old)
    old.engine.dispose()
    ledger = open_ledger(url, MIGRATIONS)
    assert rows(ledger, "name, withdrawn", "batches") == [("2027-W05", False)]
    assert rows(ledger, "batch, by, reason", "batch_steps") == [
        ("2027-W05", "Anna", "")
    ]
    named = [("doc-0", "mailed"), ("doc-1", "held out"), ("doc-2", "mailed")]
    told = rows(ledger, "reference, arm, turn", "batch_references")
    assert told == [(*one, 1) for one in named]
    ledger.engine.dispose()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.downgrade(config, "0004")
    assert rows(old, "reference, arm", "batch_references") == named
    assert rows(old, "name, letters", "batches") == [("2027-W05", 7)]
    old.engine.dispose()
