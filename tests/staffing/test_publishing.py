"""The life of a roster: drafted, verified, published, superseded."""

from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerContext
from threading import Barrier, Thread

import polars as pl
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from forecasting.errors import InputError, MissingStepError, StoreError
from forecasting.keeping import back_up, forget, restore
from forecasting.records import RosterRecord
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.pipeline.publishing import (
    UnpublishableRosterError,
    publish_roster,
    published,
    published_shifts,
)
from staffing.publish.versions import content_hash, read_version, versions
from staffing.retention import clear_rosters
from tests.staffing.roster_weeks import WEEK, village_week
from tests.staffing.stored_rosters import (
    IN_TIME,
    days_ahead,
    keep,
    solved,
    somebody,
    with_shifts,
    without,
)


def states(workspace: Workspace) -> list[str]:
    return [version.state for version in versions(workspace, WEEK)]


def publish(workspace: Workspace, **how):
    return publish_roster(workspace, week=WEEK, **{"now": IN_TIME, **how})


def test_each_step_has_its_author_and_moment_in_database_and_trail(any_workspace):
    run = keep(any_workspace)
    publish(any_workspace, who="Anna", now=IN_TIME)
    (version,) = versions(any_workspace, WEEK)
    assert [(step.state, step.by) for step in version.steps] == [
        ("draft", "planner"),
        ("verified", "planner"),
        ("published", "Anna"),
    ]
    assert {step.at for step in version.steps} == {IN_TIME}
    told = [(e.by, e.action, e.subject) for e in any_workspace.ledger.trail()]
    assert told == [
        ("planner", "draft", "roster 2027-W02 version 1"),
        ("planner", "verified", "roster 2027-W02 version 1"),
        ("planner", "roster", run),
        ("Anna", "published", "roster 2027-W02 version 1"),
    ]
    last = any_workspace.ledger.trail()[-1].detail
    assert last == f"run {run}, entered by planner"
    assert any_workspace.ledger.prove().broken is None


def test_the_same_roster_made_again_is_no_other_version(any_workspace):
    keep(any_workspace)
    keep(any_workspace)
    assert states(any_workspace) == ["verified"]


def test_another_roster_of_the_same_run_leaves_what_was_published_as_it_was(
    any_workspace,
):
    """A run that stopped at its time limit may find something else the next time."""
    keep(any_workspace)
    publish(any_workspace)
    other = solved().model_copy(update={"bound": solved().bound - 1})
    keep(any_workspace, other)
    assert states(any_workspace) == ["published", "verified"]
    pair = published(any_workspace, WEEK)
    assert pair is not None
    assert pair[1] == solved()
    second = versions(any_workspace, WEEK)[1]
    assert read_version(any_workspace, second)[1] == other


def test_publishing_a_version_supersedes_the_one_before(any_workspace):
    keep(any_workspace)
    publish(any_workspace)
    keep(any_workspace, without(*somebody()))
    done = publish(any_workspace)
    assert done.superseded == 1
    assert states(any_workspace) == ["superseded", "published"]
    pair = published(any_workspace, WEEK)
    assert pair is not None
    assert pair[1] == without(*somebody())
    assert versions(any_workspace, WEEK)[0].last.by == "planner"


def test_without_a_publication_nobody_goes_by_anything(any_workspace):
    keep(any_workspace)
    assert published(any_workspace, WEEK) is None
    assert published_shifts(any_workspace, WEEK).is_empty()


def test_what_is_published_or_superseded_is_not_published_again(workspace):
    keep(workspace)
    publish(workspace)
    with pytest.raises(InputError, match="published already, on 2026-12-14 08:00Z"):
        publish(workspace)
    keep(workspace, without(*somebody()))
    publish(workspace)
    with pytest.raises(InputError, match="version 1, which is superseded; version 2"):
        publish(workspace, version=1)


def test_an_earlier_version_does_not_follow_a_later_one(workspace):
    """Else an update of a calendar would bear a lower number than what it updates."""
    keep(workspace)
    keep(workspace, without(*somebody()))
    publish(workspace)
    with pytest.raises(InputError, match="version 1, which is verified; version 2"):
        publish(workspace, version=1)


def test_no_roster_and_no_such_version_are_named(workspace):
    with pytest.raises(MissingStepError, match="piekwijzer roster --week 2027-W02"):
        publish(workspace)
    keep(workspace)
    with pytest.raises(InputError, match=r"\(1\), came 7"):
        publish(workspace, version=7)


@pytest.mark.parametrize("suffix", [".json", ".instance.json"])
def test_stored_json_that_was_changed_is_refused(workspace, suffix):
    run = keep(workspace)
    file = workspace.lake.root / "roster" / f"{run}{suffix}"
    file.write_text(file.read_text().replace("M001", "M002", 1))
    with pytest.raises(StoreError, match="found it changed"):
        publish(workspace)
    assert states(workspace) == ["verified"]


def test_stored_json_that_was_changed_with_its_seal_is_still_verified(workspace):
    """Whoever may write in the database as well meets the rules."""
    run = keep(workspace)
    file = workspace.lake.root / "roster" / f"{run}.json"
    shifts = solved().assignments
    bad = with_shifts([*shifts, shifts[0].model_copy(update={"person": "M999"})])
    file.write_text(bad.to_json())
    with workspace.ledger.writing() as session:
        record = session.get_one(RosterRecord, (WEEK, 1))
        record.content = content_hash(bad.to_json())
    with pytest.raises(UnpublishableRosterError, match="M999"):
        publish(workspace)
    assert states(workspace) == ["verified"]


def test_a_roster_of_another_instance_is_refused(workspace):
    keep(workspace, solved().model_copy(update={"instance": "0" * 16}))
    with pytest.raises(UnpublishableRosterError, match="Made for this week"):
        publish(workspace)


def test_stored_json_that_is_gone_is_named(workspace):
    run = keep(workspace)
    (workspace.lake.root / "roster" / f"{run}.json").unlink()
    with pytest.raises(StoreError, match="expected its stored JSON"):
        publish(workspace)


def test_two_versions_of_a_week_cannot_both_be_published(any_workspace):
    """The database itself refuses it, whoever asks."""
    keep(any_workspace)
    keep(any_workspace, without(*somebody()))
    with any_workspace.ledger.engine.connect() as connection:
        with pytest.raises(IntegrityError):
            connection.execute(text("UPDATE rosters SET state = 'published'"))
        connection.rollback()


def test_of_two_who_publish_at_one_moment_one_wins(any_workspace):
    keep(any_workspace)
    keep(any_workspace, without(*somebody()))
    start, told = Barrier(2), []

    def go(version: int) -> None:
        start.wait(30)
        try:
            publish(any_workspace, version=version, who=f"planner {version}")
        except InputError as error:
            told.append(str(error))

    threads = [Thread(target=go, args=(version,)) for version in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    # One after the other, 1 before 2, is lawful too: then version 1 is superseded.
    assert states(any_workspace).count("published") == 1
    assert len(told) + states(any_workspace).count("superseded") == 1
    assert all("meanwhile" in line or "which is" in line for line in told)


def _publish_elsewhere(settings: Settings, version: int, gate) -> None:
    """In a process of its own: wait with all others for the same moment."""
    workspace = Workspace.open(settings)
    gate.wait(60)
    try:
        publish_roster(workspace, week=WEEK, now=IN_TIME, version=version)
    except InputError:
        raise SystemExit(2) from None
    finally:
        workspace.ledger.engine.dispose()


def test_of_two_processes_on_one_version_exactly_one_wins(
    any_workspace, forkserver: ForkServerContext
):
    keep(any_workspace)
    gate = forkserver.Barrier(2)
    given = (any_workspace.settings, 1, gate)
    processes = [
        forkserver.Process(target=_publish_elsewhere, args=given) for _ in range(2)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert sorted(process.exitcode or 0 for process in processes) == [0, 2]
    assert states(any_workspace) == ["published"]
    published_steps = [
        e for e in any_workspace.ledger.trail() if e.action == "published"
    ]
    assert len(published_steps) == 1


def test_who_was_overtaken_after_looking_changes_nothing(any_workspace, monkeypatch):
    """Version 2 was compared with nothing; meanwhile version 1 was published."""
    from staffing.pipeline import publishing

    keep(any_workspace)
    keep(any_workspace, without(*somebody()))
    real = publishing.verify

    def publish_meanwhile(instance, roster):
        monkeypatch.setattr(publishing, "verify", real)
        publish(any_workspace, version=1)
        return real(instance, roster)

    monkeypatch.setattr(publishing, "verify", publish_meanwhile)
    with pytest.raises(InputError, match="somebody else published"):
        publish(any_workspace, version=2)
    assert states(any_workspace) == ["published", "verified"]


def test_who_agreed_is_kept_beside_the_version_and_not_in_the_trail(any_workspace):
    keep(any_workspace)
    everybody = sorted({shift.person for shift in solved().assignments})
    publish(any_workspace, now=days_ahead(1), agreed=True, people=everybody)
    (version,) = versions(any_workspace, WEEK)
    assert (version.last.agreed, list(version.last.people)) == (True, everybody)
    detail = any_workspace.ledger.trail()[-1].detail
    assert detail.endswith(
        f"notice agreed otherwise, {len(everybody)} people agreed to a change"
    )
    assert not any(code in detail for code in everybody)


def test_forgotten_weeks_have_no_published_roster_and_no_names(workspace):
    keep(workspace)
    everybody = sorted({shift.person for shift in solved().assignments})
    publish(workspace, now=days_ahead(1), agreed=True, people=everybody)
    later = datetime(2028, 1, 1, tzinfo=UTC)
    before = WEEK + timedelta(days=7)
    forget(workspace, before, targets={}, now=later)
    clear_rosters(workspace, before)
    assert published(workspace, WEEK) is None
    assert published_shifts(workspace, WEEK).is_empty()
    (version,) = versions(workspace, WEEK)
    assert version.state == "published"
    assert all(step.people == () for step in version.steps)


def test_a_published_roster_that_is_gone_but_not_forgotten_is_told(workspace):
    """Rest and hours of later weeks look back on it: no memory is not no work."""
    run = keep(workspace)
    publish(workspace)
    (workspace.lake.root / "roster" / f"{run}.json").unlink()
    with pytest.raises(StoreError, match="2027-W02 version 1"):
        published(workspace, WEEK)


def test_versions_come_back_with_a_backup(new_home, tmp_path, now):
    home = new_home("one")
    keep(home)
    publish(home)
    keep(home, solved().model_copy(update={"bound": 0.0}))
    back_up(home, tmp_path / "backup", now=now)
    other = new_home("two", "postgresql")
    restore(other, tmp_path / "backup", now=now)
    assert versions(other) == versions(home)
    assert [read_version(other, v)[1].bound for v in versions(other)] == [
        solved().bound,
        0.0,
    ]


def test_the_published_shifts_are_those_of_the_roster(any_workspace):
    keep(any_workspace)
    publish(any_workspace)
    day = WEEK + timedelta(days=2)
    found = published_shifts(any_workspace, day)
    own = [shift for shift in solved().assignments if shift.day >= day]
    told = set(found.select("person", "start", "end").iter_rows())
    assert told == {(s.person, s.shift.start, s.shift.end) for s in own}
    hours = (found["end"] - found["start"]).sum()
    paused = (found["break_end"] - found["break_start"]).sum()
    worked = sum(shift.worked_hours for shift in own)
    assert (hours - paused) / timedelta(hours=1) == worked
    assert set(found["activity"]) <= {"phone", "counter", "back_office"}


def test_imported_shifts_count_where_no_roster_was_published_here(workspace):
    from forecasting.records import ImportRecord
    from tests.adopting import adopt

    keep(workspace)
    publish(workspace)
    code, day = somebody()
    rows = [
        (code, datetime(2027, 1, 11, 5, tzinfo=UTC)),  # this week is known here
        (code, datetime(2027, 1, 5, 8, tzinfo=UTC)),  # the week before is not
        ("X1", datetime(2027, 1, 11, 8, tzinfo=UTC)),  # nobody of this roster
    ]
    frame = pl.DataFrame(
        [(who, at, at + timedelta(hours=4), None, None, None) for who, at in rows],
        schema=published_shifts(workspace, day).schema,
        orient="row",
    )
    record = ImportRecord(
        id="shifts-1",
        source="shifts",
        kind="published_shifts",
        file="shifts.csv",
        sha256="1" * 64,
        rows_imported=frame.height,
        rows_rejected=0,
        at=IN_TIME,
    )
    adopt(workspace, record, {"published_shifts": frame}, now=IN_TIME)
    found = published_shifts(workspace, WEEK - timedelta(days=14))
    brief = found.filter(pl.col("end") - pl.col("start") == pl.duration(hours=4))
    kept = set(brief.filter(pl.col("activity").is_null())["start"])
    assert kept == {rows[1][1], rows[2][1]}
    assert found.height == len(solved().assignments) + 2


def test_the_village_of_these_tests_is_lawful():
    from staffing.roster.verifying import verify

    for roster in (solved(), without(*somebody())):
        assert not [v for v in verify(village_week(), roster) if v.hard]


def test_a_roster_of_before_versions_can_be_published(workspace):
    """Its seal is not known before; from then on it is."""
    run = keep(workspace)
    with workspace.ledger.writing() as session:
        record = session.get_one(RosterRecord, (WEEK, 1))
        record.content = record.instance = None
    done = publish(workspace).version
    assert (done.run, done.content) == (run, content_hash(solved().to_json()))
    keep(workspace)
    assert states(workspace) == ["published"]
