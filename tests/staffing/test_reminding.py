"""The step `reminders` on a stored chain: what it reads, plans, stores and refuses."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from forecasting.errors import MissingStepError
from forecasting.reactions import MeasuredResponse
from forecasting.records import ImportRecord, RunRecord
from forecasting.workspace import Workspace
from staffing.pipeline.reminding import run_reminders, show_plan
from staffing.reminders.balance import balance_of
from staffing.tables import WeeklyLoad
from tests.adopting import adopt
from tests.staffing.reminder_cases import AS_OF, FIRST, Town, crest_town

HISTORY_LAST = date(2026, 11, 18)
WEEKS = 40


@pytest.fixture(scope="module")
def town() -> Town:
    return crest_town(weeks=WEEKS)


def bring_in(workspace: Workspace, stock: pl.DataFrame, now: datetime) -> None:
    record = ImportRecord(
        id="stock-1",
        source="registry",
        kind="expiries",
        file="stock.csv",
        sha256="0",
        rows_imported=stock.height,
        rows_rejected=0,
        at=now,
    )
    adopt(workspace, record, {"expiries": stock}, now=now)


def forecast_until(workspace: Workspace, last: date, now: datetime) -> RunRecord:
    days = pl.date_range(HISTORY_LAST + timedelta(days=1), last, eager=True)
    frame = pl.DataFrame({"start": days, "cadence": "day"})
    key = workspace.key("forecast", [], {}, 0)
    figures = {"history_last": HISTORY_LAST.isoformat()}
    return workspace.store(key, {"forecast": frame}, figures, now=now)


def weekly_load(town: Town, capacity: list[float | None]) -> pl.DataFrame:
    """The counter load halved over two locations, a part week before, and phones."""
    early = FIRST - timedelta(weeks=1)
    counter = town.demand.select(
        "week", hours=pl.col("hours") / 2, hours_q75=pl.col("hours") / 2
    ).with_columns(skill=pl.lit("counter"))
    part = pl.DataFrame(
        {"week": [early], "hours": [3.0], "hours_q75": [3.0], "skill": ["counter"]}
    )
    phone = counter.with_columns(skill=pl.lit("phone"), hours=pl.lit(999.0))
    parts = [
        pl.concat([part, counter, phone], how="diagonal").with_columns(
            location=pl.lit(name),
            hours_at_hand=pl.lit(hours, dtype=pl.Float64),
            capacity=pl.lit(hours, dtype=pl.Float64),
        )
        for name, hours in zip(("noord", "zuid"), capacity, strict=True)
    ]
    return WeeklyLoad.validate(pl.concat(parts).select(WeeklyLoad.column_names()))


def require(
    workspace: Workspace, town: Town, now: datetime, capacity: list[float | None]
) -> None:
    last = FIRST + timedelta(weeks=WEEKS, days=-1)
    forecast = forecast_until(workspace, last, now)
    key = workspace.key("requirement", [forecast.id], {}, 0)
    load = weekly_load(town, capacity)
    workspace.store(key, {"weekly_load": load}, {}, now=now)


@pytest.fixture
def chain(workspace: Workspace, town: Town, now: datetime) -> Workspace:
    bring_in(workspace, town.expiries, now)
    half = town.capacity["hours"][0] / 2
    require(workspace, town, now, [half, half])
    return workspace


def test_the_stored_plan_is_the_plan_of_the_stored_stock_and_load(
    chain: Workspace, town: Town, now: datetime
) -> None:
    run = run_reminders(chain, now=now)
    direct = town.plan()
    expected = direct.letters.filter(pl.col("expiry_week") >= FIRST)
    assert chain.table(run, "letters").collect().equals(expected)
    smoothing = chain.table(run, "smoothing").collect()
    assert smoothing["week"].to_list() == town.demand["week"].to_list()
    assert run.figures["letters_planned"] == expected["letters"].sum()
    assert run.figures["capacity_known"] is True
    assert run.figures["as_of"] == AS_OF.isoformat()


def test_expiries_are_mailed_held_out_or_counted_with_a_reason(
    chain: Workspace, town: Town, now: datetime
) -> None:
    figures = run_reminders(chain, now=now).figures
    assert figures["stock"] == town.documents
    assert balance_of(town.documents, figures).lost == 0


def test_only_the_newest_stock_counts(
    workspace: Workspace, town: Town, now: datetime
) -> None:
    older = town.expiries.with_columns(
        as_of=pl.lit(date(2026, 6, 30)), count=pl.col("count") * 7
    )
    issued = town.expiries.with_columns(
        as_of=pl.lit(date(2026, 12, 31)), basis=pl.lit("issued")
    )
    bring_in(workspace, pl.concat([older, town.expiries, issued]), now)
    require(workspace, town, now, [80.0, 80.0])
    figures = run_reminders(workspace, now=now).figures
    known = int(str(figures["expiries"])) + int(str(figures["expired"]))
    assert known == town.documents


def test_a_week_that_the_forecast_covers_in_part_is_not_planned(
    chain: Workspace, town: Town, now: datetime
) -> None:
    wednesday = FIRST + timedelta(weeks=30, days=2)
    forecast_until(chain, wednesday, now)
    run = run_reminders(chain, now=now)
    weeks = chain.table(run, "smoothing").collect()["week"]
    assert weeks.max() == FIRST + timedelta(weeks=29)
    assert run_reminders(chain, now=now, weeks=12).parameters == {"weeks": "12"}


def test_without_known_capacity_a_peak_is_a_fifth_above_the_median(
    workspace: Workspace, town: Town, now: datetime
) -> None:
    bring_in(workspace, town.expiries, now)
    require(workspace, town, now, [80.0, None])
    run = run_reminders(workspace, now=now)
    smoothing = workspace.table(run, "smoothing").collect()
    median = smoothing["before"].median()
    assert isinstance(median, float)
    assert smoothing["capacity"].to_list() == pytest.approx([1.2 * median] * WEEKS)
    assert run.figures["capacity_known"] is False


def test_the_same_run_twice_stores_the_same_bytes(
    chain: Workspace, now: datetime
) -> None:
    first = run_reminders(chain, now=now, seed=3)
    file = chain.lake.path("letters", first.id)
    content, figures = file.read_bytes(), dict(first.figures)
    again = run_reminders(chain, now=now + timedelta(days=1), seed=3)
    assert (again.id, again.figures) == (first.id, figures)
    assert file.read_bytes() == content


def test_a_town_that_imported_no_expiries_is_told_what_to_import(
    workspace: Workspace, now: datetime
) -> None:
    with pytest.raises(
        MissingStepError, match=r"Expected imported expiries.*import FILE"
    ):
        run_reminders(workspace, now=now)


def test_a_stock_without_outstanding_documents_is_not_enough(
    workspace: Workspace, town: Town, now: datetime
) -> None:
    bring_in(workspace, town.expiries.with_columns(basis=pl.lit("issued")), now)
    with pytest.raises(MissingStepError, match="basis 'outstanding', found none"):
        run_reminders(workspace, now=now)


def test_a_plan_needs_a_requirement_first(
    workspace: Workspace, town: Town, now: datetime
) -> None:
    bring_in(workspace, town.expiries, now)
    with pytest.raises(MissingStepError, match="piekwijzer requirement"):
        run_reminders(workspace, now=now)


def test_the_plan_is_shown_by_mailing_week_and_service(
    chain: Workspace, now: datetime
) -> None:
    with pytest.raises(MissingStepError, match="piekwijzer reminders plan"):
        show_plan(chain)
    run_reminders(chain, now=now)
    table = show_plan(chain)
    assert table.columns[0] == "week"
    assert table["week"].str.starts_with("2027-W0").any()


def test_the_plan_says_what_is_assumed_and_goes_by_what_was_measured(
    chain: Workspace, now: datetime
) -> None:
    """Letters that were measured to do nothing are not sent."""
    assumed = run_reminders(chain, now=now)
    response = assumed.figures["response"]
    assert isinstance(response, dict)
    assert response["reaction"]["letter"].startswith("assumed")
    assert response["timing"]["passport"] == "assumed"
    row = {"channel": "letter", "quantity": "acts", "value": 0.0, "low": 0.0}
    measured = MeasuredResponse.validate(
        pl.DataFrame([row | {"high": 0.0, "source": "measured: nothing"}])
    )
    key = chain.key("effect", [], {}, 0)
    chain.store(key, {"measured_response": measured}, {}, now=now)
    run = run_reminders(chain, now=now)
    assert run.id != assumed.id
    assert run.figures["letters_planned"] == 0
    told = run.figures["response"]
    assert isinstance(told, dict)
    assert told["reaction"]["letter"] == "measured: nothing"
