"""What a run says of itself: headline errors, who weighed what, which series fell out."""

from collections.abc import Mapping

import polars as pl

from forecasting.accuracy import wape
from forecasting.backtesting import method_weights
from forecasting.history.censored import Censored
from forecasting.models.blend import BLEND
from forecasting.pipeline.parts import days_in_part
from forecasting.pipeline.town import Town
from forecasting.rolling.fanout import Predictions
from forecasting.runs import Figures

LAST_YEAR = "last_year"


def forecast_figures(
    town: Town,
    answers: Predictions,
    tables: Mapping[str, pl.DataFrame],
    scored: pl.DataFrame,
) -> Figures:
    """Figures of a forecast run.

    `wape` and `wape_last_year` compare the blend, weighted on earlier origins, with the
    same week last year over the same held-back periods of all daily series (of all series
    where none is daily); null without a backtest. `weights` tells per series what each method counts for in the blend, on average over
    the forecast periods.
    """
    without = tables["forecast"].join(tables["forecast_slots"], on="series", how="anti")
    headline = _headline(scored, town)
    wapes = _wapes(headline)
    return {
        "series": tables["forecast"]["series"].n_unique(),
        "horizon_days": town.tuning.horizon_days,
        "wape": wapes.get(BLEND),
        "wape_last_year": wapes.get(LAST_YEAR),
        "wape_by_method": wapes,
        "coverage90": _coverage(headline),
        "held_back_from": _text(headline["start"].min()),
        "history_first": _text(town.demand["start"].min()),
        "history_last": _text(town.demand.select(_end().max()).item()),
        **_gap_figures(town.gaps),
        "days_in_part": days_in_part(town.partial),
        **_unmet_figures(town.censored),
        "weights": _weights(answers, town),
        "stale_series": stale_series(town),
        "series_without_slots": sorted(without["series"].unique()),
        "failures": dict(answers.failures),
    }


def _gap_figures(gaps: pl.DataFrame) -> dict[str, object]:
    """How many gaps nothing explains, and how many periods are unknown by them."""
    open_gaps = gaps.filter(
        (pl.col("kind") != "series") & (pl.col("covered_by") == "none")
    )
    return {"gaps": open_gaps.height, "unknown_periods": open_gaps["periods"].sum()}


def _unmet_figures(censored: Censored | None) -> dict[str, object]:
    """Asked for in vain, as a share of all demand of the year before its last day."""
    if censored is None or censored.unmet.is_empty():
        return {"unmet_share": None, "redial_share": None}
    year = pl.col("start") > pl.col("start").max() - pl.duration(days=365)
    sums = censored.unmet.filter(year).select(
        pl.col("served", "unmet", "low", "high").sum()
    )
    found = sums.row(0, named=True)
    redials = censored.redials
    served = found["served"]
    return {
        "unmet_share": {
            name: round(found[column] / ((served + found[column]) or 1.0), 4)
            for name, column in (("mean", "unmet"), ("low", "low"), ("high", "high"))
        },
        "redial_share": {
            "mean": round(redials.share, 4),
            "low": round(redials.low, 4),
            "high": round(redials.high, 4),
            "known": redials.known,
        },
    }


def backtest_figures(
    town: Town, answers: Predictions, scored: pl.DataFrame
) -> dict[str, object]:
    """Figures of a backtest run."""
    return {
        "series": scored["series"].n_unique(),
        "failures": dict(answers.failures),
        "wape_by_method": _wapes(_headline(scored, town)),
    }


def _weights(answers: Predictions, town: Town) -> dict[str, str]:
    """Per series `nb_glm 0.46, prophet 0.31, ...`: the methods by weight."""
    table = method_weights(answers.past, answers.future, town.tuning)
    order = ["series", "weight", "method"]
    ranked = table.sort(order, descending=[False, True, False])
    part = pl.format("{} {}", "method", pl.col("weight").round(2))
    lines = ranked.group_by("series", maintain_order=True).agg(part.str.join(", "))
    return dict(lines.iter_rows())


def _headline(scored: pl.DataFrame, town: Town) -> pl.DataFrame:
    """The rows of the headline error: daily series, or all where none is daily.

    Series that ended long before the others were held back at another time: left out.
    """
    daily = town.cadences.filter(pl.col("cadence") == "day")
    rows = scored.filter(~pl.col("series").is_in(stale_series(town)))
    days = rows.join(daily, on="series", how="semi")
    return rows if days.is_empty() else days


def stale_series(town: Town) -> list[str]:
    """Series that ended long before the others: by the setting `stale_days`."""
    ends = town.demand.group_by("series").agg(_end().max().alias("last"))
    behind = (pl.col("last").max() - pl.col("last")).dt.total_days()
    return sorted(ends.filter(behind > town.tuning.stale_days)["series"])


def _wapes(rows: pl.DataFrame) -> dict[str, float | None]:
    """WAPE per method, on the periods that both the blend and last year answered."""
    keys = ["series", "origin", "start"]
    for method in (BLEND, LAST_YEAR):
        both = rows.filter(pl.col("method") == method).select(keys)
        rows = rows.join(both, on=keys, how="semi") if both.height else rows
    names = rows["method"].unique().sort()
    return {name: wape(rows.filter(pl.col("method") == name)) for name in names}


def _coverage(rows: pl.DataFrame) -> float | None:
    own = rows.filter(pl.col("method") == BLEND)
    inside = own["actual"].is_between(own["q05"], own["q95"]).mean()
    return float(inside) if isinstance(inside, float) else None


def _end() -> pl.Expr:
    """The last day of a period."""
    start, cadence = pl.col("start"), pl.col("cadence")
    of_week = pl.when(cadence == "week").then(start.dt.offset_by("6d")).otherwise(start)
    return pl.when(cadence == "month").then(start.dt.month_end()).otherwise(of_week)


def _text(day: object) -> str | None:
    return None if day is None else str(day)
