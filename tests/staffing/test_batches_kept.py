"""References go in time and counts stay; a backup brings both back."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from dashboard.forgetting import forget_before
from forecasting.errors import StoreError
from forecasting.keeping import back_up, restore
from forecasting.outside import planned_letters
from staffing.pipeline.exporting_batch import export_batch, known_batches
from staffing.reminders.batches.named import references_of
from staffing.reminders.batches.stored import batch_arms, batches
from tests.staffing.batch_cases import (
    EXPIRY,
    NOW,
    WEEK,
    approved,
    cohorts,
    documents,
    set_otherwise,
    write,
)

LAST = max(cohort[1] for cohort in cohorts())
LATE = NOW + timedelta(days=600)


@pytest.fixture
def home(any_workspace, tmp_path):
    approved(any_workspace)
    export(any_workspace, tmp_path)
    return any_workspace


def export(workspace, folder: Path, **how):
    file = write(folder / "r.csv", documents(9))
    given = {"week": WEEK, "now": NOW, "out": workspace.settings.exports}
    return export_batch(workspace, **given, references=file, **how)


def references(workspace) -> dict[date, int]:
    with workspace.ledger.reading() as session:
        weeks = references_of(session, "2027-W05")["expiry_week"]
    return dict(weeks.value_counts().iter_rows())


def after(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=NOW.tzinfo)


def test_references_go_when_their_week_of_expiry_is_past(home):
    whole = references(home)
    gone = forget_before(home, EXPIRY + timedelta(days=6), now=after(LAST))
    assert "references of batches" not in gone
    assert references(home) == whole
    gone = forget_before(home, EXPIRY + timedelta(days=7), now=after(LAST))
    assert gone["references of batches"] == whole[EXPIRY]
    assert references(home) == {w: n for w, n in whole.items() if w != EXPIRY}


def test_references_kept_too_long_go_whatever_the_day(home):
    weeks = timedelta(weeks=26)
    day = EXPIRY + timedelta(days=7)
    assert forget_before(home, EXPIRY, now=after(day + weeks - timedelta(days=1)))[
        "files"
    ]
    assert EXPIRY in references(home)
    forget_before(home, EXPIRY, now=after(day + weeks))
    assert set(references(home)) == {w for _, w, *_ in cohorts()} - {EXPIRY}


@pytest.mark.parametrize(("set_later", "weeks"), [("10", 10), ("52", 26)])
def test_the_shorter_term_holds_of_what_was_stated_and_what_is_set(
    home, tmp_path, set_later, weeks
):
    day = EXPIRY + timedelta(days=7) + timedelta(weeks=weeks)
    how = ("retention_weeks = 26", f"retention_weeks = {set_later}")
    other = set_otherwise(home, tmp_path / "config", *how)
    forget_before(other, EXPIRY, now=after(day - timedelta(days=1)))
    assert EXPIRY in references(home)
    forget_before(other, EXPIRY, now=after(day))
    assert set(references(home)) == {w for _, w, *_ in cohorts()} - {EXPIRY}


def test_counts_and_letters_stay_when_references_are_forgotten(home):
    arms, letters = batch_arms(home), planned_letters(home)
    told = known_batches(home)[0][1].counts
    forget_before(home, LAST + timedelta(days=7), now=LATE)
    assert references(home) == {}
    assert batch_arms(home).equals(arms)
    assert planned_letters(home).equals(letters)
    assert known_batches(home)[0][1].counts.equals(told)
    trail = home.ledger.trail()[-1]
    assert (trail.action, trail.subject) == ("forget", "references of batches")
    assert "doc-" not in trail.detail


def test_what_was_forgotten_in_part_is_not_handed_out_again(home, tmp_path):
    forget_before(home, EXPIRY + timedelta(days=7), now=after(LAST))
    out = tmp_path / "out"
    with pytest.raises(StoreError, match="found them forgotten"):
        export_batch(home, week=WEEK, now=NOW, out=out)
    assert list(out.glob("*")) == []


def test_exported_lists_go_with_their_mailing_week(home):
    names = {file.name for file in home.settings.exports.iterdir()}
    assert "brieven-2027-W05.csv" in names
    forget_before(home, WEEK + timedelta(days=7), now=after(EXPIRY))
    assert list(home.settings.exports.iterdir()) == []
    assert references(home)


def test_forgotten_references_are_on_no_disk_of_the_home(new_home, tmp_path):
    home = new_home("home")
    approved(home)
    export(home, tmp_path)
    files = [Path(home.ledger.engine.url.database), *home.settings.home.rglob("*")]
    log = Path(f"{files[0]}-wal")

    def found() -> bool:
        every = [file for file in [*files, log] if file.is_file()]
        return any(b"doc-0" in file.read_bytes() for file in every)

    assert found()
    forget_before(home, LAST + timedelta(days=7), now=LATE)
    assert not found()


def test_a_batch_comes_back_with_a_backup_and_is_handed_out_the_same(
    new_home, tmp_path
):
    home = new_home("one")
    approved(home)
    before = export(home, tmp_path).files
    back_up(home, tmp_path / "backup", now=NOW)
    other = new_home("two", "postgresql")
    restore(other, tmp_path / "backup", now=NOW)
    assert batches(other) == batches(home)
    again = export_batch(other, week=WEEK, now=NOW, out=tmp_path / "again").files
    assert [f.read_bytes() for f in again] == [f.read_bytes() for f in before]
