"""Demand and its forecast: a series, or the sum of those a planner selects."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import polars as pl

from forecasting.records import RunRecord
from forecasting.sampling import sum_quantiles
from forecasting.tables import QUANTILE_NAMES, Unmet, split_series
from forecasting.tuning import load_tuning
from forecasting.workspace import Workspace

Grain = Literal["day", "week"]
YEAR = timedelta(weeks=52)
FRIDAY = 4


@dataclass(frozen=True)
class Selection:
    """Which series to add up; None means all of that part."""

    location: str | None = None
    service: str | None = None
    channel: str | None = None
    step: str | None = None

    @property
    def pattern(self) -> str:
        """The series meant, as notes name them: with `*` for any; empty for all."""
        parts = (self.location, self.service, self.step, self.channel)
        return "/".join(part or "*" for part in parts) if any(parts) else ""


def parts(workspace: Workspace, run: RunRecord) -> pl.DataFrame:
    """Every series of a forecast with its location, service, step and channel."""
    series = workspace.table(run, "forecast").select("series", "cadence").unique()
    named = series.with_columns(split_series().alias("part")).unnest("part")
    return named.sort("series").collect()


def selected(known: pl.DataFrame, selection: Selection) -> list[str]:
    """The series of a selection."""
    for part in ("location", "service", "step", "channel"):
        wanted = getattr(selection, part)
        known = known if wanted is None else known.filter(pl.col(part) == wanted)
    return known["series"].to_list()


def services(known: pl.DataFrame) -> list[str]:
    """The services of some series; a series of another name is a service of its own."""
    named = known.select(pl.coalesce("service", "series")).to_series()
    return named.unique().sort().to_list()


def history(
    workspace: Workspace, run: RunRecord, series: list[str], grain: Grain
) -> pl.DataFrame:
    """Demand per day or whole week: `start, count, unmet`."""
    rows = _of(workspace, run, "demand", series).filter(pl.col("count").is_not_null())
    sums = _sum(rows, ["count", "unmet"], grain)
    return whole_weeks(workspace, run, sums) if grain == "week" else sums


def unmet(
    workspace: Workspace, run: RunRecord, series: list[str], grain: Grain
) -> pl.DataFrame:
    """Asked for in vain, as estimated: `start, served, unmet, low, high`.

    Bounds of a sum are those of series whose estimates all err to the same side.
    """
    frame = workspace.lake.scan("unmet", run.id)
    rows = Unmet.create_empty().lazy() if frame is None else frame
    rows = rows.filter(pl.col("series").is_in(series))
    sums = _sum(rows, ["served", "unmet", "low", "high"], grain)
    return whole_weeks(workspace, run, sums) if grain == "week" else sums


def expected(
    workspace: Workspace, run: RunRecord, series: list[str], grain: Grain
) -> pl.DataFrame:
    """The means of `outlook`, without its quantiles, which take much longer to draw."""
    rows = _of(workspace, run, "forecast", series)
    sums = _sum(rows, ["mean"], grain)
    return whole_weeks(workspace, run, sums) if grain == "week" else sums


def outlook(
    workspace: Workspace, run: RunRecord, series: list[str], grain: Grain
) -> pl.DataFrame:
    """The forecast per day or whole week: `start, mean, q05 .. q95`.

    Means add up exactly. Quantiles of a sum are those of the sums of dependent samples.
    """
    rows = _of(workspace, run, "forecast", series)
    if grain == "day" and len(series) == 1:
        return rows.select("start", "mean", *QUANTILE_NAMES).sort("start").collect()
    bonds = workspace.lake.scan("dependence", run.id)
    period = "week" if grain == "week" else "start"
    sums = sum_quantiles(
        rows.collect(),
        [period],
        load_tuning(workspace.settings.config).explaining.draws,
        run.seed,
        dependence=None if bonds is None else bonds.collect(),
    ).rename({period: "start"})
    return whole_weeks(workspace, run, sums) if grain == "week" else sums


def last_year(past: pl.DataFrame, ahead: pl.DataFrame) -> pl.DataFrame:
    """Demand 52 weeks before each forecast period: `start, count`, where known."""
    shifted = past.select(pl.col("start") + YEAR, "count")
    return ahead.select("start").join(shifted, on="start").sort("start")


def first_weeks(frame: pl.DataFrame, column: str, weeks: int = 4) -> float | None:
    """The sum of a column over the first weeks of a forecast."""
    if frame.is_empty():
        return None
    first: date = frame["start"].to_list()[0]
    within = frame.filter(pl.col("start") < first + timedelta(weeks=weeks))
    return float(within[column].sum())


def same_weeks_before(
    before: pl.DataFrame, ahead: pl.DataFrame, weeks: int = 4
) -> float | None:
    """Demand a year before the first weeks of a forecast; None where a week is not known.

    A sum of three weeks beside one of four would look like a rise.
    """
    if ahead.is_empty():
        return None
    first: date = ahead["start"].to_list()[0]
    within = pl.col("start") < first + timedelta(weeks=weeks)
    week = pl.col("start").dt.truncate("1w")
    wanted, known = (
        rows.filter(within).select(week.n_unique()).item() for rows in (ahead, before)
    )
    return float(before.filter(within)["count"].sum()) if wanted == known else None


def next_weeks(workspace: Workspace) -> dict[str, float | None] | None:
    """Contacts of all series in the next four weeks, as expected and a year before.

    None where there is no forecast, or its tables are gone.
    """
    run = workspace.ledger.latest("forecast", {})
    tables = ("forecast", "demand")
    if run is None:
        return None
    if any(workspace.lake.scan(name, run.id) is None for name in tables):
        return None
    names = parts(workspace, run)["series"].to_list()
    rows = _of(workspace, run, "forecast", names)
    ahead = whole_weeks(workspace, run, _sum(rows, ["mean"], "week"))
    before = last_year(history(workspace, run, names, "week"), ahead)
    earlier = same_weeks_before(before, ahead)
    return {"expected": first_weeks(ahead, "mean"), "last_year": earlier}


def _of(
    workspace: Workspace, run: RunRecord, dataset: str, series: list[str]
) -> pl.LazyFrame:
    return workspace.table(run, dataset).filter(pl.col("series").is_in(series))


def _sum(rows: pl.LazyFrame, columns: list[str], grain: Grain) -> pl.DataFrame:
    start = pl.col("start").dt.truncate("1w") if grain == "week" else pl.col("start")
    return rows.group_by(start).agg(pl.col(columns).sum()).sort("start").collect()


def whole_weeks(
    workspace: Workspace, run: RunRecord, sums: pl.DataFrame
) -> pl.DataFrame:
    """Leave out weeks that history or the horizon cuts short (before their Friday)."""
    for table in ("demand", "forecast"):
        edge = _last_day(workspace, run, table)
        if edge is None or edge.weekday() >= FRIDAY:
            continue
        cut = pl.col("start") == edge - timedelta(days=edge.weekday())
        sums = sums.filter(~cut)
    return sums


def _last_day(workspace: Workspace, run: RunRecord, table: str) -> date | None:
    rows = workspace.table(run, table).filter(pl.col("cadence") == "day")
    last: date | None = rows.select(pl.col("start").max()).collect().item()
    return last
