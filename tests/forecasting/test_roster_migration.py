"""A database of before rosters had versions: each becomes a verified one."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from forecasting.records import RosterRecord, RosterStepRecord, RunRecord
from forecasting.runs import open_ledger
from forecasting.settings import Settings

MIGRATIONS = Settings().migrations
EARLY = datetime(2026, 11, 1, 9, tzinfo=UTC)
LATE = datetime(2026, 11, 2, 9, tzinfo=UTC)


def _before(folder: Path) -> Path:
    """The migrations as they were before."""
    shutil.copytree(MIGRATIONS, folder)
    for file in (folder / "versions").glob("*.py"):
        if file.stem > "0002":
            file.unlink()
    return folder


def _run(name: str, week: str, at: datetime, kind: str = "roster") -> RunRecord:
    return RunRecord(
        id=name,
        kind=kind,
        at=at,
        config_hash="c",
        inputs=[],
        parameters={"week": week},
        seed=0,
        version="0.1.0",
        figures={},
    )


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_rosters_of_before_become_verified_versions_by_age(
    engine, new_database, tmp_path
):
    from forecasting.audit import Deed

    url = new_database(engine)
    old = open_ledger(url, _before(tmp_path / "migrations"))
    runs = [
        _run("roster-b", "2027-W02", LATE),
        _run("roster-a", "2027-W02", EARLY),
        _run("roster-c", "2026-W53", LATE),
        _run("simulate-a", "2027-W02", LATE, "simulate"),
    ]
    for run in runs:
        old.record(run, Deed("Anna", run.at, run.kind, run.id))
    old.engine.dispose()

    ledger = open_ledger(url, MIGRATIONS)
    with ledger.reading() as session:
        query = select(RosterRecord).order_by(RosterRecord.week, RosterRecord.version)
        rosters = [
            (r.week, r.version, r.run, r.file, r.content, r.state)
            for r in session.scalars(query)
        ]
        order = (RosterStepRecord.week, RosterStepRecord.version)
        steps = [
            (s.version, s.state, s.by, s.at, s.agreed, s.people)
            for s in session.scalars(
                select(RosterStepRecord).order_by(*order, RosterStepRecord.state)
            )
        ]
    assert rosters == [
        (date(2026, 12, 28), 1, "roster-c", "roster-c", None, "verified"),
        (date(2027, 1, 11), 1, "roster-a", "roster-a", None, "verified"),
        (date(2027, 1, 11), 2, "roster-b", "roster-b", None, "verified"),
    ]
    ends = {1: EARLY, 2: LATE}
    assert steps[2:] == [
        (version, state, "Anna", ends[version], False, [])
        for version in (1, 2)
        for state in ("draft", "verified")
    ]
    assert ledger.prove().broken is None
    ledger.engine.dispose()
