"""The load of a plan when a forecast moves: hours, futures and staff hours follow."""

import polars as pl

from staffing.reminders.curve import fit_curve
from staffing.workload import expected_hours, weekly_futures


def moved_demand(
    demand: pl.DataFrame,
    work: pl.DataFrame,
    before: pl.DataFrame,
    after: pl.DataFrame,
    drawn: pl.DataFrame,
) -> pl.DataFrame:
    """The `demand` of a plan (`week, hours, hours_samples`) by another forecast.

    Hours change by what the work of the two forecasts differs; futures are those of the
    other one, drawn with the same seed.

    Args:
        demand: that of the plan as it stands.
        work: `SeriesWork` of the counter.
        before: the forecast that the plan was made from (`StoredForecast`).
        after: the other one, of the same series and periods.
        drawn: samples of the other one.

    Raises:
        InputError: a period of the other forecast has no samples.
    """
    futures = weekly_futures(_worked(after, work), work, drawn)
    more = _hours(after, work).join(_hours(before, work), on="week", suffix="_before")
    change = pl.col("hours_after") - pl.col("hours_before")
    moved = (
        demand.select("week", "hours")
        .join(more.rename({"hours": "hours_after"}), on="week", how="left")
        .join(futures, on="week", how="left", maintain_order="left")
        .with_columns(hours=(pl.col("hours") + change.fill_null(0.0)).clip(0.0))
    )
    samples = pl.col("ratios") * pl.col("hours")
    return moved.select("week", "hours", hours_samples=samples).sort("week")


def moved_capacity(
    capacity: pl.DataFrame, demand: pl.DataFrame, moved: pl.DataFrame
) -> pl.DataFrame:
    """The `capacity` of a plan with the staff hours that another load asks for.

    What can be served stays. Staff hours lie on the curve of the plan as it stands.
    """
    if "staff_hours" not in capacity.columns:
        return capacity
    both = (
        capacity.join(demand.select("week", load="hours"), on="week")
        .join(moved.select("week", other="hours"), on="week")
        .sort("week")
    )
    staff = both["staff_hours"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    curve = fit_curve(both["load"].to_numpy(), staff)
    change = curve.hours(both["other"].to_numpy()) - curve.hours(
        both["load"].to_numpy()
    )
    asked = pl.Series("staff_hours", staff + change).fill_nan(None)
    return both.select(capacity.columns).with_columns(asked)


def _worked(forecast: pl.DataFrame, work: pl.DataFrame) -> pl.DataFrame:
    return forecast.join(work, on="series", how="semi", maintain_order="left")


def _hours(forecast: pl.DataFrame, work: pl.DataFrame) -> pl.DataFrame:
    hours = expected_hours(_worked(forecast, work), work)
    return hours.group_by("week").agg(pl.col("hours").sum()).sort("week")
