"""`piekwijzer reminders approve`, `export` and `batches`, as they are typed."""

import json

import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from forecasting.settings import Settings
from tests.empty_home import open_home
from tests.staffing.batch_cases import documents, letters, plan_of, write


@pytest.fixture
def home(tmp_path):
    settings = Settings(home=tmp_path / "home", actor="planner")
    workspace = open_home(settings)
    plan_of(workspace, far(letters()))
    return settings.home


def far(table):
    """Mailing weeks and expiries ten years on: commands read the clock."""
    import polars as pl

    weeks = [pl.col(n).dt.offset_by("3640d") for n in ("mailing_week", "expiry_week")]
    return table.with_columns(*weeks)


WEEK = "2037-W04"


def typed(home, *words: str, **env: str):
    given = ["reminders", *words, "--home", str(home)]
    return CliRunner().invoke(app, given, env={"PIEKWIJZER_ACTOR": "planner", **env})


def test_a_week_is_approved_handed_out_and_listed(home, tmp_path):
    done = typed(home, "approve", "--week", WEEK, "--by", "Anna")
    assert done.exit_code == 0, done.stderr
    assert "approved by Anna (unverified)" in done.stdout
    done = typed(
        home, "export", "--week", WEEK, "--out", str(tmp_path / "out"), "--json"
    )
    told = json.loads(done.stdout)
    assert told["content"] == "quota"
    assert told["approved"]["verified"] is False
    assert len(told["files"]) == 3
    listed = json.loads(typed(home, "batches", "--json").stdout)["batches"]
    assert [batch["batch"] for batch in listed] == [WEEK]
    assert listed[0]["counts"] == told["counts"]


def test_references_are_chosen_and_none_is_shown(home, tmp_path):
    typed(home, "approve", "--week", WEEK, "--by", "Anna")
    table = far_documents()
    words = ("--references", str(write(tmp_path / "r.csv", table)), "--format", "xlsx")
    done = typed(home, "export", "--week", WEEK, *words)
    assert done.exit_code == 0, done.stderr
    assert "as references" in done.stdout
    assert "doc-" not in done.stdout
    assert (home / "exports" / f"controlegroep-{WEEK}.xlsx").is_file()


def far_documents():
    import polars as pl

    day = pl.col("expiry_date").str.to_date().dt.offset_by("3640d")
    return documents(12).with_columns(day.cast(pl.String).alias("expiry_date"))


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("approve", "--week", WEEK), "expected a second person"),
        (("approve", "--week", "2037-W60"), "expected an ISO week"),
        (("approve", "--week", "2037-W10", "--by", "Anna"), "came 2037-W10"),
        (("export", "--week", WEEK), f"reminders approve --week {WEEK}"),
    ],
)
def test_what_cannot_be_done_is_one_line(home, words, line):
    done = typed(home, *words)
    assert done.exit_code == 2
    assert line in done.stderr
    assert done.stderr.count("\n") == 1


def test_with_an_identity_provider_the_command_line_approves_nothing(home):
    provider = {"PIEKWIJZER_IDENTITY_PROVIDER": "https://login.example.nl"}
    done = typed(home, "approve", "--week", WEEK, "--by", "Anna", **provider)
    assert done.exit_code == 2
    assert "logged in at https://login.example.nl" in done.stderr
    assert typed(home, "batches").stdout.strip() == "No batch was approved yet."


def test_a_batch_is_withdrawn_with_its_reason_and_listed_so(home):
    typed(home, "approve", "--week", WEEK, "--by", "Anna")
    typed(home, "export", "--week", WEEK)
    words = ("withdraw", "--week", WEEK, "--by", "Bea", "--reason", "printer broken")
    refused = typed(home, *words)
    assert refused.exit_code == 2
    assert "add --not-sent" in refused.stderr
    assert refused.stderr.count("\n") == 1
    done = typed(home, *words, "--not-sent")
    assert done.exit_code == 0, done.stderr
    assert "withdrawn by Bea (unverified) (printer broken)" in done.stdout
    assert not list((home / "exports").iterdir())
    listed = json.loads(typed(home, "batches", "--json").stdout)["batches"]
    assert listed[0]["withdrawn"]["reason"] == "printer broken"
    assert listed[0]["withdrawn"]["verified"] is False
