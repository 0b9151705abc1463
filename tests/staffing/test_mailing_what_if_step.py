"""`piekwijzer reminders what-if`: what it reads of a stored chain, tells and refuses."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from forecasting.insight_tables import Effects
from forecasting.outside_tables import OutsideForecasts
from forecasting.records import RunRecord
from forecasting.settings import Settings
from forecasting.tables import QUANTILE_NAMES, Expiries
from forecasting.workspace import Workspace
from staffing.pipeline.asking_mailing import TABLE, Asked, run_mailing_what_if
from staffing.pipeline.forecast_inputs import ForecastInputs
from staffing.pipeline.mailing_inputs import mailing_inputs
from staffing.pipeline.online_history import timing_with_online
from staffing.pipeline.other_forecasts import OtherForecasts
from staffing.pipeline.plan_basis import plan_basis
from staffing.pipeline.reminding import run_reminders
from staffing.reminders.choices import Choices
from staffing.reminders.scenarios import MailingScenarios, Scenario
from staffing.reminders.scenarios.tables import FIGURES
from staffing.tables import WeeklyLoad
from staffing.workload import expected_hours
from tests.adopting import adopt, record_of
from tests.empty_home import open_home
from tests.staffing import forecast_cases as cases

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
BEFORE = NOW - timedelta(days=1)
FIRST = date(2026, 11, 30)
SEEN = FIRST - timedelta(days=1)
WEEKS, CREST, LASTS = 20, 13, 5
APPLY = "noord/passport/application/appointment"
COLLECT = "noord/passport/collection/walk_in"
DRIVE = "noord/licence/application/appointment"
RENEW = "noord/licence/renewal/online"
MEANS = {APPLY: 60.0, COLLECT: 60.0, DRIVE: 40.0, RENEW: 10.0}


def stock() -> pl.DataFrame:
    rows = [
        (SEEN, service, FIRST + timedelta(weeks=week), "", "", "outstanding", 300)
        for service in ("licence", "passport")
        for week in range(40)
    ]
    schema = Expiries.create_empty().schema
    return Expiries.validate(pl.DataFrame(rows, schema=schema, orient="row"), cast=True)


def fees() -> pl.DataFrame:
    """A change of 2020 after which half as many came, as was measured."""
    rows = [
        ("fee", "passport", f"rise of 2020: {phase}", 0.5, 0.49, 0.51)
        for phase in ("weeks 0 to 4", "weeks 4 to 13")
    ]
    names = ["kind", "subject", "detail", "ratio", "low", "high"]
    days = {"first": date(2019, 11, 6), "last": date(2020, 4, 1), "evidence": 1}
    frame = pl.DataFrame(rows, schema=names, orient="row")
    columns = [pl.lit(value).alias(name) for name, value in days.items()]
    return Effects.validate(frame.with_columns(columns), cast=True)


def forecast() -> pl.DataFrame:
    """As many every day, and half as many more in five weeks."""
    early = (cases.MONDAY - FIRST).days
    start = pl.col("start").dt.offset_by(f"-{early}d")
    plain = cases.forecast(MEANS, days=7 * WEEKS).with_columns(start)
    monday = FIRST + timedelta(weeks=CREST)
    crest = pl.col("start").is_between(monday, monday + timedelta(weeks=LASTS, days=-1))
    more = pl.col("mean", *QUANTILE_NAMES) * pl.when(crest).then(1.5).otherwise(1.0)
    return plain.with_columns(more)


def store_forecast(workspace: Workspace) -> RunRecord:
    past = [SEEN - timedelta(days=days) for days in range(364)]
    history = pl.DataFrame(
        [
            {"series": series, "start": day, "cadence": "day", "count": mean}
            for series, mean in MEANS.items()
            for day in past
        ]
    )
    tables = {"forecast": forecast(), "demand": history, "effects": fees()}
    key = workspace.key("forecast", [], {}, 0)
    return workspace.store(key, tables, {"history_last": str(SEEN)}, now=NOW)


def store_requirement(workspace: Workspace, run: RunRecord) -> None:
    """The work of each series, and staff for a tenth more than a usual week."""
    work = ForecastInputs(workspace, run).work
    hours = expected_hours(forecast(), work)
    load = hours.with_columns(
        hours_q75=pl.col("hours"),
        hours_at_hand=1.5 * pl.col("hours").median().over("skill"),
        capacity=1.1 * pl.col("hours").median().over("skill"),
    )
    tables = {"weekly_load": WeeklyLoad.validate(load), "work": work}
    key = workspace.key("requirement", [run.id], {}, 0)
    workspace.store(key, tables, {}, now=NOW)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Twenty weeks of passports and licences, with a requirement and a stock."""
    home = tmp_path_factory.mktemp("home")
    workspace = open_home(Settings(home=home, executor="sequential"))
    frame = stock()
    record = record_of("registry", "expiries", frame.height, now=NOW)
    adopt(workspace, record, {"expiries": frame}, now=NOW)
    store_requirement(workspace, store_forecast(workspace))
    return workspace


def weekly(workspace: Workspace, week: int, **halved: bool) -> float:
    """Hours of the counter in a week, with some series halved."""
    run = workspace.latest("forecast")
    work = ForecastInputs(workspace, run).work.filter(skill="counter")
    half = pl.col("series").is_in([name for name, half in halved.items() if half])
    told = forecast().with_columns(
        pl.col("mean") * pl.when(half).then(0.5).otherwise(1.0)
    )
    hours = expected_hours(told.join(work, on="series", how="semi"), work)
    monday = FIRST + timedelta(weeks=week)
    return float(hours.filter(week=monday)["hours"].sum())


def asked(workspace: Workspace, **chosen: object) -> pl.DataFrame:
    run = run_mailing_what_if(workspace, Asked(**chosen), now=NOW)  # type: ignore[arg-type]
    return workspace.table(run, TABLE).collect()


def row_of(table: pl.DataFrame, kind: str) -> dict[str, object]:
    return table.filter(kind=kind).row(0, named=True)


def test_the_first_scenario_is_the_plan_as_it_stands(chain: Workspace) -> None:
    """Every figure of it is that of `reminders plan`."""
    table = asked(chain, leads=(20,))
    told = run_reminders(chain, now=NOW).figures
    row = row_of(table, "as planned")
    assert row["letters"] == told["letters_planned"]
    assert row["verdict"] == told["verdict"] == "letters help"
    gains = told["gains"]
    assert isinstance(gains, dict)
    for measure, one in gains.items():
        assert row[measure] == {name: one[name] for name in FIGURES}
    assert table["kind"].to_list() == ["as planned", "lead"]


def test_without_a_choice_all_kinds_are_there_with_a_plan_or_a_reason(
    chain: Workspace,
) -> None:
    """Nobody imported a forecast of others: it says so."""
    run = run_mailing_what_if(chain, now=NOW, weeks=8)
    table = chain.table(run, TABLE).collect()
    assert MailingScenarios.is_valid(table)
    kinds = ["as planned", "lead", "channel", "budget", "worth", "online", "fees"]
    assert table["kind"].unique(maintain_order=True).to_list() == [*kinds, "outside"]
    outside = row_of(table, "outside")
    assert outside["verdict"] is None
    assert "no forecast of others about these documents" in str(outside["note"])
    assert run.figures["not_reckoned"] == 1
    assert run.figures["scenarios"] == table.height - 1


def test_history_tells_what_part_of_the_renewals_is_online(chain: Workspace) -> None:
    """Ten of fifty; of passports none."""
    table = asked(chain, online=True).filter(kind="online")
    assert table["note"].str.contains("renewals online: licence 20%").all()
    assert table["renews_online"].to_list()[0] == 0
    assert table["renews_online"].to_list()[1] > 0


def others(workspace: Workspace) -> OtherForecasts:
    return OtherForecasts(workspace, plan_basis(workspace, weeks=WEEKS, seed=0))


def hours_of(scenario: Scenario) -> list[float]:
    assert scenario.inputs is not None
    demand = scenario.inputs.demand
    means = demand["hours_samples"].list.mean()
    assert means.to_list() == pytest.approx(demand["hours"].to_list())
    hours: list[float] = demand["hours"].to_list()
    return hours


def test_a_rise_of_fees_moves_the_load_as_the_one_that_was_measured(
    chain: Workspace,
) -> None:
    """For 13 weeks half the applications, eight days later half the collections."""
    scenario = others(chain).fees()
    assert scenario.value == "2027-01-01"
    assert "assumed of licence, passport" in scenario.note
    moved = hours_of(scenario)
    assert moved[3] == pytest.approx(weekly(chain, 3))
    assert moved[5] == pytest.approx(weekly(chain, 5, **{APPLY: True, DRIVE: True}))
    every = {APPLY: True, COLLECT: True, DRIVE: True}
    assert moved[6:17] == pytest.approx(
        [weekly(chain, week, **every) for week in range(6, 17)]
    )
    assert moved[19] == pytest.approx(weekly(chain, 19))


def test_a_fee_of_which_nothing_was_measured_is_left_out(
    chain: Workspace,
) -> None:
    """With the reason, and no plan."""
    run = chain.latest("forecast")
    tables = {"forecast": forecast()}
    bare = chain.store(
        chain.key("forecast", [], {}, 1), tables, run.figures, now=BEFORE
    )
    basis = replace(plan_basis(chain, weeks=WEEKS, seed=0), forecast=bare)
    scenario = OtherForecasts(chain, basis).fees()
    assert scenario.inputs is None
    assert "of licence, passport no earlier change was measured" in scenario.note


def expect(workspace: Workspace, subject: str, count: float, source: str) -> None:
    """Others expect so many of a subject over all these weeks, to bend ours halfway."""
    last = FIRST + timedelta(weeks=WEEKS, days=-1)
    row = (subject, "winter", FIRST, last, None, None, count, "bend", "RvIG")
    schema = OutsideForecasts.create_empty().schema
    told = OutsideForecasts.validate(pl.DataFrame([row], schema=schema, orient="row"))
    record = record_of(source, "outside_forecasts", 1, now=NOW)
    adopt(workspace, record, {"outside_forecasts": told}, now=NOW)


def test_a_forecast_of_others_takes_the_place_of_ours(chain: Workspace) -> None:
    """Half the passports: half their hours every week; bent halfway is not enough."""
    expect(chain, "move", 10.0, "others")
    assert others(chain).outside().inputs is None
    ours = float(forecast().filter(series=APPLY)["mean"].sum())
    expect(chain, "passport", ours / 2, "rvig")
    scenario = others(chain).outside()
    assert scenario.value == "RvIG"
    assert scenario.note == f"passport winter: {ours:.0f} becomes {ours / 2:.0f}"
    half = dict.fromkeys((APPLY, COLLECT), True)
    assert hours_of(scenario) == pytest.approx(
        [weekly(chain, week, **half) for week in range(WEEKS)]
    )


def test_a_forecast_of_others_for_one_office_moves_that_alone(chain: Workspace) -> None:
    """A pattern names series; the newest import of the same days goes before others."""
    ours = float(forecast().filter(series=DRIVE)["mean"].sum())
    expect(chain, "noord/licence/application/*", ours / 2, "rvig-later")
    scenario = others(chain).outside()
    assert f"noord/licence/application/* winter: {ours:.0f}" in scenario.note
    row = row_of(asked(chain, outside=True), "outside")
    assert row["verdict"] is not None


def test_what_the_forecast_follows_already_is_the_plan_as_it_stands(
    chain: Workspace,
) -> None:
    """No second plan is made of it."""
    for series, source in ((APPLY, "same-1"), (DRIVE, "same-2")):
        ours = float(forecast().filter(series=series)["mean"].sum())
        expect(chain, series.replace("noord", "*"), ours, source)
    expect(
        chain,
        "passport",
        float(forecast().filter(series=APPLY)["mean"].sum()),
        "same-3",
    )
    scenario = others(chain).outside()
    assert scenario.inputs is None
    assert "follows it already" in scenario.note


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--lead", "3"), "expected an earliest lead from 6 weeks"),
        (("--channel", "pigeon"), "came 'pigeon'"),
        (("--budget", "-5"), "expected a budget of 0 letters or more, came -5"),
        (("--worth", "0"), "expected more than 0 letters for an hour"),
    ],
)
def test_a_bad_option_is_one_line_and_stores_nothing(
    chain: Workspace, words: tuple[str, ...], line: str
) -> None:
    """Exit status 2, and no run more than before."""
    runs = len(chain.ledger.runs())
    given = ["reminders", "what-if", *words, "--home", str(chain.settings.home)]
    done = CliRunner().invoke(app, given)
    assert done.exit_code == 2
    assert line in done.stderr
    assert done.stderr.count("\n") == 1
    assert len(chain.ledger.runs()) == runs


def test_the_command_tells_a_line_per_scenario_and_json_the_whole(
    chain: Workspace,
) -> None:
    """With options that may be repeated."""
    given = ["reminders", "what-if", "--budget", "20", "--budget", "40"]
    given += ["--weeks", "8"]
    home = ["--home", str(chain.settings.home)]
    done = CliRunner().invoke(app, [*given, *home])
    assert done.exit_code == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [line.split("\t")[0] for line in lines] == [
        "scenario", "as planned", "budget 20", "budget 40"
    ]  # fmt: skip
    told = json.loads(CliRunner().invoke(app, [*given, *home, "--json"]).stdout)
    assert [row["value"] for row in told["scenarios"]] == ["", "20", "40"]
    assert told["scenarios"][1]["letters"] <= 20
    assert set(told["scenarios"][1]["staff_hours"]) >= {"before", "change_low"}


def test_assumed_timing_tells_of_visits_so_that_each_asks_all_of_the_counter(
    chain: Workspace,
) -> None:
    """Though a fifth of the licences is renewed online."""
    given = mailing_inputs(chain, weeks=52, seed=0, choices=Choices())
    assert given.online == {"licence": pytest.approx(0.2)}
    assert timing_with_online(chain, given.renewing) == set()
    assert given.response.response.document == given.renewing.document


def test_measured_timing_counts_renewals_online(chain: Workspace) -> None:
    """That of a forecast does; of the same service what is assumed does not."""
    given = mailing_inputs(chain, weeks=52, seed=0, choices=Choices())
    assumed = given.renewing.timing_of("licence", "")
    measured = assumed.model_copy(update={"source": "measured: by a forecast"})
    known = given.renewing.with_timing([measured])
    assert timing_with_online(chain, known) == {"measured: by a forecast"}
