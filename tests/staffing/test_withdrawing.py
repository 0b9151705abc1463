"""A batch that was not sent is withdrawn: nothing reckons with it, and it stays told."""

from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import polars as pl
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from forecasting.errors import (
    FieldError,
    InputError,
    MissingStepError,
    OvertakenError,
)
from forecasting.ingest import REGISTRY_TARGETS, import_file
from forecasting.outside import planned_letters
from forecasting.registry_tables import Outcomes
from forecasting.targets import WITHDRAWN
from forecasting.workspace import Workspace
from staffing.pipeline import exporting_batch
from staffing.pipeline.already_mailed import after_batches, without_batches
from staffing.pipeline.approving import approve_batch
from staffing.pipeline.exporting_batch import export_batch, known_batches
from staffing.pipeline.measuring_letters import run_effect
from staffing.pipeline.response_inputs import reminder_settings
from staffing.pipeline.withdrawing import Seen, withdraw_batch
from staffing.publish import batch_files
from staffing.reminders.batches.named import references_of
from staffing.reminders.batches.stored import Batch, batch_arms, batches
from tests.adopting import adopt, record_of
from tests.staffing.batch_cases import NEXT, NOW, WEEK, approved, documents, write
from tests.staffing.test_already_mailed import stock
from tests.staffing.test_approving import named


def withdraw(home: Workspace, **how: object) -> Batch:
    given = {"week": WEEK, "now": NOW, "by": "Bea", "reason": "printer broken"}
    return withdraw_batch(home, **(given | how))  # type: ignore[arg-type]


def references(home: Workspace, name: str) -> set[str]:
    with home.ledger.reading() as session:
        return set(references_of(session, name)["reference"])


def outcomes(home: Workspace, batch: str) -> None:
    """A registry's counts that name a batch, for the strata it had."""
    arms = {"batch": batch, "arm": "mailed", "stratum": "passport 2027-Q2", "count": 1}
    row = arms | {"request_week": WEEK + timedelta(weeks=8)}
    table = Outcomes.validate(pl.DataFrame([row]).select(Outcomes.column_names()))
    record = record_of("batch_outcomes", "outcomes", 1, now=NOW)
    adopt(home, record, {"outcomes": table}, now=NOW)


def test_a_withdrawn_batch_is_told_with_who_when_and_why(any_workspace):
    approved(any_workspace)
    step = withdraw(any_workspace).steps["withdrawn"]
    assert (step.who, step.at) == ("Bea (unverified)", NOW)
    assert step.reason == "printer broken"
    trail = any_workspace.ledger.trail()[-1]
    assert (trail.by, trail.action) == ("Bea", "withdrawn")
    assert trail.subject == "batch 2027-W05"
    assert trail.detail == "printer broken, unverified, entered by planner"
    assert any_workspace.ledger.prove().broken is None


def test_nothing_reckons_with_it_any_more(any_workspace):
    """Neither the next plan, nor its budget, nor the forecast, nor the effect."""
    home, before = any_workspace, stock()
    approved(home)
    assert not planned_letters(home).is_empty()
    withdraw(home)
    assert without_batches(home, before)[0].equals(before)
    settings = reminder_settings(home)
    assert after_batches(home, settings.plan, settings.response, WEEK) == settings.plan
    assert planned_letters(home).is_empty()
    assert batch_arms(home).is_empty()


def test_its_counts_stay_on_record(any_workspace):
    approved(any_workspace)
    before = known_batches(any_workspace)[0][1].counts
    withdraw(any_workspace)
    ((batch, told),) = known_batches(any_workspace)
    assert batch.withdrawn
    assert told.counts.equals(before)


def test_the_week_gets_another_batch_under_another_name(any_workspace, tmp_path):
    home = any_workspace
    approved(home)
    withdraw(home)
    again = approve_batch(home, week=WEEK, now=NOW, by="Anna")
    assert again.name == "2027-W05-2"
    files = export_batch(home, week=WEEK, now=NOW, out=tmp_path).files
    assert files[0].name == "brieven-2027-W05-2.csv"
    withdraw(home, not_sent=True)
    assert approve_batch(home, week=WEEK, now=NOW, by="Anna").name == "2027-W05-3"
    assert [batch.withdrawn for batch in batches(home)] == [True, True, False]


def test_its_references_may_be_in_another_batch(any_workspace, tmp_path):
    """So few documents that a batch takes nearly all of them."""
    home = any_workspace
    approved(home, None, WEEK, NEXT)
    file = write(tmp_path / "r.csv", documents(3))
    export_batch(home, week=WEEK, now=NOW, out=tmp_path, references=file)
    first = references(home, "2027-W05")
    withdraw(home, not_sent=True)
    assert references(home, "2027-W05") == set()
    export_batch(home, week=NEXT, now=NOW, out=tmp_path, references=file)
    assert len(references(home, "2027-W06") & first) > len(first) / 2


def test_a_batch_that_was_exported_needs_the_statement_that_it_was_not_sent(
    any_workspace, tmp_path
):
    home = any_workspace
    approved(home)
    export_batch(home, week=WEEK, now=NOW, out=tmp_path)
    entries = len(home.ledger.trail())
    with pytest.raises(InputError, match="add --not-sent"):
        withdraw(home)
    assert not batches(home)[0].withdrawn
    assert len(home.ledger.trail()) == entries
    withdraw(home, not_sent=True)
    assert "exported, stated as not sent" in home.ledger.trail()[-1].detail


def test_its_files_in_the_home_go_and_those_of_others_stay(new_home, tmp_path):
    home = new_home("home")
    approved(home, None, WEEK, NEXT)
    exports = home.settings.exports
    for week in (WEEK, NEXT):
        for form in ("csv", "xlsx"):
            export_batch(home, week=week, now=NOW, out=exports, format=form)
    withdraw(home, not_sent=True)
    left = {file.name for file in exports.iterdir()}
    assert not any("W05" in name for name in left)
    assert len(left) == 5


def test_outcomes_of_a_withdrawn_batch_are_refused(new_home):
    home = new_home("home")
    approved(home)
    withdraw(home)
    outcomes(home, "2027-W05")
    with pytest.raises(InputError, match=r"withdrawn on 2026-11-22 by Bea") as refused:
        run_effect(home, now=NOW)
    assert "\n" not in str(refused.value)


def test_a_batch_with_outcomes_was_sent_and_is_not_withdrawn(new_home):
    home = new_home("home")
    approved(home)
    outcomes(home, "2027-W05")
    with pytest.raises(InputError, match="outcomes of it were imported"):
        withdraw(home, not_sent=True)
    assert not batches(home)[0].withdrawn


@pytest.mark.parametrize(
    ("reason", "fault"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("x" * 501, "too_long"),
        ("a\x1bb", "unprintable"),
        ("letter of 111222333", "bsn"),
        ("ask jan@gemeente.example", "email"),
    ],
)
def test_a_reason_is_asked_for_that_names_nobody(new_home, reason, fault):
    home = new_home("home")
    approved(home)
    with pytest.raises(FieldError, match="--reason: expected") as refused:
        withdraw(home, reason=reason)
    assert refused.value.fault == fault
    assert "\n" not in str(refused.value)
    assert not batches(home)[0].withdrawn


def test_only_the_batch_that_was_looked_at_is_withdrawn(any_workspace, tmp_path):
    """Handed out, withdrawn or made anew meanwhile: who did so is told, nothing changes."""
    home = any_workspace
    approved(home)
    seen = Seen("2027-W05", "approved")
    export_batch(home, week=WEEK, now=NOW, out=tmp_path, by="Cor")
    with pytest.raises(OvertakenError, match="batch 2027-W05 was changed by Cor"):
        withdraw(home, seen=seen, not_sent=True)
    assert not batches(home)[0].withdrawn
    handed_out = Seen("2027-W05", "exported")
    withdraw(home, seen=handed_out, not_sent=True, by="Dora")
    approve_batch(home, week=WEEK, now=NOW, by="Anna")
    with pytest.raises(OvertakenError, match="by Dora") as told:
        withdraw(home, seen=handed_out, not_sent=True)
    assert (told.value.by, told.value.at) == ("Dora", NOW)
    assert [batch.withdrawn for batch in batches(home)] == [True, False]


def test_what_does_not_stand_is_not_withdrawn(new_home):
    home = new_home("home")
    with pytest.raises(MissingStepError, match="2027-W05"):
        withdraw(home)
    approved(home)
    withdraw(home)
    with pytest.raises(MissingStepError, match="approve --week 2027-W05"):
        withdraw(home)


def test_with_an_identity_provider_only_a_login_withdraws(new_home):
    home = new_home("home")
    approved(home)
    secured = named(home, "planner", identity_provider="https://login.example.nl")
    with pytest.raises(InputError, match=r"logged in at https://login.example.nl"):
        withdraw(secured)
    assert withdraw(secured, verified=True).steps["withdrawn"].who == "Bea"


def test_of_two_who_withdraw_at_one_moment_one_does(any_workspace):
    approved(any_workspace)
    start, told = Barrier(2), []

    def go(name: str) -> None:
        start.wait(30)
        try:
            withdraw(any_workspace, by=name)
        except (InputError, MissingStepError) as error:
            told.append(str(error))

    threads = [Thread(target=go, args=(name,)) for name in ("Anna", "Bea")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(told) == 1
    actions = [entry.action for entry in any_workspace.ledger.trail()]
    assert actions.count("withdrawn") == 1


def test_an_export_during_which_a_batch_is_withdrawn_leaves_no_files(
    any_workspace, tmp_path, monkeypatch
):
    """Whoever exports finds out at the end, and takes away what was written."""
    home = any_workspace
    approved(home)
    whole = batch_files.write_handout

    def slow(*given):
        files = whole(*given)
        withdraw(home, not_sent=True)
        return files

    monkeypatch.setattr(exporting_batch, "write_handout", slow)
    with pytest.raises(InputError, match="was withdrawn meanwhile"):
        export_batch(home, week=WEEK, now=NOW, out=tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_the_database_lets_no_two_batches_of_a_week_stand(any_workspace):
    """Of a withdrawn one it does not matter."""
    approved(any_workspace)
    columns = "mailing_week, run, channel, letters, seed, held_out"
    copy = (
        f"INSERT INTO batches (name, withdrawn, {columns}) "  # noqa: S608  (our own)
        f"SELECT 'other-{{0}}', {{0}}, {columns} FROM batches WHERE name = '2027-W05'"
    )
    with any_workspace.ledger.engine.connect() as connection:
        connection.execute(text(copy.format("true")))
        with pytest.raises(IntegrityError):
            connection.execute(text(copy.format("false")))
        connection.rollback()


def letters_file(folder: Path, *names: str) -> Path:
    """What a registry tells of letters that went out, a row a batch."""
    head = "Zending;Document;Verzendweek;Week van afloop;Leeftijdsklasse;Wijk;Aantal brieven;Besloten op"
    rows = [f"{name};Paspoort;2027-W05;2027-W18;;;40;2027-01-20" for name in names]
    file = folder / "sent.csv"
    file.write_text("\n".join([head, *rows, ""]), "windows-1252")
    return file


def test_letters_of_a_withdrawn_batch_do_not_come_back_by_an_import(new_home, tmp_path):
    """They are refused by line; those that did go out come under a name of their own."""
    home = new_home("home")
    approved(home)
    withdraw(home)
    file = letters_file(tmp_path, "2027-W05", "2027-W05-sent")
    done = import_file(
        home,
        file,
        "planned_letters",
        targets=REGISTRY_TARGETS,
        now=NOW,
        max_rejects=0.5,
    )
    assert done.reasons == {f"Zending: {WITHDRAWN}": 1}
    assert planned_letters(home)["batch"].to_list() == ["2027-W05-sent"]


def test_letters_of_a_batch_that_stands_are_imported(new_home, tmp_path):
    home = new_home("home")
    approved(home)
    file = letters_file(tmp_path, "2027-W05")
    done = import_file(home, file, "planned_letters", targets=REGISTRY_TARGETS, now=NOW)
    assert not done.reasons
    with pytest.raises(InputError, match="letters that were sent of it were imported"):
        withdraw(home)
