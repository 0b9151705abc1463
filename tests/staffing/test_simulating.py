"""The step `simulate` on a stored roster: it proves what the formulas promised."""

from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import polars as pl
import pytest
from typer.testing import CliRunner

from forecasting.calendar import week_name
from forecasting.errors import MissingStepError
from forecasting.records import RunRecord
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing import store
from staffing.cli import app
from staffing.pipeline.requiring import run_requirement
from staffing.pipeline.simulating import run_simulation
from staffing.tables import Activities, SimulatedSlots
from tests.empty_home import open_home
from tests.staffing import forecast_cases as cases
from tests.staffing.forecast_cases import MONDAY
from tests.staffing.test_requiring import CALLS, COLLECTIONS, MEANS, store_forecast

WEEK = week_name(MONDAY)


def store_roster(
    workspace: Workspace, now: datetime, more: int = 0, skill: str | None = None
) -> RunRecord:
    """A roster that gives every slot the people it asks for, and some more or less.

    With `skill` that holds for one skill alone.
    """
    needed = workspace.latest("requirement")
    chosen = workspace.table(needed, "requirement").filter("chosen").collect()
    week = store.of_week(chosen.lazy(), MONDAY, "Europe/Amsterdam")
    here = pl.lit(True) if skill is None else pl.col("skill") == skill
    people = pl.when(here).then(pl.col("people") + more).otherwise(pl.col("people"))
    staffed = week.with_columns(people.clip(0).alias("rostered"))
    key = workspace.key("roster", [needed.id], {"week": WEEK, "more": str(more)}, 0)
    return workspace.store(key, {"activities": activities(staffed)}, {}, now=now)


def activities(staffed: pl.DataFrame) -> pl.DataFrame:
    """Someone for everyone `rostered`, the same people all week."""
    each = staffed.with_columns(pl.int_ranges("rostered").alias("number"))
    rows = each.explode("number").drop_nulls("number")
    name = pl.concat_str("location", "skill", "number", separator=" ").alias("person")
    return Activities.validate(rows.select(name, "start", "location", "skill"))


def share(run: RunRecord, end: str = "mean") -> float:
    found = run.figures["within_25s"]
    assert isinstance(found, dict)
    return float(found[end])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a forecast, its requirement and a roster of one week, made once."""
    home = tmp_path_factory.mktemp("rostered") / "home"
    workspace, now = (
        open_home(Settings(home=home)),
        datetime(2026, 11, 22, 9, tzinfo=UTC),
    )
    store_forecast(workspace, now, MEANS)
    run_requirement(workspace, now=now)
    store_roster(workspace, now)
    return home


@pytest.fixture
def rostered(made: Path, tmp_path: Path) -> Workspace:
    """A copy of that home."""
    return Workspace.open(Settings(home=copytree(made, tmp_path / "rostered")))


def test_the_people_required_answer_about_the_target_within_25_seconds(
    rostered: Workspace, now: datetime
) -> None:
    run = run_simulation(rostered, week=MONDAY, now=now, replications=100)
    assert run.parameters["week"] == WEEK
    assert 0.78 < share(run) < 0.93
    assert share(run, "low") < share(run) < share(run, "high")
    skills = run.figures["skills"]
    assert isinstance(skills, dict)
    assert set(skills) == {"phone", "counter"}
    assert skills["counter"]["within_target"]["mean"] > 0.9


@pytest.mark.parametrize("more", [-1, 0])
def test_what_the_requirement_promises_comes_about(
    rostered: Workspace, now: datetime, more: int
) -> None:
    """Formula and simulation draw futures, noise and absence each in their own way.

    What is left between them: handling times of the phone are no exponentials and the
    formula holds each slot for steady.
    """
    store_roster(rostered, now.replace(hour=10), more=more)
    run = run_simulation(rostered, week=MONDAY, now=now, replications=400)
    table = rostered.table(rostered.latest("requirement"), "requirement").collect()
    chosen = table.filter("chosen").select("location", "skill", "start", "people")
    there = chosen.with_columns((pl.col("people") + more).clip(0))
    week = store.of_week(
        table.join(there, on=["location", "skill", "start", "people"]).lazy(),
        MONDAY,
        "Europe/Amsterdam",
    ).filter(pl.col("skill") == "phone")
    late, offered = (week[name].to_numpy().sum() for name in ("late", "offered"))
    expected = float(1 - late / offered)
    margin = (share(run, "high") - share(run, "low")) / 2
    assert share(run) == pytest.approx(expected, abs=2 * margin + 0.01)


def test_the_stored_slots_are_those_of_the_queues_in_the_week(
    rostered: Workspace, now: datetime
) -> None:
    run = run_simulation(rostered, week=MONDAY, now=now, replications=50)
    slots = SimulatedSlots.validate(rostered.table(run, "simulated_slots").collect())
    phone = slots.filter(pl.col("skill") == "phone")
    assert phone.height == 5 * 34
    assert phone["offered"].sum() == pytest.approx(5 * 600, rel=0.01)
    within = phone["within"].to_numpy().sum() / phone["offered"].to_numpy().sum()
    assert share(run) == pytest.approx(within)
    assert "back_office" not in slots["skill"]


def test_fewer_people_answer_fewer_calls(rostered: Workspace, now: datetime) -> None:
    full = run_simulation(rostered, week=MONDAY, now=now, replications=30)
    store_roster(rostered, now.replace(hour=10), more=-1)
    short = run_simulation(rostered, week=MONDAY, now=now, replications=30)
    assert share(short, "high") < share(full, "low")


def test_the_same_seed_gives_the_same_figures(
    rostered: Workspace, now: datetime
) -> None:
    runs = [
        run_simulation(rostered, week=MONDAY, now=now, seed=seed, replications=10)
        for seed in (1, 1, 2)
    ]
    assert runs[0].figures == runs[1].figures
    assert runs[0].figures != runs[2].figures


def test_single_weeks_lie_further_apart_than_their_mean_is_unsure(
    rostered: Workspace, now: datetime
) -> None:
    run = run_simulation(rostered, week=MONDAY, now=now, replications=100)
    weeks, mean = run.figures["weeks"], run.figures["within_25s"]
    assert isinstance(weeks, dict)
    assert isinstance(mean, dict)
    assert weeks["q10"] < mean["low"] < mean["high"] < weeks["q90"]


def test_a_town_without_phone_has_no_share_of_calls(
    workspace: Workspace, now: datetime
) -> None:
    store_forecast(workspace, now, {COLLECTIONS: 60.0})
    run_requirement(workspace, now=now)
    store_roster(workspace, now)
    run = run_simulation(workspace, week=MONDAY, now=now, replications=10)
    assert run.figures["within_25s"] is None
    assert run.figures["weeks"] is None


def test_without_a_roster_the_command_to_run_is_named(
    workspace: Workspace, now: datetime
) -> None:
    store_forecast(workspace, now, {CALLS: 60.0})
    run_requirement(workspace, now=now)
    with pytest.raises(MissingStepError, match="piekwijzer roster --week 2027-W02"):
        run_simulation(workspace, week=MONDAY, now=now)


def test_a_roster_for_another_forecast_is_refused(
    rostered: Workspace, now: datetime
) -> None:
    tables = {
        "forecast": cases.forecast({CALLS: 700.0}, days=21),
        "forecast_slots": cases.slots({CALLS: 700.0}, days=21),
    }
    key = rostered.key("forecast", [], {}, seed=7)
    rostered.store(key, tables, {}, now=now.replace(hour=11))
    later = now.replace(hour=12)
    run_requirement(rostered, now=later)
    with pytest.raises(MissingStepError, match=f"piekwijzer roster --week {WEEK}"):
        run_simulation(rostered, week=MONDAY, now=later)
    assert rostered.ledger.runs("simulate") == []


def test_nobody_is_told_by_name(rostered: Workspace, now: datetime) -> None:
    run = run_simulation(rostered, week=MONDAY, now=now, replications=5)
    slots = rostered.table(run, "simulated_slots").collect()
    assert "person" not in slots.columns
    assert "stadhuis phone 0" not in str(run.figures)


def test_why_weeks_differ_adds_up_for_every_skill(
    rostered: Workspace, now: datetime
) -> None:
    run = run_simulation(rostered, week=MONDAY, now=now, replications=60)
    skills = run.figures["skills"]
    assert isinstance(skills, dict)
    for told in skills.values():
        assert sum(told["reasons"].values()) == pytest.approx(1)
        assert 0 <= told["weeks_on_target"] <= 1
        assert set(told["weeks_by"]) == {"chance", "absence", "forecast"}
    assert run.figures["reasons"] == skills["phone"]["reasons"]
    assert skills["phone"]["reasons"]["forecast"] > 0.2


def test_the_command_tells_how_sure_it_is_and_how_far_weeks_lie_apart(
    rostered: Workspace,
) -> None:
    home = str(rostered.settings.home)
    words = ["simulate", "--week", WEEK, "--replications", "20", "--home", home]
    told = CliRunner().invoke(app, words).stdout
    figures = rostered.latest("simulate", week=WEEK).figures
    weeks, reasons = figures["weeks"], figures["reasons"]
    assert isinstance(weeks, dict)
    assert isinstance(reasons, dict)
    assert f"between {weeks['q10']:.0%} and {weeks['q90']:.0%}" in told
    assert f"forecast {reasons['forecast']:.0%}" in told


def test_a_week_without_a_roster_is_one_clear_line(rostered: Workspace) -> None:
    home = str(rostered.settings.home)
    words = ["simulate", "--week", "2027-W03", "--home", home]
    told = CliRunner().invoke(app, words)
    assert told.exit_code == 2
    assert "piekwijzer roster --week 2027-W03" in told.stderr
    assert "Traceback" not in told.stderr
