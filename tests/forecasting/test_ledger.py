"""The ledger and the lake: what is recorded is seen, what is not recorded is not."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import text

from forecasting.database import schema_version
from forecasting.errors import MissingStepError, StoreError
from forecasting.records import Base, ImportRecord, PartRecord
from forecasting.runs import Change, Overtaken, RunKey, open_ledger
from forecasting.settings import Settings
from forecasting.workspace import Workspace

MIGRATIONS = Settings().migrations
ENGINES = ("sqlite", "postgresql")


def _import(now: datetime, name: str = "a") -> ImportRecord:
    return ImportRecord(
        id=name,
        source="jcc",
        kind="contacts",
        file="bookings.csv",
        sha256=name * 8,
        rows_imported=3,
        rows_rejected=1,
        at=now,
    )


def _part(name: str, owner: str = "a") -> PartRecord:
    return PartRecord(
        dataset="contacts",
        source="jcc",
        month="2026-01",
        file=name,
        import_id=owner,
        rows=3,
    )


def _commit(workspace: Workspace, change: Change, now: datetime) -> None:
    deed = workspace.deed("import", change.record.id, now=now)
    workspace.ledger.commit_imports([change], [deed])


def test_imports_are_listed_by_kind(any_workspace: Workspace, now: datetime):
    _commit(any_workspace, Change(_import(now), ()), now)
    ledger = any_workspace.ledger
    assert [record.id for record in ledger.imports("contacts")] == ["a"]
    assert ledger.imports("expiries") == []


def test_a_change_worked_out_from_other_parts_than_count_now_is_overtaken(
    any_workspace: Workspace, now: datetime
):
    ledger = any_workspace.ledger
    _commit(any_workspace, Change(_import(now), (_part("x"),)), now)
    late = Change(_import(now, "b"), (_part("y", "b"),), seen=frozenset())
    with pytest.raises(Overtaken):
        _commit(any_workspace, late, now)
    assert [part.file for part in ledger.parts()] == ["x"]
    assert [entry.subject for entry in ledger.trail()] == ["a"]


def test_the_number_of_a_part_never_comes_back(any_workspace: Workspace, now: datetime):
    """Else a change worked out from a part that is gone would seem up to date."""
    ledger = any_workspace.ledger
    _commit(any_workspace, Change(_import(now), (_part("x"),)), now)
    seen = frozenset(part.id for part in ledger.parts())
    new = Change(_import(now), (_part("y"),), drop=seen, seen=seen)
    _commit(any_workspace, new, now)
    with pytest.raises(Overtaken):
        _commit(any_workspace, Change(_import(now), (_part("z"),), seen, seen), now)


def test_thousands_of_parts_make_way_at_once(any_workspace: Workspace, now: datetime):
    ledger = any_workspace.ledger
    many = tuple(_part(f"part-{place}") for place in range(2_000))
    _commit(any_workspace, Change(_import(now), many), now)
    seen = frozenset(part.id for part in ledger.parts())
    _commit(any_workspace, Change(_import(now), (_part("x"),), seen, seen), now)
    assert [part.file for part in ledger.parts()] == ["x"]


@pytest.mark.parametrize("engine", ENGINES)
def test_opening_twice_keeps_what_is_there(
    engine: str, new_database: Callable[[str], str], now: datetime
):
    url = new_database(engine)
    first, second = open_ledger(url, MIGRATIONS), None
    first.commit_imports([Change(_import(now), ())], [])
    second = open_ledger(url, MIGRATIONS)
    assert len(second.imports()) == 1
    for ledger in (first, second):
        ledger.engine.dispose()


@pytest.mark.parametrize("engine", ENGINES)
def test_the_migrated_database_is_what_the_records_say(
    engine: str, new_database: Callable[[str], str]
):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    ledger = open_ledger(new_database(engine), MIGRATIONS)
    with ledger.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []
    ledger.engine.dispose()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_migration_that_fails_halfway_leaves_the_database_as_it_was(
    engine: str, new_database: Callable[[str], str], tmp_path: Path
):
    import shutil

    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    url = new_database(engine)
    bad = folder / "versions" / "9999.py"
    bad.write_text(
        "from alembic import op\nimport sqlalchemy as sa\n"
        f"revision = '9999'\ndown_revision = '{_newest()}'\n"
        "def upgrade():\n"
        "    op.create_table('half', sa.Column('id', sa.Integer))\n"
        "    raise RuntimeError('power cut')\n"
    )
    with pytest.raises(RuntimeError, match="power cut"):
        open_ledger(url, folder)
    bad.unlink()
    ledger = open_ledger(url, folder)
    assert ledger.imports() == []
    assert schema_version(ledger.engine) == _newest()
    with ledger.engine.connect() as connection:
        assert not ledger.engine.dialect.has_table(connection, "half")
    ledger.engine.dispose()


def _newest() -> str:
    return max(file.stem for file in (MIGRATIONS / "versions").glob("*.py"))


def test_a_database_of_a_newer_version_is_refused_in_one_line(
    any_workspace: Workspace,
):
    with any_workspace.ledger.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="schema 9999"):
        Workspace.open(any_workspace.settings)


def test_an_account_that_may_not_write_is_told_in_one_line(
    new_database: Callable[[str], str], now: datetime
):
    url = new_database("postgresql")
    owner = open_ledger(url, MIGRATIONS)
    with owner.engine.begin() as connection:
        connection.exec_driver_sql("CREATE ROLE reader LOGIN PASSWORD 'x'")
        connection.exec_driver_sql(
            "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader"
        )
    address = owner.engine.url.set(username="reader", password="x")  # noqa: S106
    reader = open_ledger(address.render_as_string(hide_password=False), MIGRATIONS)
    assert reader.imports() == []
    with pytest.raises(StoreError, match="permission denied"):
        reader.commit_imports([Change(_import(now), ())], [])
    reader.engine.dispose()
    with owner.engine.begin() as connection:
        connection.exec_driver_sql("DROP OWNED BY reader; DROP ROLE reader")
    owner.engine.dispose()


def test_the_same_inputs_give_the_same_run_id():
    key = RunKey("forecast", "c", ("b", "a"), {"week": "2027-W02"}, 0)
    assert key.id == RunKey("forecast", "c", ("a", "b"), {"week": "2027-W02"}, 0).id
    assert key.id != RunKey("forecast", "c", ("a", "b"), {"week": "2027-W02"}, 1).id
    assert key.id != RunKey("forecast", "d", ("a", "b"), {"week": "2027-W02"}, 0).id


def test_a_run_is_found_by_its_parameters(any_workspace: Workspace, now: datetime):
    key = any_workspace.key("roster", [], {"week": "2027-W02"}, seed=0)
    frame = pl.DataFrame({"person": ["M1"]})
    figures = {"hard_violations": 0, "gap": 0.1, "weeks": {"2027-W02": None}}
    stored = any_workspace.store(key, {"shifts": frame}, figures, now=now)
    run = any_workspace.latest("roster", week="2027-W02")
    assert (run.id, run.figures) == (stored.id, figures)
    assert any_workspace.table(run, "shifts").collect().equals(frame)


def test_a_missing_step_names_its_command(workspace: Workspace):
    with pytest.raises(MissingStepError, match="piekwijzer roster --week 2027-W02"):
        workspace.latest("roster", week="2027-W02")
    with pytest.raises(MissingStepError, match="piekwijzer import"):
        workspace.imported("contacts")


def test_a_naive_moment_is_refused(any_workspace: Workspace):
    naive = Change(_import(datetime(2026, 1, 1)), ())  # noqa: DTZ001  (the very point)
    with pytest.raises(Exception, match="naive"):
        any_workspace.ledger.commit_imports([naive], [])
