"""How far to trust a forecast: methods on held-back days, earlier forecasts beside what came."""

from dataclasses import dataclass

import polars as pl

from forecasting.explaining.verification import ALL
from forecasting.insight_tables import Verification
from forecasting.models.blend import BLEND
from forecasting.records import RunRecord
from forecasting.workspace import Workspace

LAST_YEAR = "last_year"
KEYS = ["series", "horizon"]


@dataclass(frozen=True)
class Ranking:
    """Methods on the same series: `rows` as of `accuracy`, the main one first.

    `series` of the `of` series chosen were measured by each of them.
    """

    rows: pl.DataFrame
    series: int
    of: int


def accuracy(workspace: Workspace, run: RunRecord, series: list[str]) -> pl.DataFrame:
    """Accuracy per method and horizon on held-back days, each on the series it can do.

    `method, horizon, wape, beside, mase, pinball, coverage90, periods, series`: `wape` is
    pooled exactly (errors over demand), `beside` that of the forecast itself on the same
    series, `pinball` by demand too, and the others over periods.
    """
    return _by_method(_scores(workspace, run, series))


def ranking(workspace: Workspace, run: RunRecord, series: list[str]) -> Ranking:
    """The forecast, the same week last year, and the best other on the same series."""
    rows = _scores(workspace, run, series).filter(pl.col("wape").is_not_null())
    main = rows.filter("main")["method"].unique().to_list()
    beside = rows.filter(pl.col("method") == LAST_YEAR).select(KEYS)
    known = rows.filter("main").select(KEYS)
    both = known if beside.is_empty() else known.join(beside, on=KEYS)
    same = rows.join(both, on=KEYS)
    can_do_all = pl.len().over("method") == both.height
    ranked = _by_method(same.filter(can_do_all))
    named = [*main, LAST_YEAR]
    others = ranked.filter(~pl.col("method").is_in(named))["method"].to_list()
    order = {name: place for place, name in enumerate([*main, *others[:1], LAST_YEAR])}
    kept = ranked.filter(pl.col("method").is_in(list(order)))
    place = pl.col("method").replace_strict(order, return_dtype=pl.Int64)
    return Ranking(kept.sort(place), both["series"].n_unique(), len(series))


def _scores(workspace: Workspace, run: RunRecord, series: list[str]) -> pl.DataFrame:
    """The stored accuracy with what the forecast itself scored (`wape_main`)."""
    found = workspace.table(run, "accuracy").filter(pl.col("series").is_in(series))
    rows = found.collect()
    chosen = rows.filter("chosen")["method"]
    blended = (rows["method"] == BLEND).any()
    name = BLEND if blended else chosen.mode().sort().first()
    marked = rows.with_columns((pl.col("method") == name).alias("main"))
    main = marked.filter("main").select(*KEYS, pl.col("wape").alias("wape_main"))
    return marked.join(main, on=KEYS, how="left")


def _by_method(rows: pl.DataFrame) -> pl.DataFrame:
    error, beside = (
        (pl.col(name) * pl.col("demand")).sum()
        / pl.col("demand").filter(pl.col(name).is_not_null()).sum()
        for name in ("wape", "wape_main")
    )
    known = pl.col("coverage90").is_not_null()
    inside = (pl.col("coverage90") * pl.col("periods")).sum() / (
        pl.col("periods").filter(known).sum()
    )
    pooled = rows.group_by("method", "horizon").agg(
        pl.when(pl.col("wape").is_not_null().any()).then(error).alias("wape"),
        pl.when(pl.col("wape_main").is_not_null().any()).then(beside).alias("beside"),
        _mean("mase", by="periods"),
        _mean("pinball", by="demand"),  # each is a share of the demand of its series
        pl.when(known.any()).then(inside).alias("coverage90"),
        pl.col("periods").sum(),
        pl.col("series").n_unique(),
    )
    return pooled.sort("horizon", "wape", "method", nulls_last=True)


def _mean(name: str, by: str) -> pl.Expr:
    """The mean of an error over the series that have it; null where none does."""
    some = pl.col(name).is_not_null()
    mean = (pl.col(name) * pl.col(by)).sum() / pl.col(by).filter(some).sum()
    return pl.when(some.any()).then(mean).alias(name)


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
