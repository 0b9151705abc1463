"""A damaged home, two writers, a corrected mapping: one clear line or the right rows."""

import shutil
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from forecasting.errors import PolicyError, StoreError
from forecasting.ingest import import_file
from forecasting.runs import open_ledger
from forecasting.settings import Settings, read_settings
from forecasting.workspace import Workspace

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
CONFIG = Settings().config
CALLS = (
    "Interval start;Wachtrij;Aangeboden;Beantwoord;Afgehaakt;Beantwoord binnen 25 s;"
    "Gem. gesprekstijd (s);Gem. nawerktijd (s)\n"
    "05-01-2026 09:00;Rijbewijs;10;9;1;8;200,5;30,0\n"
)


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    file = tmp_path / "calls.csv"
    file.write_text(CALLS)
    return file


def lake_files(workspace: Workspace) -> list[Path]:
    return sorted(workspace.lake.root.rglob("*.parquet"))


def with_mapping(workspace: Workspace, tmp_path: Path, old: str, new: str) -> Workspace:
    """The same home under a policy in which one text of the mapping is another."""
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    file = config / "sources" / "telephony.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    return Workspace.open(workspace.settings.model_copy(update={"config": config}))


def test_a_corrected_mapping_takes_the_place_of_the_earlier_import(
    workspace, calls, tmp_path
):
    import_file(workspace, calls, "telephony", now=NOW)
    corrected = with_mapping(workspace, tmp_path, '= "licence/', '= "passport/')
    again = import_file(corrected, calls, "telephony", now=NOW + timedelta(hours=1))
    assert not again.already
    assert [record.id for record in workspace.ledger.imports()] == [again.id]
    rows = corrected.imported("contacts").select("service", "count").collect()
    assert rows.rows() == [("passport", 10.0)]
    assert import_file(corrected, calls, "telephony", now=NOW).already
    assert not import_file(workspace, calls, "telephony", now=NOW).already


def test_a_comment_in_the_mapping_changes_nothing(workspace, calls, tmp_path):
    import_file(workspace, calls, "telephony", now=NOW)
    commented = with_mapping(workspace, tmp_path, 'kind = "c', '# a note\nkind = "c')
    assert import_file(commented, calls, "telephony", now=NOW).already


@pytest.mark.parametrize("content", [None, b"PAR1 cut off"])
def test_a_lost_table_is_named_and_comes_back_with_its_file(workspace, calls, content):
    import_file(workspace, calls, "telephony", now=NOW)
    table = workspace.lake.part_path(workspace.ledger.parts("contacts")[0])
    if content is None:
        table.unlink()
    else:
        table.write_bytes(content)
    with pytest.raises(StoreError, match=f"{table.name}: expected"):
        workspace.imported("contacts").collect()
    with pytest.raises(StoreError, match=f"{table.name}: expected"):
        workspace.imported("contacts")
    assert not import_file(workspace, calls, "telephony", now=NOW).already
    assert workspace.imported("contacts").collect().height == 1


def test_two_imports_of_one_file_at_once_store_it_once(workspace, calls):
    seen: list[object] = []

    def bring() -> None:
        other = Workspace.open(workspace.settings)
        seen.append(import_file(other, calls, "telephony", now=NOW).rows_imported)

    threads = [threading.Thread(target=bring) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [1, 1, 1, 1]
    assert len(workspace.ledger.imports()) == 1
    assert workspace.imported("contacts").collect().height == 1


def test_a_new_home_may_be_opened_by_several_at_once(tmp_path):
    code = (
        "from pathlib import Path; from forecasting.settings import Settings;"
        "from forecasting.workspace import Workspace;"
        f"Workspace.open(Settings(home=Path({str(tmp_path / 'home')!r})))"
    )
    started = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
    assert [process.wait() for process in started] == [0, 0, 0]


def test_a_failing_writer_leaves_what_another_committed(workspace, calls, monkeypatch):
    commit = workspace.ledger.commit_imports

    def commit_then_fail(changes, deeds):
        commit(changes, deeds)
        raise RuntimeError("the line went dead")

    monkeypatch.setattr(workspace.ledger, "commit_imports", commit_then_fail)
    with pytest.raises(RuntimeError, match="went dead"):
        import_file(workspace, calls, "telephony", now=NOW)
    assert workspace.imported("contacts").collect().height == 1


@pytest.mark.parametrize(
    "content", [b"this is no database, whatever its name says" * 50, None]
)
def test_a_damaged_database_is_one_line(tmp_path, content):
    file = tmp_path / "piekwijzer.db"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    with pytest.raises(StoreError, match=r"piekwijzer\.db: expected a usable database"):
        Workspace.open(Settings(home=tmp_path))


def test_a_database_damaged_later_is_one_line_too(workspace, calls):
    import_file(workspace, calls, "telephony", now=NOW)
    with workspace.ledger.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    workspace.ledger.engine.dispose()
    file = workspace.settings.home / "piekwijzer.db"
    content = file.read_bytes()
    file.write_bytes(content[:4096] + b"\x7f" * (len(content) - 4096))
    with pytest.raises(StoreError, match="expected a usable database"):
        workspace.ledger.imports()


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "frobnicate://user:secret@host/name",
        "mysql://user:secret@host/name",
        "sqlite:////no/such/folder/x.db",
        "postgresql+psycopg://user:secret@127.0.0.1:1/name",
    ],
)
def test_a_wrong_database_url_is_one_line_without_its_password(url):
    with pytest.raises(StoreError) as caught:
        open_ledger(url, Settings().migrations)
    assert "secret" not in str(caught.value)


def test_a_wrong_setting_names_its_variable(monkeypatch):
    monkeypatch.setenv("PIEKWIJZER_WORKERS", "many")
    with pytest.raises(PolicyError, match=r"PIEKWIJZER_WORKERS: .*came: 'many'"):
        read_settings({})


def test_a_missing_policy_folder_is_named_before_a_home_is_made(tmp_path):
    settings = Settings(home=tmp_path / "home", config=tmp_path / "nowhere")
    with pytest.raises(PolicyError, match="nowhere: expected a folder"):
        Workspace.open(settings)
    assert not settings.home.exists()


def test_nothing_stays_when_the_ledger_cannot_be_written(workspace, calls, monkeypatch):
    def fail(*_):
        raise RuntimeError("disk full")

    monkeypatch.setattr(workspace.ledger, "commit_imports", fail)
    with pytest.raises(RuntimeError, match="disk full"):
        import_file(workspace, calls, "telephony", now=NOW)
    assert not workspace.has_imported("contacts")
    assert not list(workspace.lake.root.rglob("*.parquet"))


def test_a_part_half_written_is_not_whole(workspace, calls):
    import_file(workspace, calls, "telephony", now=NOW)
    part = workspace.ledger.parts("contacts")[0]
    assert workspace.lake.holds(part)
    file = workspace.lake.part_path(part)
    file.write_bytes(file.read_bytes()[:-10])
    assert not workspace.lake.holds(part)
