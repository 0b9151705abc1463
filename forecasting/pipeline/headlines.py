"""Headlines of what a run explains: the next peaks, and whether earlier runs held."""

from collections.abc import Mapping

import polars as pl

from forecasting.calendar import week_name
from forecasting.explaining.peaks import stretches
from forecasting.explaining.verification import ALL
from forecasting.insight_tables import Effects
from forecasting.runs import Figures

MOST_PEAKS = 12
A_WEEK = 7
SHIFT = "level shift"
APPLIED = "applied"


def explained_figures(tables: Mapping[str, pl.DataFrame]) -> Figures:
    """The next peaks, and how the newest forecast that can be judged did.

    `peaks`: of each group the highest week of its next stretch of peak weeks; those
    furthest above the usual first.

    `verification`: how the newest earlier run did of which more than a week came true
    (else the newest of which anything did), null without one; `warnings` names the series
    whose errors left their interval more often than chance allows, `all_warn` says so of
    all series together, `forecast_warnings` counts them. `level_shifts` are those found, the newest first, and `notices`
    the series by what is special about them. `outside_not_applied` are the statements
    of others that could not be followed in full, each with its `state`.
    """
    verified = _verified(tables["verification"])
    names = None if verified is None else verified["warnings"]
    return {
        "peaks": _next_peaks(tables["peaks"]),
        "verification": verified,
        "forecast_warnings": len(names) if isinstance(names, list) else None,
        "level_shifts": _shifts(tables["effects"]),
        "notices": _by_kind(tables["notices"]),
        "outside_not_applied": _not_applied(tables["outside_applied"]),
    }


def with_shifts(effects: pl.DataFrame, shifts: pl.DataFrame) -> pl.DataFrame:
    """An `Effects` table with shifts of level beside the effects measured."""
    day = pl.col("first").cast(pl.String).alias("detail")
    rows = shifts.rename({"series": "subject"}).with_columns(
        pl.lit(SHIFT).alias("kind"), day
    )
    columns = Effects.column_names()
    table = pl.concat([effects.select(columns), rows.select(columns)])
    return Effects.validate(table.sort("kind", "subject", "detail"), cast=True)


def _shifts(effects: pl.DataFrame) -> list[dict[str, object]]:
    """Shifts of level in the past year, the newest first."""
    recent = pl.col("first") > pl.col("last") - pl.duration(days=365)
    found = effects.filter((pl.col("kind") == SHIFT) & recent)
    order = ["first", "subject"]
    columns = (
        pl.col("subject").alias("series"),
        pl.col("first").cast(pl.String).alias("since"),
        *("ratio", "low", "high"),
    )
    return found.sort(order, descending=[True, False]).select(columns).to_dicts()


def _by_kind(notices: pl.DataFrame) -> dict[str, list[str]]:
    """The series of each kind of notice."""
    kinds = notices.group_by("kind").agg(pl.col("series").unique().sort())
    return dict(kinds.sort("kind").iter_rows())


def _not_applied(outside: pl.DataFrame) -> list[dict[str, object]]:
    """What others said that did nothing, or not all of it, the most important first."""
    left = outside.filter(pl.col("state") != APPLIED).sort("place")
    return left.select("subject", "period", "said_by", "state").to_dicts()


def _next_peaks(peaks: pl.DataFrame) -> list[dict[str, object]]:
    tops = stretches(peaks).sort("group", "week")
    nearest = tops.unique("group", keep="first", maintain_order=True)
    over = pl.col("expected") - pl.col("usual")
    ranked = nearest.sort(over, "group", descending=[True, False]).head(MOST_PEAKS)
    columns = ("group", "expected", "usual", "text_nl", "text_en")
    return [
        {
            **{name: week_name(row[name]) for name in ("week", "first", "last")},
            **{name: row[name] for name in columns},
        }
        for row in ranked.to_dicts()
    ]


def _verified(table: pl.DataFrame) -> dict[str, object] | None:
    if table.is_empty():
        return None
    longer = table.filter(pl.col("ahead") > A_WEEK)
    followed = table if longer.is_empty() else longer
    newest = table.filter(pl.col("origin") == followed["origin"].max())
    demand, periods = pl.col("demand").sum(), pl.col("periods").sum()
    share = (pl.col("outside") * pl.col("periods")).sum() / periods
    both = newest.filter(pl.col("series") == ALL)
    pooled = both.select(
        periods.alias("periods"),
        ((pl.col("wape") * pl.col("demand")).sum() / demand).alias("wape"),
        ((pl.col("bias") * pl.col("demand")).sum() / demand).alias("bias"),
        share.alias("outside"),
        pl.col("warning").any().alias("all_warn"),
    ).row(0, named=True)
    warned = newest.filter(pl.col("warning") & (pl.col("series") != ALL))
    names = warned["series"].unique().sort().to_list()
    origin, run = str(newest["origin"][0]), newest["run"][0]
    return {"run": run, "origin": origin, **pooled, "warnings": names}
