"""The public forecast: a history in, means and quantiles out."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from forecasting.backtesting import settle
from forecasting.errors import InputError
from forecasting.intraday.slotwise import open_slots, share_days_out
from forecasting.rolling.attempts import warn_of
from forecasting.rolling.documents import (
    Documents,
    besides_with,
    catalogue_of_settings,
)
from forecasting.rolling.fanout import Predictions, predict_all, settings_for
from forecasting.rolling.planned import Planned
from forecasting.rolling.tasks import tasks_of
from forecasting.series.cadence import (
    SLOT_SECONDS,
    by_day,
    days_as_written,
    days_of,
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
from forecasting.tables import QUANTILE_NAMES
from forecasting.tuning import Tuning, load_tuning


def forecast(
    history: pl.DataFrame,
    *,
    horizon: int | None = None,
    future: pl.DataFrame | None = None,
    country: str = "NL",
    subdiv: str | None = None,
    expiries: pl.DataFrame | None = None,
    events: pl.DataFrame | None = None,
    seed: int = 0,
) -> pl.DataFrame:
    """Forecast every series: `series, start, mean, q05 .. q95`, never negative or crossing.

    A blend of methods, by how they did at rolling origins of the same history. Slots get
    the forecast of their day x a profile of its times.

    Args:
        history: `series, start, count`, optionally `holiday`, a row per open period.
        horizon: periods ahead; 60 weeks when neither it nor `future` is given.
        future: the periods wanted instead, `series, start` (and `holiday` likewise);
            a series without history goes by the service it is `like` in the catalogue.
        country: whose public holidays; the column `holiday` goes before them.
        subdiv: region of the country.
        expiries: documents by week of expiry, as `checked_expiries` wants them; without
            it they are rebuilt from Dutch `location/service/step/channel` histories.
        events: `name, start, end`, known in advance, each name with its own effect.
        seed: accepted for methods that draw at random; those of today do not.

    Raises:
        InputError: a frame lacks a column, repeats a key, or asks the impossible; or no
            series can be forecast. Where only some cannot, a warning names each.
    """
    del seed
    tuning = load_tuning()
    documents = Documents.given(expiries, country)
    asked = _asked(history, horizon, future, tuning)
    known = _known(asked, country, subdiv, events)
    answer = _slots if asked.slotted else _periods
    return _named(answer(asked, known, tuning, documents), asked.planned, tuning)


@dataclass(frozen=True)
class _Asked:
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
        return self.cadence in SLOT_SECONDS

    def days(self, known: Known, tuning: Tuning) -> pl.DataFrame:
        """The open periods to come, of slots the days, where none are named."""
        return open_future(self.panel, self.reach, known, tuning.stale_days)


def _asked(
    history: pl.DataFrame,
    horizon: int | None,
    future: pl.DataFrame | None,
    tuning: Tuning,
) -> _Asked:
    checked = check_history(history)
    cadence = infer_cadence(checked)
    slotted = cadence in SLOT_SECONDS
    checked = with_zeros(checked) if slotted else checked
    whole = by_day(whole_days(checked) if slotted else checked)
    panel = to_panel(whole, "day" if slotted else cadence)
    reach = _reach(horizon, cadence, tuning) + _days_cut(checked, panel)
    planned = None if future is None else _planned(checked, future)
    wanted = None if planned is None else check_future(checked, planned.asked)
    return _Asked(checked, cadence, panel, horizon, reach, planned, wanted)


def _periods(
    asked: _Asked, known: Known, tuning: Tuning, documents: Documents | None
) -> pl.DataFrame:
    """Forecasts of days, weeks or months."""
    wanted = asked.wanted
    periods = asked.days(known, tuning) if wanted is None else days_of(wanted)
    answers = predict(asked.panel, periods, known, tuning, documents)
    return _shaped(settle(answers.past, answers.future, tuning), asked.history)


def _slots(
    asked: _Asked, known: Known, tuning: Tuning, documents: Documents | None
) -> pl.DataFrame:
    """Forecasts of days, shared out over their slots."""
    wanted, history = asked.wanted, asked.history
    if wanted is None:
        days = asked.days(known, tuning)
        wanted = open_slots(history, days, asked.cadence, asked.horizon)
    answers = predict(asked.panel, days_of(wanted), known, tuning, documents)
    settled = settle(answers.past, answers.future, tuning)
    slots = share_days_out(settled, history, wanted, known, tuning.intraday)
    return _shaped(slots, history)


def _planned(history: pl.DataFrame, future: pl.DataFrame) -> Planned:
    """The future asked for, in which services that do not exist yet may be named."""
    wanted = unique_periods(as_frame(future, "future"))
    return Planned.of(wanted, history, catalogue_of_settings())


def _named(
    shaped: pl.DataFrame, planned: Planned | None, tuning: Tuning
) -> pl.DataFrame:
    """The answers under the names that were asked for."""
    if planned is None:
        return shaped
    return planned.answered(shaped, tuning.pooled.planned_cv)


def _days_cut(history: pl.DataFrame, panel: Panel) -> int:
    """The days from the last whole one to that on which a slot history breaks off."""
    last = np.datetime64(first_and_last(on_days(history)["start"])[1])
    return int((last - panel.last).astype(np.int64))


def _reach(horizon: int | None, cadence: str, tuning: Tuning) -> int:
    return tuning.horizon_days if horizon is None else horizon_in_days(horizon, cadence)


def predict(
    panel: Panel,
    periods: pl.DataFrame,
    known: Known,
    tuning: Tuning,
    documents: Documents | None = None,
) -> Predictions:
    """Answers of all methods for the wanted periods and at rolling origins.

    A series that fails is named in a warning and left out.

    Raises:
        InputError: no series can be forecast; the first is named with the reason.
    """
    if periods.is_empty():
        raise _nothing_opens(panel)
    origins = tuning.backtest.origins
    alone = tasks_of(panel, periods, known, tuning, origins)
    besides = besides_with(documents, panel, alone, tuning)
    tasks = tasks_of(panel, periods, known, tuning, origins, besides)
    answers = predict_all(tasks, tuning, settings_for(tasks))
    warn_of(answers.failures, "series")
    return answers


def _nothing_opens(panel: Panel) -> InputError:
    """Why there is nothing to say: too near a horizon, or too little to tell opening by."""
    known = max(series.starts.size for series in panel.series)
    return InputError(
        f"expected a horizon that holds an open period after {as_date(panel.last)}, came "
        f"none by the {known} {panel.cadence}{'' if known == 1 else 's'} of history",
        remedy="Give a longer horizon, more history, or the periods wanted as `future`.",
    )


def _known(
    asked: _Asked,
    country: str,
    subdiv: str | None,
    events: pl.DataFrame | None,
) -> Known:
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


def _shaped(settled: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """The columns of the contract, with starts as the history has them."""
    shaped = settled.select("series", "start", "mean", *QUANTILE_NAMES)
    if shaped.schema["start"] == pl.Date:
        shaped = shaped.with_columns(days_as_written(history))
    return shaped.sort("series", "start")
