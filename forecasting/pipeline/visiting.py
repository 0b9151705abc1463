"""How many of those who applied never come to collect, per series that follows another."""

from collections.abc import Collection, Iterator, Sequence

import numpy as np
import polars as pl
from threadpoolctl import (  # type: ignore[import-untyped]  # ships no types
    threadpool_limits,
)

from forecasting.insight_tables import SecondVisits
from forecasting.models.visits import SecondVisit, visit_shares
from forecasting.rolling.answers import past_of
from forecasting.rolling.tasks import Task
from forecasting.series.panel import FloatArray, as_date
from forecasting.tuning import Tuning


def second_visits(
    tasks: Sequence[Task], failed: Collection[str], tuning: Tuning
) -> pl.DataFrame:
    """A `SecondVisits` table of the tasks whose series follow another and did not fail."""
    sound = [task for task in tasks if task.series.name not in failed]
    columns = SecondVisits.column_names()
    with threadpool_limits(limits=1):  # sums in another order differ in the last digit
        rows = list(_rows(sound, tuning))
    table = pl.DataFrame(rows, schema=columns, orient="row")
    return SecondVisits.validate(table.sort("series"), cast=True)


def collected_after(
    tasks: Sequence[Task], service: str, tuning: Tuning
) -> dict[str, FloatArray]:
    """The part that follows by open days later, per daily series of a service.

    Of those series of second visits of which the history tells it.
    """
    way, found = SecondVisit(tuning.visits, tuning.glm), {}
    mine = [task for task in tasks if task.series.name.split("/")[1:2] == [service]]
    with threadpool_limits(limits=1):
        for task in mine:
            past = past_of(task, task.series)
            if past.cadence == "day" and past.leading is not None and way.suits(past):
                shares = visit_shares(past, tuning.visits).shares
                found[task.series.name] = shares
    return found


def _rows(tasks: Sequence[Task], tuning: Tuning) -> Iterator[tuple[object, ...]]:
    way, window = SecondVisit(tuning.visits, tuning.glm), tuning.visits.window_days
    for task in tasks:
        past = past_of(task, task.series)
        if past.leading is None or not way.suits(past):
            continue
        found = visit_shares(past, tuning.visits)
        later = np.arange(found.shares.size)
        after = float(later @ found.shares / max(found.shares.sum(), 1e-9))
        starts = past.series.starts
        begins = max(starts[0], past.leading.starts[0])
        first = max(begins, starts[-1] - np.timedelta64(window, "D"))
        known = (as_date(first), as_date(starts[-1]))
        yield task.series.name, *found.delivered, after, *known
