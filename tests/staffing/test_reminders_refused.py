"""What cannot be planned is refused, with the row and what was expected."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from forecasting.errors import InputError, PolicyError
from forecasting.workspace import Workspace
from staffing.pipeline.response_inputs import reminder_settings
from staffing.reminders import Response, plan
from staffing.reminders.response import Channel
from tests.staffing.reminder_cases import FIRST, Town, crest_town, policy, response

WEEK = timedelta(weeks=1)


@pytest.fixture(scope="module")
def town() -> Town:
    return crest_town()


def altered(column: str, value: object, town: Town) -> pl.DataFrame:
    """The stock with one value replaced in its third row."""
    third = pl.int_range(pl.len()) == 2
    kind = town.expiries.schema[column]
    new = pl.when(third).then(pl.lit(value, dtype=kind)).otherwise(pl.col(column))
    return town.expiries.with_columns(new.alias(column))


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("count", -4, "row 3: expected a count of 0 or more, came -4"),
        ("service", "", "row 3: expected a service, came"),
        ("service", None, "row 3: expected a service, came None"),
        ("service", "fishing", "came 'fishing'"),
        ("expiry_week", date(2026, 9, 21), "row 3: expected an expiry in the week"),
        ("expiry_week", date(2027, 1, 6), "expiry_week_is_a_monday"),
    ],
)
def test_a_stock_that_cannot_be_planned_is_refused_with_its_row(
    town: Town, column: str, value: object, message: str
) -> None:
    bad = altered(column, value, town)
    with pytest.raises(InputError, match=message):
        plan(bad, town.demand, town.capacity, response(), policy())


def test_a_lead_longer_than_the_validity_is_refused(town: Town) -> None:
    with pytest.raises(
        InputError, match=r"row 694: .*shorter than the validity of 260"
    ):
        town.plan(earliest_lead_weeks=300)


def test_an_earliest_lead_below_the_wait_is_refused() -> None:
    with pytest.raises(ValueError, match=r"at least wait \+ production \+ margin"):
        policy(earliest_lead_weeks=10, appointment_wait_weeks=13)


def test_a_week_missing_from_the_demand_is_refused(town: Town) -> None:
    holed = town.demand.filter(pl.col("week") != FIRST + 5 * WEEK)
    with pytest.raises(InputError, match="found 2027-01-04 after 2026-12-21"):
        plan(town.expiries, holed, town.capacity, response(), policy())


def test_a_week_without_capacity_is_refused(town: Town) -> None:
    with pytest.raises(InputError, match="row 40: expected capacity"):
        plan(town.expiries, town.demand, town.capacity[:-1], response(), policy())


def test_demand_before_the_stock_was_known_is_refused(town: Town) -> None:
    early = town.demand.with_columns(pl.col("week") - pl.duration(weeks=20))
    with pytest.raises(InputError, match="expected demand from the week of as_of"):
        plan(town.expiries, early, early, response(), policy())


@pytest.mark.parametrize(
    "third", [[1.0], [1.0, -2.0], [1.0, float("nan")], [], None], ids=str
)
def test_samples_that_do_not_belong_together_are_refused_with_their_week(
    town: Town, third: list[float] | None
) -> None:
    drawn: list[list[float] | None] = [[100.0, 120.0]] * town.demand.height
    drawn[2] = third
    samples = pl.Series("hours_samples", drawn, dtype=pl.List(pl.Float64))
    with pytest.raises(InputError, match=r"row 3: expected samples .*2026-12-07"):
        plan(
            town.expiries,
            town.demand.with_columns(samples),
            town.capacity,
            response(),
            policy(),
        )


@pytest.mark.parametrize("top", [(0.0, 1.0), (0.9, 0.9), (1.1, 1.2)])
def test_shares_of_the_busiest_week_are_above_zero_and_differ(
    top: tuple[float, ...],
) -> None:
    with pytest.raises(ValueError, match=r"shares above 0 of the busiest week"):
        policy(top=top)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('questions_to = "general"', 'questions_to = "vissen"', "came 'vissen'"),
        ('service = "passport"', 'service = "visakte"', "came 'visakte'"),
        ('purpose = "', 'purpose = "  "  # ', "batch.purpose"),
        ("small_cell = 5 ", "small_cell = 0 ", "plan.small_cell.*expected 5 or more"),
        ("small_cell = 5 ", "small_cell = 4 ", "tell of a person .came: 4"),
    ],
)
def test_settings_that_cannot_be_are_refused(
    new_home, tmp_path: Path, old: str, new: str, says: str
) -> None:
    home = new_home("home")
    config = shutil.copytree(home.settings.config, tmp_path / "config")
    text = (config / "reminders.toml").read_text("utf-8")
    assert old in text
    (config / "reminders.toml").write_text(text.replace(old, new, 1), "utf-8")
    settings = home.settings.model_copy(update={"config": config})
    with pytest.raises(PolicyError, match=says):
        reminder_settings(Workspace(settings, home.lake, home.ledger))


def test_a_timing_that_is_told_twice_is_refused() -> None:
    known = response()
    with pytest.raises(ValueError, match="is told twice"):
        Response(**{**dict(known), "timing": (*known.timing, known.timing[0])})


def test_a_message_that_is_read_after_years_is_refused() -> None:
    how = response().channel["letter"]
    with pytest.raises(ValueError, match="in order of week, from 1 to 260"):
        Channel(**{**dict(how), "read": ((1, 0.5), (10**8, 0.9))})
