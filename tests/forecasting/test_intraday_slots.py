from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

import forecasting
from forecasting.intraday.scoring import naive_slot_error
from forecasting.series.slots import whole_days, with_zeros
from forecasting.tables import QUANTILE_NAMES
from tests.forecasting.slot_cases import NAME, office, simulated, workdays


def history(
    days: list[date],
    minutes: int,
    *,
    scale: float = 1.0,
    cv: float = 0.2,
    seed: int = 0,
) -> pl.DataFrame:
    """Slots of an office that gets the same calls per hour, however finely counted."""
    part = scale * minutes / 30
    slots = simulated(
        days, lambda d, h: part * office(d, h), minutes=minutes, cv=cv, seed=seed
    )
    return slots.rename({"clock": "start"})


def after(known: pl.DataFrame, number: int, minutes: int) -> pl.DataFrame:
    first = known["start"].dt.date().to_list()[-1] + timedelta(days=1)
    return history(workdays(number, first), minutes, seed=1)


@pytest.mark.parametrize("minutes", [5, 15, 30, 60])
def test_slots_of_every_cadence_are_forecast_and_hold_their_interval(minutes):
    known = history(workdays(80), minutes)
    came = after(known, 20, minutes)
    answer = forecasting.forecast(known, future=came.select("series", "start"))
    assert answer.height == came.height
    quantiles = answer.select(QUANTILE_NAMES).to_numpy()
    assert (np.diff(quantiles, axis=1) >= 0).all()
    assert (quantiles >= 0).all()
    assert (quantiles == np.round(quantiles)).all()
    both = answer.join(came, on=["series", "start"])
    count = both["count"].to_numpy()
    inside = (count >= both["q05"].to_numpy()) & (count <= both["q95"].to_numpy())
    assert inside.mean() >= 0.88
    assert (count > both["q95"].to_numpy()).mean() <= 0.07
    assert both["mean"].sum() == pytest.approx(both["count"].sum(), rel=0.15)


def test_the_interval_of_a_slot_is_no_wider_than_its_counts_ask_for():
    known = history(workdays(80), 60, scale=3)
    came = after(known, 20, 60).with_columns(pl.col("count") * 0)
    answer = forecasting.forecast(known, future=came.select("series", "start"))
    mean = answer["mean"].to_numpy()
    sd = (answer["q95"] - answer["q05"]).to_numpy() / 3.29
    poisson_and_slots = np.sqrt(mean + (0.2 * mean) ** 2)
    assert (sd > 0.85 * poisson_and_slots).all()
    assert (sd < 1.6 * poisson_and_slots).all()


def test_the_slots_of_a_day_add_up_to_its_forecast():
    known = history(workdays(80), 15)
    answer = forecasting.forecast(known, horizon=14 * 96)
    days = known.group_by("series", pl.col("start").dt.date()).agg(
        pl.col("count").sum()
    )
    by_day = forecasting.forecast(days.sort("start"), horizon=14)
    sums = answer.group_by(pl.col("start").dt.date()).agg(pl.col("mean").sum())
    both = sums.join(by_day.select("start", pl.col("mean").alias("day")), on="start")
    assert both.height == 10
    assert both["mean"].to_list() == pytest.approx(both["day"].to_list(), rel=1e-6)


def test_counts_that_are_not_whole_have_quantiles_that_are_not():
    known = history(workdays(60), 30).with_columns(pl.col("count") * 0.5 + 0.25)
    answer = forecasting.forecast(known, horizon=48)
    quantiles = answer.select(QUANTILE_NAMES).to_numpy()
    assert (np.diff(quantiles, axis=1) > 0).all()


def broken_off(known: pl.DataFrame, hour: int) -> pl.DataFrame:
    last = known["start"].max()
    assert isinstance(last, datetime)
    return known.filter(pl.col("start") < last.replace(hour=hour, minute=0))


def test_a_last_day_that_breaks_off_is_not_learned_from():
    known = history(workdays(61), 15)
    part, before = broken_off(known, 11), broken_off(known, 0)
    wanted = after(known, 3, 15).select("series", "start")
    of_part = forecasting.forecast(part, future=wanted)
    assert of_part.equals(forecasting.forecast(before, future=wanted))
    whole = forecasting.forecast(known, future=wanted)
    assert not of_part.equals(whole)


def test_the_rest_of_a_day_that_breaks_off_is_forecast():
    part = broken_off(history(workdays(61), 15), 11)
    answer = forecasting.forecast(part, horizon=24)
    assert answer["start"].to_list()[0] == part["start"].to_list()[-1] + timedelta(
        minutes=15
    )


@pytest.mark.parametrize("hour", [10, 12, 15])
def test_days_known_in_part_are_left_out_at_both_ends(hour):
    known = history(workdays(30), 15)
    first = known["start"].min()
    assert isinstance(first, datetime)
    late = pl.col("start") >= first.replace(hour=hour)
    cut = broken_off(known, hour).filter(late)
    days = known["start"].dt.date().unique().sort()[1:-1]
    kept = whole_days(cut)
    assert kept["start"].dt.date().unique().sort().equals(days)
    assert whole_days(known).equals(known)


def test_zeros_that_an_export_leaves_out_are_zeros_all_the_same():
    known = history(workdays(60), 5, scale=0.3)
    bare = known.filter(pl.col("count") > 0)
    assert bare.height < 0.6 * known.height
    filled = with_zeros(bare)
    days = known["start"].dt.date()
    inside = known.filter((days > days.min()) & (days < days.max()))
    both = inside.join(filled, on=["series", "start"], how="left", suffix="_filled")
    assert both["count"].equals(both["count_filled"], check_names=False)
    wanted = after(known, 3, 5).select("series", "start")
    of_bare = forecasting.forecast(bare, future=wanted)["mean"].sum()
    assert of_bare == pytest.approx(
        forecasting.forecast(known, future=wanted)["mean"].sum(), rel=0.01
    )


def test_rows_that_are_missing_in_order_are_closed():
    known = history(workdays(40), 30).filter(pl.col("count") > 0)
    lunch = known.filter(pl.col("start").dt.hour() != 12)
    assert with_zeros(lunch).equals(lunch)
    sparse = known.with_columns(pl.col("count") - 1)
    assert with_zeros(sparse).equals(sparse)


def test_a_day_of_the_week_never_seen_open_goes_by_the_others():
    known = history(workdays(60), 30)
    saturday = date(2024, 3, 30)
    noon = datetime(2024, 3, 30, 12)  # noqa: DTZ001  a local time, as the history has
    wanted = pl.DataFrame({"series": [NAME], "start": [noon]})
    answer = forecasting.forecast(known, future=wanted)
    usual = known.filter(pl.col("start").dt.time() == noon.time())["count"].mean()
    assert saturday.isoweekday() == 6
    assert answer["mean"].item() == pytest.approx(usual, rel=0.4)


def test_a_backtest_of_slots_scores_slots():
    known = history(workdays(150), 30)
    table = forecasting.backtest(known, horizon=28 * 48, origins=1)
    blend = table.filter("chosen").row(0, named=True)
    assert blend["periods"] == 20 * 16
    assert blend["coverage90"] > 0.85
    last = table.filter(pl.col("method") == "last_week").row(0, named=True)
    assert blend["wape"] < last["wape"]
    assert blend["wape"] == pytest.approx(0.31, abs=0.03)
    assert blend["mase"] < 1


def test_a_backtest_leaves_out_a_last_day_that_breaks_off():
    known = history(workdays(101), 30)
    horizon = 14 * 48
    with_part = forecasting.backtest(broken_off(known, 11), horizon=horizon, origins=1)
    without = forecasting.backtest(broken_off(known, 0), horizon=horizon, origins=1)
    assert with_part.equals(without)


def test_the_naive_error_of_slots_is_that_of_the_same_slot_a_week_before():
    first = datetime(2026, 1, 5, 9, tzinfo=UTC)
    starts = [first + timedelta(days=i) for i in range(14)]
    counts = [float(i) for i in range(7)] + [float(i + 3) for i in range(7)]
    slots = pl.DataFrame({"series": NAME, "start": starts, "count": counts})
    assert naive_slot_error(slots).rows() == [(NAME, 3.0)]


@pytest.mark.parametrize(("last", "number"), [("2026-03-28", 92), ("2026-10-24", 100)])
def test_a_day_of_a_clock_switch_has_its_own_number_of_slots(last, number):
    end = datetime.fromisoformat(f"{last}T21:45:00")
    starts = pl.datetime_range(
        end - timedelta(days=60), end, "15m", time_zone="UTC", eager=True
    )
    local = starts.dt.convert_time_zone("Europe/Amsterdam")
    day = date.fromisoformat(last)
    known = pl.DataFrame(
        {"series": NAME, "start": starts, "count": 2.0 + (local.dt.hour() > 11)}
    ).filter(local.dt.date() <= day)
    answer = forecasting.forecast(known, horizon=2 * 96 + 8)
    clock = answer["start"].dt.convert_time_zone("Europe/Amsterdam")
    switch = answer.filter(clock.dt.date() == day + timedelta(days=1))
    assert switch.height == number
    mornings = clock.filter(clock.dt.date() == day + timedelta(days=1)).dt.hour() <= 11
    before, later = (switch.filter(part)["mean"] for part in (mornings, ~mornings))
    ratio = later.to_numpy().mean() / before.to_numpy().mean()
    assert ratio == pytest.approx(1.5, rel=0.03)
