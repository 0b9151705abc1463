from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting.accuracy import coverage, naive_error, pinball, score, wape
from forecasting.series.checking import check_history
from forecasting.series.panel import to_panel
from forecasting.tables import QUANTILE_NAMES, QUANTILES


def test_wape_weighs_errors_by_demand():
    rows = pl.DataFrame({"actual": [10.0, 0.0, 30.0], "mean": [8.0, 1.0, 33.0]})
    assert wape(rows) == pytest.approx(6 / 40)


def test_wape_of_no_demand_is_unknown_rather_than_zero():
    assert wape(pl.DataFrame({"actual": [0.0], "mean": [1.0]})) is None


def test_pinball_loss_is_least_at_the_true_quantiles():
    rng = np.random.default_rng(3)
    actual = rng.gamma(4.0, 5.0, 4000)
    true = dict(zip(QUANTILE_NAMES, np.quantile(actual, QUANTILES), strict=True))

    def loss(shift: float) -> float:
        frame = pl.DataFrame({"actual": actual}).with_columns(
            pl.lit(value + shift).alias(name) for name, value in true.items()
        )
        return float(frame.select(pinball().mean()).item())

    assert loss(0.0) < min(loss(-1.0), loss(1.0))


def test_pinball_loss_of_a_point_forecast_is_half_its_absolute_error_on_average():
    columns = {name: [7.0] for name in QUANTILE_NAMES}
    frame = pl.DataFrame({"actual": [11.0], **columns})
    levels_mean = sum(QUANTILES) / len(QUANTILES)
    assert frame.select(pinball()).item() == pytest.approx(4.0 * levels_mean)


def test_the_naive_error_of_days_looks_exactly_one_week_back():
    days = [date(2026, 1, 5) + timedelta(days=i) for i in (0, 1, 7, 8, 21)]
    history = pl.DataFrame(
        {"series": "a", "start": days, "count": [10.0, 4.0, 13.0, 9.0, 99.0]}
    )
    errors = naive_error(to_panel(check_history(history), "day"))
    assert errors["naive"].to_list() == [(3 + 5) / 2]


def test_score_marks_the_chosen_method_and_counts_coverage():
    quantiles = {name: [5.0, 5.0] for name in QUANTILE_NAMES} | {"q95": [9.0, 9.0]}
    rows = pl.DataFrame(
        {
            "series": "a",
            "method": "blend",
            "horizon": 28,
            "origin": date(2026, 1, 1),
            "start": [date(2026, 1, 2), date(2026, 1, 3)],
            "actual": [7.0, 20.0],
            "mean": [6.0, 6.0],
            **quantiles,
        }
    )
    naive = pl.DataFrame({"series": ["a"], "naive": [3.0]})
    row = score(rows, naive, "blend").row(0, named=True)
    assert row["chosen"]
    assert row["coverage90"] == 0.5
    assert row["mase"] == pytest.approx((1 + 14) / 2 / 3)


def judged(rng: np.random.Generator, clusters: int, alike: float) -> pl.DataFrame:
    """Standard normal outcomes of which those of an origin share a part."""
    common = rng.standard_normal((clusters, 1)) * np.sqrt(alike)
    values = common + rng.standard_normal((clusters, 20)) * np.sqrt(1 - alike)
    return pl.DataFrame(
        {
            "origin": np.repeat(np.arange(clusters), 20),
            "actual": values.ravel(),
            "q05": -1.645,
            "q95": 1.645,
        }
    )


@pytest.mark.parametrize("alike", [0.0, 0.6])
def test_the_interval_of_a_coverage_holds_the_true_one_nine_times_in_ten(alike):
    rng, held = np.random.default_rng(1), []
    for _ in range(400):
        found = coverage(judged(rng, 30, alike))
        assert found is not None
        held.append(found.low <= 0.90 <= found.high)
    assert 0.84 <= np.mean(held) <= 0.95


def test_one_origin_alone_tells_little_of_coverage_and_none_nothing():
    rows = judged(np.random.default_rng(2), 1, 0.0)
    found = coverage(rows)
    assert found is not None
    assert (found.low, found.high) == (0.0, 1.0)
    assert coverage(rows.clear()) is None
