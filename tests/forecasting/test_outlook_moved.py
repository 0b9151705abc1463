"""Letters and forecasts from outside move the outlook by month, and it is said."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from forecasting.ingest import CONTACT_TARGETS, REGISTRY_TARGETS, import_file
from forecasting.insight_tables import Outlook
from forecasting.outside import (
    Applied,
    apply_outside,
    bent_outlook,
    both_told,
    months_with_letters,
)
from forecasting.outside_tables import OutsideApplied
from forecasting.pipeline import run_forecast
from forecasting.records import RunRecord
from forecasting.series.exposure import Exposure
from forecasting.tables import QUANTILE_NAMES
from forecasting.tuning import load_tuning
from forecasting.workspace import Workspace
from tests.forecasting.export_files import dutch_csv
from tests.forecasting.pipeline_cases import (
    LAST,
    NOW,
    contacts,
    workspace_with,
)
from tests.forecasting.reference_cases import CATALOGUE
from tests.forecasting.test_outside import demand, forecast, said

TUNING = load_tuning()
MONTHS = pl.date_range(date(2026, 12, 1), date(2036, 11, 1), "1mo", eager=True)
PARTS = {"renewals": 0.6, "lost": 0.1, "first": 0.1, "echo": 0.2}


def outlook(level: float = 400.0) -> pl.DataFrame:
    mean = level * (1 + 0.3 * np.sin(np.arange(120) / 12 * 2 * np.pi))
    steps = {q: mean * (0.7 + 0.1 * i) for i, q in enumerate(QUANTILE_NAMES)}
    parts = {name: mean * share for name, share in PARTS.items()}
    frame = {"series": "passport", "start": MONTHS, "mean": mean, **steps, **parts}
    return Outlook.validate(pl.DataFrame(frame | {"basis": "stock"}), cast=True)


def bent(*rows: dict[str, object]) -> Applied:
    return bent_outlook(outlook(), demand(), forecast(), said(*rows), CATALOGUE, TUNING)


def of_year(frame: pl.DataFrame, year: int) -> float:
    return float(
        frame.filter(pl.col("start").dt.year() == year)["mean"].to_numpy().sum()
    )


def test_a_rise_of_2029_bends_the_months_of_2029_and_no_others():
    base = demand().filter(pl.col("start").dt.year() == 2025)
    mine = pl.col("series").str.contains("/passport/application/")
    wanted = 1.25 * base.filter(mine)["count"].to_numpy().sum()
    row = {"percent": 25.0, "base_year": 2025, "period": "2029", "mode": "bend"}
    done = bent(row)
    before = of_year(outlook(), 2029)
    assert of_year(done.forecast, 2029) == pytest.approx((before + wanted) / 2)
    other = pl.col("start").dt.year() != 2029
    assert done.forecast.filter(other).equals(outlook().filter(other))
    told = done.said.row(0, named=True)
    assert told["state"] == "applied"
    assert told["said"] == pytest.approx(wanted)
    assert told["after"] == pytest.approx(of_year(done.forecast, 2029))


def test_quantiles_and_parts_of_a_month_move_with_its_mean():
    after = bent({"count": 9000.0, "period": "2030"}).forecast
    Outlook.validate(after)
    assert of_year(after, 2030) == pytest.approx(9000)
    total = after.select(pl.sum_horizontal(*PARTS)).to_series()
    assert total.to_numpy() == pytest.approx(after["mean"].to_numpy())
    ratio = after["q90"] / outlook()["q90"]
    assert (ratio * outlook()["mean"]).to_numpy() == pytest.approx(
        after["mean"].to_numpy()
    )


def test_the_outlook_follows_the_rules_of_the_forecast_when_two_speak():
    first = {"count": 9000.0, "period": "2030", "imported": 1, "source": "own"}
    done = bent(first, {"count": 800.0, "period": "2030-05", "imported": 2})
    may = done.forecast.filter(pl.col("start") == date(2030, 5, 1))["mean"].item()
    assert may == pytest.approx(800)
    states = dict(done.said.select("period", "state").iter_rows())
    assert states == {"2030-05": "applied", "2030": "partly overtaken"}


@pytest.mark.parametrize("subject", ["a/passport/*/*", "move", "*/*/*/*", "unicorn"])
def test_what_is_said_of_something_else_than_a_whole_service_moves_nothing(subject):
    done = bent({"count": 90.0, "period": "2030", "subject": subject})
    assert done.forecast.equals(outlook())


def test_a_pattern_of_all_applications_of_a_service_means_the_service():
    done = bent(
        {"count": 9000.0, "period": "2030", "subject": "*/passport/application/*"}
    )
    assert of_year(done.forecast, 2030) == pytest.approx(9000)


def test_a_statement_is_told_once_with_what_it_moved():
    rows = [{"count": 9000.0, "period": "2030"}, {"count": 800.0, "period": "2027-05"}]
    rows.append({"count": 5.0, "period": "2041"})
    near = apply_outside(forecast(), demand(), said(*rows), CATALOGUE, TUNING.outside)
    told = both_told(near.said, bent(*rows).said)
    OutsideApplied.validate(told)
    found = {row["period"]: (row["table"], row["state"]) for row in told.to_dicts()}
    assert found == {
        "2030": ("outlook", "applied"),
        "2027-05": ("forecast", "applied"),
        "2041": ("forecast", "outside the forecast"),
    }


def test_a_statement_on_longer_than_the_settings_allow_is_not_applied():
    row = {"count": 10.0, "period": "2024-01-01..2036-12-31"}
    done = apply_outside(forecast(), demand(), said(row), CATALOGUE, TUNING.outside)
    assert done.said["state"].to_list() == ["too long a period"]
    assert done.forecast.equals(forecast())
    assert bent(row).forecast.equals(outlook())


def test_letters_move_months_by_what_they_bring_and_take():
    first = np.datetime64("2026-11-30")
    weekly = np.full(60, 50.0)
    before = Exposure("passport", date(2026, 11, 29), first, weekly)
    moved = weekly.copy()
    moved[10], moved[30] = 90.0, 10.0
    after = replace(before, weekly=moved)
    starts = MONTHS.to_numpy()[:12]
    factors = months_with_letters(starts, before, after, np.ones(60))
    days = np.array([np.busday_count(m, m + 1) for m in starts.astype("datetime64[M]")])
    assert (days * (factors - 1)).sum() == pytest.approx(0)
    february, june = factors[2], factors[6]
    assert february == pytest.approx(1 + 0.8 * 5 / 20)
    assert june == pytest.approx(1 - 0.8 * 3 / 22)
    july = 1 - 0.8 * 2 / 22
    assert factors[7] == pytest.approx(july)
    assert np.delete(factors, [2, 6, 7]) == pytest.approx(np.ones(9))


@pytest.fixture(scope="module")
def planned(tmp_path_factory) -> tuple[Workspace, RunRecord, RunRecord]:
    """A town with a stock, before and after it hears of letters and of RvIG."""
    home: Path = tmp_path_factory.mktemp("home")
    workspace = workspace_with(home / "home", contacts(), "sequential")
    monday = LAST - timedelta(days=LAST.weekday())
    weeks = [monday + timedelta(weeks=i) for i in range(-50, 500)]
    stock: list[dict[str, object]] = [
        {
            "Peildatum": f"{LAST}",
            "Document": "Paspoort",
            "Week van afloop": f"{week}",
            "Leeftijdsklasse": band,
            "Wijk": None,
            "Soort": "outstanding",
            "Aantal": 30,
        }
        for week in weeks
        for band in ("0-17", "18+")
    ]
    letters: list[dict[str, object]] = [
        {
            "Zending": "2027-30",
            "Document": "Paspoort",
            "Verzendweek": f"{weeks[80]}",
            "Week van afloop": f"{weeks[80] + timedelta(weeks=16)}",
            "Leeftijdsklasse": "18+",
            "Wijk": None,
            "Aantal brieven": 30,
            "Besloten op": f"{LAST}",
        }
    ]
    rise = {"Product": "Paspoort", "Jaar": 2029, "Stijging in procenten": 25}
    brought: dict[str, list[dict[str, object]]] = {
        "registry_expiries": stock,
        "planned_letters": letters,
        "rvig_outlook": [{**rise, "Basisjaar": 2026}],
    }
    runs: list[RunRecord] = []
    for sources in (["registry_expiries"], ["planned_letters", "rvig_outlook"]):
        for source in sources:
            dutch_csv(home / f"{source}.csv", brought[source])
            targets = {**CONTACT_TARGETS, **REGISTRY_TARGETS}
            import_file(
                workspace, home / f"{source}.csv", source, targets=targets, now=NOW
            )
        runs.append(run_forecast(workspace, now=NOW + timedelta(hours=len(runs))))
    return workspace, runs[0], runs[1]


def by_month(planned: tuple[Workspace, RunRecord, RunRecord]) -> pl.DataFrame:
    workspace, plain, moved = planned
    both = [workspace.table(run, "outlook").collect() for run in (plain, moved)]
    Outlook.validate(both[1])
    return both[0].join(both[1], on=["series", "start"], suffix="_now")


def test_the_outlook_of_a_run_bends_in_2029_and_says_so(planned):
    workspace, _, run = planned
    year = by_month(planned).filter(pl.col("start").dt.year() == 2029)
    ratio = (year["mean_now"] / year["mean"]).to_numpy()
    assert np.ptp(ratio) < 1e-9
    (told,) = workspace.table(run, "outside_applied").collect().to_dicts()
    assert (told["period"], told["state"], told["table"]) == (
        "2029",
        "applied",
        "outlook",
    )
    assert told["after"] == pytest.approx(year["mean_now"].sum())
    assert told["said"] == pytest.approx(told["ours"] * (2 * ratio[0] - 1))
    moved = [row for row in run.figures["outlook_moved"] if row["cause"] == "outside"]
    assert [(row["service"], row["year"]) for row in moved] == [("passport", 2029)]
    difference = (year["mean_now"] - year["mean"]).sum()
    assert moved[0]["count"] == pytest.approx(difference, abs=0.06)


def test_letters_bring_the_outlook_of_a_run_forward_within_its_months(planned):
    months = by_month(planned).filter(pl.col("start").dt.year() < 2029)
    more = (months["mean_now"] - months["mean"]).to_numpy()
    assert more.max() > 1
    assert more.min() < -0.5
    assert int(np.argmax(more)) < int(np.argmin(more))
    season_apart = 0.25  # one who comes in another season counts for more or less
    assert abs(more.sum()) < season_apart * np.abs(more).sum()
