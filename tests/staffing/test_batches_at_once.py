"""A reference is in one batch for one expiry, however many export at the same moment."""

from collections import Counter
from multiprocessing.context import ForkServerContext
from threading import Barrier, Thread

import polars as pl
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from forecasting.errors import InputError
from staffing.pipeline.exporting_batch import export_batch
from staffing.reminders.batches import named, settling
from staffing.reminders.batches.named import references_of
from staffing.reminders.batches.stored import batch_arms, batches
from tests.staffing.batch_cases import NEXT, NOW, WEEK, approved, documents, write
from tests.staffing.exporting_elsewhere import export_at_once


def held(home) -> dict[str, set[str]]:
    """The references of each batch."""
    with home.ledger.reading() as session:
        return {
            batch.name: set(references_of(session, batch.name)["reference"])
            for batch in batches(home)
        }


def both(forkserver: ForkServerContext, home, *asked) -> list[int]:
    gate = forkserver.Barrier(len(asked))
    processes = [
        forkserver.Process(
            target=export_at_once, args=(home.settings, week, NOW, file, gate)
        )
        for week, file in asked
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    return sorted(process.exitcode or 0 for process in processes)


@pytest.mark.parametrize("engine", ["postgresql", "sqlite"])
def test_of_two_planners_with_the_same_references_neither_takes_one_of_the_other(
    engine, new_home, tmp_path, forkserver: ForkServerContext
):
    """So few documents that both batches want nearly all of them."""
    home = new_home("home", engine)
    approved(home, None, WEEK, NEXT)
    files = [write(tmp_path / f"r{i}.csv", documents(5)) for i in range(2)]
    assert both(forkserver, home, (WEEK, files[0]), (NEXT, files[1])) == [0, 0]
    found = held(home)
    assert not found["2027-W05"] & found["2027-W06"]
    assert min(len(refs) for refs in found.values()) > 50
    counted: Counter[str] = Counter()
    for name, count in batch_arms(home).select("batch", "count").iter_rows():
        counted[name] += count
    assert counted == {name: len(refs) for name, refs in found.items()}


def test_of_two_planners_with_other_references_for_one_batch_one_wins(
    new_home, tmp_path, forkserver: ForkServerContext
):
    home = new_home("home", "postgresql")
    approved(home)
    ours = documents(5)
    theirs = ours.with_columns(pl.col("reference").str.replace("doc", "other"))
    files = [write(tmp_path / "a.csv", ours), write(tmp_path / "b.csv", theirs)]
    assert both(forkserver, home, (WEEK, files[0]), (WEEK, files[1])) == [0, 2]
    assert len({reference[:3] for reference in held(home)["2027-W05"]}) == 1
    (batch,) = batches(home)
    assert batch.content == "references"
    assert len(list(home.settings.home.glob("out-*/brieven*.csv"))) == 1


def test_two_planners_with_the_same_file_hand_out_the_same_batch(
    new_home, tmp_path, forkserver: ForkServerContext
):
    home = new_home("home", "postgresql")
    approved(home)
    file = write(tmp_path / "r.csv", documents(5))
    assert both(forkserver, home, (WEEK, file), (WEEK, file)) == [0, 0]
    told = [entry.action for entry in home.ledger.trail()]
    assert told.count("exported") == 2


COPY = (
    "INSERT INTO batch_references (service, expiry_week, reference, batch, arm) "
    "SELECT service, expiry_week, reference, '2027-W06', arm FROM batch_references"
)


def test_the_database_refuses_a_reference_in_two_batches(any_workspace, tmp_path):
    approved(any_workspace, None, WEEK, NEXT)
    file = write(tmp_path / "r.csv", documents(5))
    export_batch(any_workspace, week=WEEK, now=NOW, out=tmp_path, references=file)
    with any_workspace.ledger.engine.connect() as connection:
        with pytest.raises(IntegrityError):
            connection.execute(text(COPY))
        connection.rollback()


def test_of_two_connections_past_the_queue_the_database_lets_one_in(any_workspace):
    """Whoever does not wait for a turn is still held by the key."""
    approved(any_workspace, None, WEEK, NEXT)
    row = (
        "INSERT INTO batch_references (service, expiry_week, reference, batch, arm) "
        "VALUES ('passport', '2027-05-03', 'doc-000001xq', '{}', 'mailed')"
    )
    start, told = Barrier(2), []

    def go(batch: str) -> None:
        start.wait(30)
        try:
            with any_workspace.ledger.engine.begin() as connection:
                connection.execute(text(row.format(batch)))
            told.append("in")
        except IntegrityError:
            told.append("refused")

    threads = [Thread(target=go, args=(name,)) for name in ("2027-W05", "2027-W06")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(told) == ["in", "refused"]


def test_who_did_not_see_the_other_batch_is_refused_and_changes_nothing(
    any_workspace, tmp_path, monkeypatch
):
    home = any_workspace
    approved(home, None, WEEK, NEXT)
    file = write(tmp_path / "r.csv", documents(5))
    export_batch(home, week=WEEK, now=NOW, out=tmp_path, references=file)
    before, entries = held(home), home.ledger.trail()[-1].place
    blind = named.references_elsewhere

    def sees_none(session, name):
        return blind(session, name).clear()

    monkeypatch.setattr(settling, "references_elsewhere", sees_none)
    with pytest.raises(InputError, match="in no other batch for the same expiry") as no:
        export_batch(home, week=NEXT, now=NOW, out=tmp_path, references=file)
    assert "doc-" not in str(no.value)
    assert no.value.__suppress_context__
    assert held(home) == before
    assert home.ledger.trail()[-1].place == entries
    assert batches(home)[1].content is None


def test_an_error_of_the_database_does_not_tell_what_was_written(any_workspace):
    approved(any_workspace)
    query = text("SELECT * FROM batch_references WHERE nothing = :reference")
    with any_workspace.ledger.engine.connect() as connection:
        with pytest.raises(Exception, match="nothing") as failed:
            connection.execute(query, {"reference": "doc-000001xq"})
        connection.rollback()
    assert "doc-000001xq" not in str(failed.value)
