"""The public forecast: a history in, means and quantiles out."""

import numpy as np
import polars as pl

from forecasting.backtesting import settle
from forecasting.catalogue import Catalogue
from forecasting.errors import InputError
from forecasting.intraday.slotwise import open_slots, share_days_out
from forecasting.models.expiry.stocks import checked_expiries
from forecasting.policy import load_policy
from forecasting.rolling.beside import besides_of
from forecasting.rolling.documents import Documents
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
from forecasting.series.checking import (
    as_frame,
    check_history,
    check_reach,
    unique_periods,
)
from forecasting.series.knowndays import Known, known_days
from forecasting.series.openness import ends, open_future
from forecasting.series.panel import Panel, as_date, first_and_last, to_panel
from forecasting.series.slots import whole_days, with_zeros
from forecasting.settings import Settings
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

    The mean is a blend of methods weighted by how they did at rolling origins in the
    same history; the quantiles come from how far the blend was off there. Slot histories
    give slot forecasts: day forecast x intraday profile.

    Args:
        history: `series, start (Date or Datetime), count`, optionally `holiday`: a row
            is an open period, so a zero is a real zero and a missing row is closed or
            unknown. Periods known to be abnormal are best left out.
        horizon: periods of the inferred cadence, 60 weeks when neither it nor `future`
            is given; the open ones among them are answered.
        future: the periods wanted instead, `series, start` (and `holiday` when the
            history has it), all later than the last of their series. A planned series
            without a history is forecast by the service it is `like` in the catalogue.
        country: whose public holidays; those of the column `holiday` go before.
        subdiv: region of the country.
        expiries: `as_of, service, expiry_week, age_band, basis, count`: documents by week
            of expiry. A series follows those of the service that its name holds; where
            there is one series and one service, they belong together. Without it the
            stock behind series `location/service/step/channel` of the Netherlands is
            rebuilt from a history that is long enough.
        events: `name, start, end`, known in advance, each name with an effect of its own.
        seed: accepted for methods that draw at random; those of today do not.

    Raises:
        InputError: a frame lacks a column, repeats a key, or asks the impossible.
    """
    del seed
    tuning = load_tuning()
    documents = _documents(expiries, country)
    checked = check_history(history)
    cadence = infer_cadence(checked)
    slotted = cadence in SLOT_SECONDS
    checked = with_zeros(checked) if slotted else checked
    whole = by_day(whole_days(checked) if slotted else checked)
    panel = to_panel(whole, "day" if slotted else cadence)
    reach = _reach(horizon, cadence, tuning) + _days_cut(checked, panel)
    planned = None if future is None else _planned(checked, future)
    wanted = None if planned is None else _check_future(checked, planned.asked)
    known = _known(checked, wanted, country, subdiv, events, panel, reach)
    if not slotted:
        periods = (
            days_of(wanted)
            if wanted is not None
            else open_future(panel, reach, known, tuning.stale_days)
        )
        answers = predict(panel, periods, known, tuning, documents)
        settled = settle(answers.past, answers.future, tuning)
        return _named(_shaped(settled, checked), planned, tuning)
    if wanted is None:
        days = open_future(panel, reach, known, tuning.stale_days)
        wanted = open_slots(checked, days, cadence, horizon)
    answers = predict(panel, days_of(wanted), known, tuning, documents)
    settled = settle(answers.past, answers.future, tuning)
    slots = share_days_out(settled, checked, wanted, known, tuning.intraday)
    return _named(_shaped(slots, checked), planned, tuning)


def _catalogue() -> Catalogue:
    return load_policy(Settings().config / "catalogue.toml", Catalogue)


def _planned(history: pl.DataFrame, future: pl.DataFrame) -> Planned:
    """The future asked for, in which services that do not exist yet may be named."""
    wanted = unique_periods(as_frame(future, "future"))
    return Planned.of(wanted, history, _catalogue())


def _named(
    shaped: pl.DataFrame, planned: Planned | None, tuning: Tuning
) -> pl.DataFrame:
    """The answers under the names that were asked for."""
    if planned is None:
        return shaped
    return planned.answered(shaped, tuning.pooled.planned_cv)


def _documents(expiries: pl.DataFrame | None, country: str) -> Documents | None:
    """The documents that may stand behind series; rules are those of the Netherlands."""
    catalogue = _catalogue()
    if expiries is not None:
        return Documents(catalogue, checked_expiries(as_frame(expiries, "expiries")))
    return Documents(catalogue) if country == "NL" else None


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

    Raises:
        InputError: a series cannot be forecast; it is named with the reason.
    """
    origins = tuning.backtest.origins
    besides = besides_of(panel, catalogue=documents.catalogue if documents else None)
    if documents is not None:
        alone = tasks_of(panel, periods, known, tuning, origins)
        besides = besides.with_exposures(documents.behind(alone, tuning))
    tasks = tasks_of(panel, periods, known, tuning, origins, besides)
    answers = predict_all(tasks, tuning, settings_for(tasks))
    for name, reason in answers.failures.items():
        raise InputError(f"series '{name}' could not be forecast: {reason}")
    return answers


def _check_future(history: pl.DataFrame, future: pl.DataFrame) -> pl.DataFrame:
    """The wanted periods, of the history's kind and later than what is known."""
    wanted = future
    if wanted.is_empty():
        raise InputError(
            "expected at least one future period, came none",
            remedy="Name the periods wanted, or give a horizon instead.",
        )
    kind = history.schema["start"]
    if (wanted.schema["start"] == pl.Date) != (kind == pl.Date):
        raise InputError(
            f"expected starts of type {kind}, came {wanted.schema['start']}",
            column="start",
        )
    if "holiday" in history.columns and "holiday" not in wanted.columns:
        raise InputError(
            "expected the column 'holiday' in the future as in the history",
            column="holiday",
            remedy="Name the holidays of the future, or leave the column out of both.",
        )
    wanted = wanted.with_columns(pl.col("start").cast(kind))
    check_reach(wanted, first_and_last(history["start"])[1])
    last = history.group_by("series").agg(pl.col("start").max().alias("last"))
    wrong = wanted.join(last, on="series", how="left").filter(
        pl.col("last").is_null() | (pl.col("start") <= pl.col("last"))
    )
    if wrong.height:
        row = wrong.row(0, named=True)
        reason = f"ends {row['last']}" if row["last"] else "has no history"
        raise InputError(
            f"expected future periods of known series after their history; series "
            f"'{row['series']}' {reason}, wanted {row['start']}"
        )
    return wanted


def _known(
    history: pl.DataFrame,
    wanted: pl.DataFrame | None,
    country: str,
    subdiv: str | None,
    events: pl.DataFrame | None,
    panel: Panel,
    reach: int,
) -> Known:
    last = max(ends(panel, 0).values()) + np.timedelta64(reach, "D")
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
