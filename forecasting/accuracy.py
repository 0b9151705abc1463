"""Accuracy of forecasts on periods that were held back.

WAPE = sum|y - f| / sum y; MASE = mean|y - f| over the mean absolute error in sample of
the seasonal naive forecast (a week back, for months a year back); pinball loss = mean
over the quantiles of (y - q)(level - [y < q]), divided by mean demand.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import stdtrit

from forecasting.series.panel import FloatArray, Panel, Series
from forecasting.tables import QUANTILE_NAMES, QUANTILES, Accuracy

LAG = {"day": 7, "week": 1, "month": 12}


def wape(rows: pl.DataFrame) -> float | None:
    """Demand-weighted absolute percentage error of `actual, mean`; None: no demand."""
    demand = float(rows["actual"].sum())
    error = float((rows["actual"] - rows["mean"]).abs().sum())
    return error / demand if demand > 0 else None


def pinball() -> pl.Expr:
    """Mean pinball loss of a row over the quantiles of a forecast."""
    gaps = (
        (pl.col("actual") - pl.col(name), level)
        for name, level in zip(QUANTILE_NAMES, QUANTILES, strict=True)
    )
    return pl.mean_horizontal(
        pl.max_horizontal(level * gap, (level - 1) * gap) for gap, level in gaps
    )


@dataclass(frozen=True)
class Coverage:
    """The share of outcomes from q05 to q95, with a 90% interval of that share."""

    share: float
    low: float
    high: float


def coverage(rows: pl.DataFrame, by: Sequence[str] = ("origin",)) -> Coverage | None:
    """How often outcomes lie within their 90% interval; None: there are none.

    Outcomes of one origin stray together, so the interval of the share goes by clusters:
    a ratio of sums over clusters, linearised (Cochran 1977, 6.3), with Student's t. One
    cluster alone leaves every share possible.

    Args:
        rows: `actual, q05, q95` and the columns of `by`.
        by: what makes a cluster.
    """
    if rows.is_empty():
        return None
    inside = pl.col("actual").is_between(pl.col("q05"), pl.col("q95")).sum()
    clusters = rows.group_by(by).agg(inside.alias("inside"), pl.len().alias("size"))
    clusters = clusters.sort(by)
    within, size = (clusters[c].to_numpy().astype(float) for c in ("inside", "size"))
    share, number = float(within.sum() / size.sum()), size.size
    if number == 1:
        return Coverage(share, 0.0, 1.0)
    squares = number / (number - 1) * np.sum((within - share * size) ** 2)
    room = float(stdtrit(number - 1, 0.95) * np.sqrt(squares) / size.sum())
    return Coverage(share, max(share - room, 0.0), min(share + room, 1.0))


def naive_error(panel: Panel) -> pl.DataFrame:
    """`series, naive`: the in-sample mean absolute error of the seasonal naive."""
    rows = [(s.name, _lagged_error(s, LAG[panel.cadence])) for s in panel.series]
    return pl.DataFrame(
        rows, schema={"series": pl.String, "naive": pl.Float64}, orient="row"
    )


def _lagged_error(series: Series, lag: int) -> float | None:
    ordinals: FloatArray = series.starts.astype(np.float64)
    if LAG["day"] == lag:
        at = np.searchsorted(ordinals, ordinals - lag)
        known = ordinals[np.minimum(at, ordinals.size - 1)] == ordinals - lag
        errors = np.abs(series.counts - series.counts[at])[known]
    else:
        errors = np.abs(series.counts[lag:] - series.counts[:-lag])
    return float(errors.mean()) if errors.size else None


def score(rows: pl.DataFrame, naive: pl.DataFrame, chosen: str) -> pl.DataFrame:
    """An `Accuracy` table: one row per series, method and horizon.

    Args:
        rows: `series, method, horizon, actual, mean` and the quantiles.
        naive: the scale of MASE per series.
        chosen: the method that the forecast uses.
    """
    demand = pl.col("actual").sum()
    error = (pl.col("actual") - pl.col("mean")).abs()
    inside = pl.col("actual").is_between(pl.col("q05"), pl.col("q95"))
    table = (
        rows.join(naive, on="series", how="left")
        .sort("series", "method", "origin", "start")
        .group_by("series", "method", "horizon", maintain_order=True)
        .agg(
            (pl.col("method").first() == chosen).alias("chosen"),
            pl.len().cast(pl.Int64).alias("periods"),
            demand.alias("demand"),
            _ratio(error.sum(), demand).alias("wape"),
            _ratio(error.mean(), pl.col("naive").first()).alias("mase"),
            _ratio(pinball().sum(), demand).alias("pinball"),
            inside.mean().alias("coverage90"),
        )
        .with_columns(pl.col("horizon").cast(pl.Int32))
        .sort("series", "horizon", "method")
    )
    return Accuracy.validate(table, cast=True)


def _ratio(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole > 0).then(part / whole)
