"""The step `effect`: what it reads and stores, and how the next plan learns from it."""

import json
from datetime import datetime, timedelta

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from dashboard.cli import app
from forecasting.errors import MissingStepError
from forecasting.insight_tables import RenewalTiming
from forecasting.reactions import MeasuredResponse
from forecasting.registry_tables import OutcomeReferences
from forecasting.workspace import Workspace
from staffing.pipeline.measuring_letters import letters_did_of, run_effect
from staffing.pipeline.response_inputs import response_known
from staffing.reminders.effect_tables import LetterEffects, LettersDid
from tests.adopting import adopt, record_of
from tests.staffing.effect_cases import MAILED_ON, arms, outcomes, store_arms

CAME = outcomes({2: 100, 5: 200, 8: 60}, {3: 10, 6: 12})


def bring_in(workspace: Workspace, came: pl.DataFrame, now: datetime) -> None:
    record = record_of("batch_outcomes", "outcomes", came.height, now=now)
    adopt(workspace, record, {"outcomes": came}, now=now)


@pytest.fixture
def mailed(workspace: Workspace, now: datetime) -> Workspace:
    store_arms(workspace, arms(), now=now)
    bring_in(workspace, CAME, now)
    return workspace


def test_what_letters_did_is_stored_and_told(mailed: Workspace, now: datetime) -> None:
    run = run_effect(mailed, now=now)
    curve = LetterEffects.validate(mailed.table(run, "letter_effects").collect())
    assert curve.filter(lead="all")["week"].to_list() == list(range(9))
    did = LettersDid.validate(letters_did_of(mailed, run))
    assert did["lead"].to_list() == ["all", "9-13"]
    assert did["difference"][0] == pytest.approx(360 / 900 - 22 / 100, abs=0.01)
    channels = run.figures["channels"]
    assert isinstance(channels, dict)
    assert channels["letter"]["shown"] is True
    assert run.figures["unknown_batches"] == 0


def test_the_next_plan_goes_by_what_was_measured(
    mailed: Workspace, now: datetime
) -> None:
    before = response_known(mailed, None)
    assert before.runs == ()
    assert before.sources()["reaction"]["letter"].startswith("assumed")
    run = run_effect(mailed, now=now)
    table = MeasuredResponse.validate(mailed.table(run, "measured_response").collect())
    known = response_known(mailed, None)
    assert known.runs == (run.id,)
    acts = known.response.channel["letter"].acts
    assert acts.value == table.filter(quantity="acts")["value"][0]
    assert acts.high - acts.low < 0.5, "the range that was assumed"
    assert known.sources()["reaction"]["letter"].startswith(
        "measured: 900 mailed, 100 held out"
    )
    assert known.response.channel["text"] == before.response.channel["text"]


def test_results_are_taken_in_once_however_often_they_are_looked_at(
    mailed: Workspace, now: datetime
) -> None:
    """The assumption stays the starting point: a second look is no second result."""
    first = run_effect(mailed, now=now)
    again = run_effect(mailed, now=now + timedelta(days=1))
    assert again.id == first.id
    second = mailed.table(again, "measured_response").collect()
    assert second.equals(mailed.table(first, "measured_response").collect())


def test_outcomes_by_reference_count_as_those_the_registry_counted(
    workspace: Workspace, now: datetime
) -> None:
    references = [
        (f"ref-{n:05}", "mailed" if n < 60 else "held out") for n in range(80)
    ]
    sent = pl.DataFrame(references, schema=["reference", "arm"], orient="row")
    store_arms(workspace, arms(60, 20), sent, now=now)
    days = [MAILED_ON + timedelta(weeks=8, days=n % 5) for n in range(0, 80, 2)]
    asked = pl.DataFrame(
        {"reference": [f"ref-{n:05}" for n in range(0, 80, 2)], "request_date": days}
    )
    record = record_of("batch_requests", "outcome_references", asked.height, now=now)
    told = OutcomeReferences.validate(asked)
    adopt(workspace, record, {"outcome_references": told}, now=now)
    run = run_effect(workspace, now=now)
    row = workspace.table(run, "letter_effects").collect().row(-1, named=True)
    assert (row["week"], row["mailed_came"], row["held_out_came"]) == (8, 30, 10)


def test_timing_is_that_of_the_forecast_where_it_knew_the_stock(
    workspace: Workspace, now: datetime
) -> None:
    lags = list(range(-30, 20))
    shares = {"hazard": 0.02, "weight": 0.015, "low": 0.01, "high": 0.02}
    timing = pl.concat(
        pl.DataFrame({"service": service, "age_band": "18-64", "lag": lags, **shares})
        for service in ("passport", "id_card")
    )
    outlook = pl.DataFrame(
        {"series": ["passport", "id_card"], "basis": ["stock", "history"]}
    )
    key = workspace.key("forecast", [], {}, 0)
    tables = {
        "renewal_timing": RenewalTiming.validate(timing, cast=True),
        "outlook": outlook,
    }
    run = workspace.store(key, tables, {}, now=now)
    known = response_known(workspace, run)
    sources = known.sources()["timing"]
    assert sources["passport"] == f"measured: by {run.id} from applications and stocks"
    assert sources["id_card"] == "assumed", "its stock was rebuilt, not counted"
    renews = known.response.timing_of("passport", "18-64").renews
    assert renews.value == pytest.approx(40 * 0.015)
    assert known.response.document, "hours come from the catalogue"


def test_without_batches_one_line_says_what_to_do(
    workspace: Workspace, now: datetime
) -> None:
    bring_in(workspace, CAME, now)
    with pytest.raises(MissingStepError, match="piekwijzer reminders approve"):
        run_effect(workspace, now=now)


def test_without_outcomes_one_line_says_what_to_do(
    workspace: Workspace, now: datetime
) -> None:
    store_arms(workspace, arms(), now=now)
    with pytest.raises(MissingStepError, match="--source batch_outcomes"):
        run_effect(workspace, now=now)


def test_outcomes_of_other_batches_alone_are_not_enough(
    workspace: Workspace, now: datetime
) -> None:
    store_arms(workspace, arms(), now=now)
    bring_in(workspace, CAME.with_columns(batch=pl.lit("elsewhere")), now)
    with pytest.raises(MissingStepError, match="none that belong to a stored batch"):
        run_effect(workspace, now=now)


def ask(workspace: Workspace, *words: str) -> Result:
    home = ["--home", str(workspace.settings.home)]
    return CliRunner().invoke(app, ["reminders", "effect", *words, *home])


def test_the_command_says_what_the_letters_did(mailed: Workspace) -> None:
    said = ask(mailed)
    assert said.exit_code == 0
    assert said.stdout.startswith(
        "Letters: 8 weeks after mailing the difference with those who got none is 17.9 points"
    )
    told = json.loads(ask(mailed, "--json").stdout)
    assert told["letters_did"][0]["shown"] is True
    assert told["channels"]["letter"]["week"] == 8


def test_the_command_refuses_impossible_outcomes_and_stores_nothing(
    workspace: Workspace, now: datetime
) -> None:
    store_arms(workspace, arms(900, 10), now=now)
    bring_in(workspace, CAME, now)
    said = ask(workspace)
    assert said.exit_code == 2
    assert len(said.stderr.splitlines()) == 1
    assert "expected at most 10 documents that were applied for, came 22" in said.stderr
    assert workspace.ledger.runs("effect") == []
