"""The public forecast: a history in, means and quantiles out."""

import polars as pl

from forecasting.backtesting import settle
from forecasting.intraday.slotwise import open_slots, share_days_out
from forecasting.rolling.asked import NEXT_DAYS, Asked, asked_of, known_by, nearest
from forecasting.rolling.attempts import warn_of
from forecasting.rolling.documents import Documents, besides_with
from forecasting.rolling.fanout import Predictions, predict_all, settings_for
from forecasting.rolling.planned import Planned
from forecasting.rolling.tasks import tasks_of
from forecasting.series.cadence import days_as_written, days_of
from forecasting.series.knowndays import Known
from forecasting.series.panel import Panel
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
        horizon: periods ahead; 60 weeks when neither it nor `future` is given. Where
            none of them is open there are no rows, but a history of under a week, which
            tells little of when it opens, is forecast for its next open day.
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
    asked = asked_of(history, horizon, future, tuning)
    known = known_by(asked, country, subdiv, events)
    answer = _slots if asked.slotted else _periods
    return _named(answer(asked, known, tuning, documents), asked.planned, tuning)


def _periods(
    asked: Asked, known: Known, tuning: Tuning, documents: Documents | None
) -> pl.DataFrame:
    """Forecasts of days, weeks or months."""
    wanted = asked.wanted
    periods = asked.days(known, tuning) if wanted is None else days_of(wanted)
    if periods.is_empty() and asked.brief:
        periods = nearest(asked.days(known, tuning, NEXT_DAYS), asked.horizon)
    answers = predict(asked.panel, periods, known, tuning, documents)
    return _shaped(settle(answers.past, answers.future, tuning), asked.history)


def _slots(
    asked: Asked, known: Known, tuning: Tuning, documents: Documents | None
) -> pl.DataFrame:
    """Forecasts of days, shared out over their slots."""
    wanted, history = asked.wanted, asked.history
    if wanted is None:
        days = asked.days(known, tuning)
        wanted = open_slots(history, days, asked.cadence, asked.horizon)
    if wanted.is_empty() and asked.brief:
        days = asked.days(known, tuning, NEXT_DAYS)
        soon = open_slots(history, days, asked.cadence, None)
        wanted = nearest(soon, asked.horizon)
    answers = predict(asked.panel, days_of(wanted), known, tuning, documents)
    settled = settle(answers.past, answers.future, tuning)
    slots = share_days_out(settled, history, wanted, known, tuning.intraday)
    return _shaped(slots, history)


def _named(
    shaped: pl.DataFrame, planned: Planned | None, tuning: Tuning
) -> pl.DataFrame:
    """The answers under the names that were asked for."""
    if planned is None:
        return shaped
    return planned.answered(shaped, tuning.pooled.planned_cv)


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
    origins = tuning.backtest.origins
    alone = tasks_of(panel, periods, known, tuning, origins)
    besides = besides_with(documents, panel, alone, tuning)
    tasks = tasks_of(panel, periods, known, tuning, origins, besides)
    answers = predict_all(tasks, tuning, settings_for(tasks))
    warn_of(answers.failures, "series")
    return answers


def _shaped(settled: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """The columns of the contract, with starts as the history has them."""
    shaped = settled.select("series", "start", "mean", *QUANTILE_NAMES)
    if shaped.schema["start"] == pl.Date:
        shaped = shaped.with_columns(days_as_written(history))
    return shaped.sort("series", "start")
