"""What a caller asks of a forecast: a checked history, and what is wanted after it."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from forecasting.rolling.documents import catalogue_of_settings
from forecasting.rolling.planned import Planned
from forecasting.series.cadence import (
    SLOT_SECONDS,
    by_day,
    horizon_in_days,
    infer_cadence,
    on_days,
)
from forecasting.series.checking import as_frame, check_history, unique_periods
from forecasting.series.knowndays import Known, known_days
from forecasting.series.openness import ends, open_future
from forecasting.series.panel import Panel, as_date, first_and_last, to_panel
from forecasting.series.slots import whole_days, with_zeros
from forecasting.series.wanted import check_future
from forecasting.tuning import Tuning

A_WEEK = np.timedelta64(7, "D")
NEXT_DAYS = 35
"""After a horizon without an open period the next one is looked for this far."""


@dataclass(frozen=True)
class Asked:
    """A checked history, whole days of it as a panel, and what is wanted after it.

    `wanted` are the periods named; where it is None, those open within `reach` days and
    `horizon` periods are.
    """

    history: pl.DataFrame
    cadence: str
    panel: Panel
    horizon: int | None
    reach: int
    planned: Planned | None
    wanted: pl.DataFrame | None

    @property
    def slotted(self) -> bool:
        """Whether the history counts parts of a day."""
        return self.cadence in SLOT_SECONDS

    @property
    def brief(self) -> bool:
        """Whether the history is too short to tell the open days of a week."""
        first = min(series.starts[0] for series in self.panel.series)
        return bool(self.panel.last - first < A_WEEK)

    def days(self, known: Known, tuning: Tuning, beyond: int = 0) -> pl.DataFrame:
        """The open periods to come, of slots the days, where none are named.

        `beyond` are days after the horizon that are looked at as well.
        """
        return open_future(self.panel, self.reach + beyond, known, tuning.stale_days)


def nearest(periods: pl.DataFrame, most: int | None) -> pl.DataFrame:
    """Of periods to come those of the first day of each series, at most so many."""
    days = on_days(periods).select(pl.col("start").alias("day"))
    whole = periods.hstack(days).sort("series", "start")
    first = whole.filter(pl.col("day") == pl.col("day").min().over("series"))
    return first.drop("day").group_by("series", maintain_order=True).head(most or 1)


def asked_of(
    history: pl.DataFrame,
    horizon: int | None,
    future: pl.DataFrame | None,
    tuning: Tuning,
) -> Asked:
    """A history and what is wanted of it, checked.

    Raises:
        InputError: a frame lacks a column, repeats a key, or asks the impossible.
    """
    checked = check_history(history)
    cadence = infer_cadence(checked)
    slotted = cadence in SLOT_SECONDS
    checked = with_zeros(checked) if slotted else checked
    whole = by_day(whole_days(checked) if slotted else checked)
    panel = to_panel(whole, "day" if slotted else cadence)
    reach = _reach(horizon, cadence, tuning) + _days_cut(checked, panel)
    planned = None if future is None else _planned(checked, future)
    wanted = None if planned is None else check_future(checked, planned.asked)
    return Asked(checked, cadence, panel, horizon, reach, planned, wanted)


def _planned(history: pl.DataFrame, future: pl.DataFrame) -> Planned:
    """The future asked for, in which services that do not exist yet may be named."""
    wanted = unique_periods(as_frame(future, "future"))
    return Planned.of(wanted, history, catalogue_of_settings())


def _days_cut(history: pl.DataFrame, panel: Panel) -> int:
    """The days from the last whole one to that on which a slot history breaks off."""
    last = np.datetime64(first_and_last(on_days(history)["start"])[1])
    return int((last - panel.last).astype(np.int64))


def _reach(horizon: int | None, cadence: str, tuning: Tuning) -> int:
    return tuning.horizon_days if horizon is None else horizon_in_days(horizon, cadence)


def known_by(
    asked: Asked,
    country: str,
    subdiv: str | None,
    events: pl.DataFrame | None,
) -> Known:
    """What is known of the days of a history and of those wanted: holidays, events."""
    panel, history, wanted = asked.panel, asked.history, asked.wanted
    last = max(ends(panel, 0).values()) + np.timedelta64(asked.reach, "D")
    if wanted is not None:
        last = max(last, np.datetime64(first_and_last(wanted["start"])[1]))
    first = min(series.starts[0] for series in panel.series)
    years = as_date(first).year, as_date(last).year + 1
    named = None
    if "holiday" in history.columns:
        frames = [history] if wanted is None else [history, wanted]
        days = (on_days(frame).select("start", "holiday") for frame in frames)
        named = pl.concat(days)
    return known_days(country, subdiv, years, named=named, events=events)
