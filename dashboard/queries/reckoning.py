"""Earlier forecasts beside what came, for a choice of series."""

import polars as pl

from forecasting.explaining.verification import ALL
from forecasting.insight_tables import Verification
from forecasting.records import RunRecord
from forecasting.workspace import Workspace


def verification(
    workspace: Workspace, run: RunRecord, series: list[str], *, all_of_them: bool
) -> pl.DataFrame:
    """Per earlier run and horizon how it did on some series, the newest run first.

    `origin, ahead, periods, wape, bias, outside, expected_outside, warned, names`:
    errors over demand, `outside` over periods; `warned` counts the series whose errors
    left their interval too often, and names them. `expected_outside` is known for one
    series and for all of them together (`all_of_them`), else null.
    """
    frame = workspace.lake.scan("verification", run.id)
    if frame is None:
        return _pooled(Verification.create_empty())
    own = frame.filter(pl.col("series").is_in(series)).collect()
    pooled = _pooled(own)
    if len(series) > 1 and not all_of_them:
        return pooled.with_columns(expected_outside=pl.lit(None, pl.Float64))
    together = ALL if all_of_them and len(series) > 1 else series[0]
    bounds = frame.filter(pl.col("series") == together).collect()
    keys = ["run", "ahead"]
    known = bounds.select(*keys, pl.col("expected_outside"), pl.col("warning"))
    return pooled.drop("expected_outside").join(known, on=keys, how="left")


def _pooled(rows: pl.DataFrame) -> pl.DataFrame:
    demand, periods = pl.col("demand").sum(), pl.col("periods").sum()
    over = {
        name: pl.when(demand > 0).then((pl.col(name) * pl.col("demand")).sum() / demand)
        for name in ("wape", "bias")
    }
    told = rows.group_by("run", "origin", "ahead").agg(
        periods.alias("periods"),
        *(error.alias(name) for name, error in over.items()),
        ((pl.col("outside") * pl.col("periods")).sum() / periods).alias("outside"),
        pl.col("expected_outside").first(),
        pl.col("warning").sum().alias("warned"),
        pl.col("series").filter("warning").sort().alias("names"),
    )
    return told.sort("origin", "run", "ahead", descending=[True, False, False])
