"""A made-up home whose forecast has a peak, told by the forecast's own rules."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl

from forecasting.catalogue import Catalogue
from forecasting.explaining.peaks import peak_weeks
from forecasting.explaining.sentences import told_peaks
from forecasting.explaining.weekly import (
    drawn_weeks,
    groups_of,
    weekly_causes,
    weekly_sums,
    whole_weeks,
)
from forecasting.insight_tables import Causes, Issued
from forecasting.pipeline.headlines import explained_figures
from forecasting.policy import load_policy
from forecasting.tables import QUANTILE_NAMES, StoredForecast
from forecasting.tuning import load_tuning
from forecasting.workspace import Workspace
from tests.dashboard.filled import fill
from tests.dashboard.made_up_demand import LAST, NOW, demand, forecast, gaps, unmet
from tests.dashboard.made_up_demand import accuracy as scored
from tests.dashboard.made_up_reasons import (
    beside,
    causes,
)

TOP = date(2027, 3, 8)
"""The Monday of the one week in which half as many again come for passports."""
MORE = 0.5


def peak_home(home: Path) -> Workspace:
    """A full home, with a newer forecast that has the peak."""
    workspace = fill(home)
    told, why = _forecast(), _causes()
    tables = {
        "demand": demand(),
        "forecast": told,
        "causes": why,
        "peaks": _peaks(workspace, told, why),
        "accuracy": scored(),
        "gaps": gaps(),
        "unmet": unmet(),
        **beside(),
    }
    figures = {"history_last": LAST.isoformat(), **explained_figures(tables)}
    key = workspace.key("forecast", ["peak"], {}, 0)
    workspace.store(key, tables, figures, now=NOW + timedelta(minutes=30))
    return workspace


def _busy() -> pl.Expr:
    week = pl.col("start").is_between(TOP, TOP + timedelta(days=6))
    return week & pl.col("series").str.contains("/passport/")


def _forecast() -> pl.DataFrame:
    columns = ("mean", *QUANTILE_NAMES)
    more = pl.when(_busy()).then(1 + MORE).otherwise(1.0)
    return StoredForecast.validate(
        forecast().with_columns(pl.col(name) * more for name in columns)
    )


def _causes() -> pl.DataFrame:
    """What is more comes of documents that expire."""
    more = (
        forecast()
        .filter(_busy())
        .select(
            "series",
            "start",
            pl.lit("expiries").alias("cause"),
            (MORE * pl.col("mean")).alias("count"),
        )
    )
    both = pl.concat([causes(), more]).group_by("series", "start", "cause")
    return Causes.validate(both.agg(pl.col("count").sum()), cast=True)


def _peaks(workspace: Workspace, told: pl.DataFrame, why: pl.DataFrame) -> pl.DataFrame:
    config = workspace.settings.config
    tuning, groups = load_tuning(config).explaining, groups_of(told["series"])
    weeks = whole_weeks(told, LAST)
    ahead = drawn_weeks(weeks, groups, draws=tuning.draws, seed=0)
    known = demand().with_columns(pl.col("start").dt.truncate("1w").alias("week"))
    past = weekly_sums(known, groups, "count")
    found = peak_weeks(ahead, past, tuning)
    reasons = weekly_causes(why, weeks, groups)
    catalogue = load_policy(config / "catalogue.toml", Catalogue)
    return told_peaks(found, reasons, Issued.create_empty(), catalogue, tuning)
