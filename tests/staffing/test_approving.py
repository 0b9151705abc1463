"""A second person approves: who made a plan does not, and an unproven name shows as such."""

from datetime import timedelta
from threading import Barrier, Thread

import polars as pl
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from forecasting.errors import InputError, MissingStepError, PolicyError
from forecasting.workspace import Workspace
from staffing.pipeline.approving import approve_batch
from staffing.reminders.batches.stored import batch_arms, batch_of, batches
from staffing.reminders.batches.tables import HELD_OUT, MAILED, stratum_of
from tests.staffing.batch_cases import NEXT, NOW, WEEK, approved, letters, plan_of


def named(workspace: Workspace, actor: str, **more: object) -> Workspace:
    """The same home, with somebody else at work."""
    settings = workspace.settings.model_copy(update={"actor": actor, **more})
    return Workspace(settings, workspace.lake, workspace.ledger)


def approve(workspace: Workspace, **how):
    return approve_batch(workspace, **{"week": WEEK, "now": NOW, **how})


def test_a_batch_holds_the_letters_of_its_week_and_both_arms(any_workspace):
    (batch,) = approved(any_workspace)
    arms = batch_arms(any_workspace)
    table = letters().filter(mailing_week=WEEK)
    sums = table.group_by("service", "expiry_week").agg(pl.col("letters").sum())
    mailed = arms.filter(arm=MAILED).select("service", "expiry_week", "count")
    assert sorted(mailed.iter_rows()) == sorted(sums.iter_rows())
    held = arms.filter(arm=HELD_OUT)["count"].sum()
    assert held == pytest.approx(table["letters"].sum() / 9, abs=6)
    assert set(arms["batch"]) == {batch.name} == {"2027-W05"}
    assert set(arms["mailing_week"]) == {WEEK}
    assert set(arms["channel"]) == {"letter"}
    for service, week, stratum in arms.select(
        "service", "expiry_week", "stratum"
    ).rows():
        assert stratum == stratum_of(service, week)


def test_steps_have_their_author_in_database_and_trail(any_workspace):
    (batch,) = approved(any_workspace)
    told = {state: (step.who, step.at) for state, step in batch.steps.items()}
    assert told == {
        "made": ("planner (unverified)", NOW),
        "approved": ("Anna (unverified)", NOW),
    }
    trail = any_workspace.ledger.trail()
    run = batch.run
    assert [(e.by, e.action, e.subject, e.detail) for e in trail] == [
        ("planner", "reminders", run, ""),
        ("planner", "made", "batch 2027-W05", f"plan {run}, unverified"),
        (
            "Anna",
            "approved",
            "batch 2027-W05",
            f"plan {run}, unverified, entered by planner",
        ),
    ]
    assert any_workspace.ledger.prove().broken is None


@pytest.mark.parametrize("who", [None, "planner", " Planner "])
def test_who_made_the_plan_does_not_approve_it(new_home, who):
    home = new_home("home")
    plan_of(home)
    with pytest.raises(InputError, match="expected a second person to approve"):
        approve(home, by=who)
    assert batches(home) == []


def test_whoever_made_the_same_plan_earlier_does_not_approve_it(new_home):
    home = new_home("home")
    plan_of(named(home, "Bea"))
    plan_of(home)
    with pytest.raises(InputError, match="came Bea, who made the plan"):
        approve(home, by="Bea")
    assert approve(home, by="Anna").steps["made"].by == "planner"


def test_with_an_identity_provider_only_a_login_approves(new_home):
    plan_of(new_home("home"))
    home = named(new_home("home"), "Anna", identity_provider="https://login.example.nl")
    plan_of(named(home, "planner"))
    with pytest.raises(InputError, match=r"logged in at https://login.example.nl"):
        approve(home)
    done = approve(home, verified=True, by="Anna")
    assert done.steps["approved"].who == "Anna"
    assert "unverified" not in home.ledger.trail()[-1].detail


def test_a_verified_approval_names_who_the_login_gave_and_nobody_else(any_workspace):
    """The account at work is no login: its name never stands in."""
    home = any_workspace
    plan_of(home)
    with pytest.raises(InputError, match="expected the name that the login gave"):
        approve(named(home, "Anna"), verified=True)
    assert batches(home) == []
    step = approve(home, verified=True, by="anna@stad.example").steps["approved"]
    assert (step.by, step.verified) == ("anna@stad.example", True)
    detail = home.ledger.trail()[-1].detail
    assert "unverified" not in detail
    assert "entered by planner" in detail


@pytest.mark.parametrize(
    "who",
    [
        "bea@stad.example",
        "BEA@stad.example",
        "\uff42ea@stad.example",
        "b\u00e9a@stad.example",
        "be\u0308a@stad.example",
    ],
)
def test_a_login_does_not_approve_its_own_plan(new_home, who):
    """Neither in other case, nor in letters that look the same."""
    home = new_home("home")
    plan_of(named(home, "bea@stad.example"))
    with pytest.raises(InputError, match="expected a second person"):
        approve(home, verified=True, by=who)
    assert batches(home) == []


def test_what_a_manifest_says_of_a_login_is_what_was_stored(new_home, tmp_path):
    import json

    from staffing.pipeline.exporting_batch import export_batch

    home = new_home("home")
    plan_of(home)
    approve(home, verified=True, by="anna@stad.example")
    files = export_batch(home, week=WEEK, now=NOW, out=tmp_path).files
    told = json.loads(files[-1].read_text("utf-8"))["approved"]
    assert (told["by"], told["login"]) == ("anna@stad.example", "verified")


def test_a_plan_of_before_counts_below_five_were_refused_shows_none_of_them(new_home):
    """What it was made with does not unmask a small count."""
    home = new_home("home")
    key = home.key("reminders", [], {"weeks": "52"}, 0)
    figures = {"settings": {"small_cell": 1}}
    home.store(key, {"letters": letters()}, figures, now=NOW)
    terms = approve(home, by="Anna").terms
    assert terms is not None
    assert terms.small_cell == 5


def test_a_week_is_approved_once(any_workspace):
    approved(any_workspace)
    entries = len(any_workspace.ledger.trail())
    with pytest.raises(InputError, match="batch 2027-W05 was approved already"):
        approve(any_workspace, by="Bea")
    assert len(any_workspace.ledger.trail()) == entries


def test_of_two_who_approve_at_one_moment_one_does(any_workspace):
    plan_of(any_workspace)
    start, told = Barrier(2), []

    def go(name: str) -> None:
        start.wait(30)
        try:
            approve(any_workspace, by=name)
        except InputError as error:
            told.append(str(error))

    threads = [Thread(target=go, args=(name,)) for name in ("Anna", "Bea")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    (first,) = batches(any_workspace)
    who = first.steps["approved"].by
    assert told == [f"batch 2027-W05 was approved already by {who}."]


def test_the_database_itself_holds_a_week_to_one_batch(any_workspace):
    approved(any_workspace)
    copy = (
        "INSERT INTO batches "
        "(name, mailing_week, run, channel, letters, seed, held_out) SELECT "
        "'other', mailing_week, run, channel, letters, seed, held_out FROM batches"
    )
    with any_workspace.ledger.engine.connect() as connection:
        with pytest.raises(IntegrityError):
            connection.execute(text(copy))
        connection.rollback()


def test_what_cannot_be_approved_is_named(new_home):
    home = new_home("home")
    with pytest.raises(MissingStepError, match="piekwijzer reminders plan"):
        approve(home, by="Anna")
    plan_of(home)
    with pytest.raises(InputError, match=r"\(2027-W05, 2027-W06\), came 2027-W07"):
        approve(home, by="Anna", week=NEXT + timedelta(weeks=1))
    with pytest.raises(InputError, match="from 2027-W06 on, came 2027-W05"):
        approve(home, by="Anna", now=NOW + timedelta(weeks=12))
    with pytest.raises(InputError, match="--by: expected a name"):
        approve(home, by=" ")
    assert batches(home) == []


def test_a_week_of_a_handful_of_letters_is_no_batch(new_home):
    home = new_home("home")
    plan_of(home, letters().filter(service="passport", mailing_week=WEEK).head(1))
    with pytest.raises(InputError, match="expected 5 letters or more of a service"):
        approve(home, by="Anna")


@pytest.mark.parametrize(
    ("before", "after"),
    [("seed = 20270104", "seed = 1"), ("held_out = 0.10", "held_out = 0.05")],
)
def test_the_draw_of_the_hold_out_stays_that_of_earlier_batches(
    new_home, tmp_path, before, after
):
    import shutil

    home = new_home("home")
    approved(home)
    config = tmp_path / "config"
    shutil.copytree(home.settings.config, config)
    file = config / "reminders.toml"
    assert before in file.read_text()
    file.write_text(file.read_text().replace(before, after))
    other = named(home, "planner", config=config)
    with pytest.raises(
        PolicyError, match="documents held out so far would get letters"
    ):
        approve(other, week=NEXT, by="Anna")
    assert len(batches(home)) == 1


def test_a_later_plan_leaves_an_approved_batch_as_it_was(any_workspace):
    approved(any_workspace)
    before = batch_arms(any_workspace)
    plan_of(any_workspace, letters(seed=9), now=NOW + timedelta(hours=1))
    assert batch_arms(any_workspace).equals(before)
    assert batch_of(any_workspace, WEEK).name == "2027-W05"
