"""History as it would have been without letters: what residents do by themselves.

Timing learnt from applications that letters moved would take the letters for habits, and
the next plan would move the same holders twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from forecasting.calendar import monday
from forecasting.models.expiry.applications import service_of
from forecasting.outside.applying_letters import moved_applications
from forecasting.outside.mail import Mail
from forecasting.rolling.tasks import Task
from forecasting.series.panel import Series, first_and_last

ROUNDS = 2
"""What letters moved follows from the timing, and the timing from what they moved; the
second correction of a timing that is nearly right changes next to nothing."""

Timed = Callable[[pl.DataFrame], pl.DataFrame]
"""From a demand to the timing (typed `RenewalTiming`) that it tells."""


def unlettered(
    demand: pl.DataFrame, mail: Mail, timed: Timed, steps: tuple[str, ...], last: date
) -> pl.DataFrame:
    """The demand less what letters brought, with what they brought forward put back.

    Args:
        demand: `series, start, cadence, count` of the past.
        mail: letters and reactions.
        timed: measures when holders come by themselves.
        steps: those that documents call for.
        last: the last day of the demand.
    """
    if not mail.sent_by(last):
        return demand
    found = demand
    for _ in range(ROUNDS):
        found = _less(demand, mail, timed(found), steps, last)
    return found


def _less(
    demand: pl.DataFrame,
    mail: Mail,
    timing: pl.DataFrame,
    steps: tuple[str, ...],
    last: date,
) -> pl.DataFrame:
    rows = demand.with_columns(pl.col("count").cast(pl.Float64))
    for service in mail.sent_by(last):
        names = rows["series"].unique().sort()
        mine = [name for name in names if service_of(name, [service], steps) == service]
        own = pl.col("series").is_in(mine)
        applied = rows.filter(own)
        if applied.is_empty():
            continue
        moved = moved_applications(
            applied.select("start", "cadence", pl.col("count").alias("mean")),
            service,
            lambda exposure: -mail.shift(exposure, timing),
            known_at=last,
            first=monday(first_and_last(applied["start"])[0]),
            until=last,
            carried=False,
        )
        less = pl.Series(moved.by_row(applied.height))
        back = applied.with_columns((pl.col("count") + less).clip(0).alias("count"))
        rows = pl.concat([rows.filter(~own), back])
    return rows.sort("series", "start")


def tasks_of_history(tasks: Sequence[Task], demand: pl.DataFrame) -> list[Task]:
    """The tasks with the counts of another demand on the same periods."""
    parts = demand.partition_by("series", as_dict=True)
    return [_with_counts(task, parts.get((task.series.name,))) for task in tasks]


def _with_counts(task: Task, demand: pl.DataFrame | None) -> Task:
    if demand is None:
        return task
    own = pl.DataFrame({"start": task.series.starts, "was": task.series.counts})
    known = demand.select(pl.col("start").cast(own["start"].dtype), "count")
    both = own.join(known, on="start", how="left", maintain_order="left")
    counts = both.select(pl.coalesce("count", "was")).to_series().to_numpy()
    series = Series(task.series.name, task.series.starts, counts)
    return replace(task, series=series)
