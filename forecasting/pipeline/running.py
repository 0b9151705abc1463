"""The forecast run: imported contacts in, demand, forecasts and their accuracy stored."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import polars as pl

from forecasting.accuracy import naive_error, score
from forecasting.backtesting import held_back, settle
from forecasting.history import daily_demand, imported_counts, slot_demand
from forecasting.intraday.dayparts import forecast_slots
from forecasting.models.blend import BLEND
from forecasting.opening import OPENING_TABLES
from forecasting.pipeline.figures import backtest_figures, forecast_figures
from forecasting.pipeline.town import Town
from forecasting.planner import notes_fingerprint
from forecasting.records import RunRecord
from forecasting.rolling.fanout import Predictions, Progress, predict_all
from forecasting.runs import RunKey
from forecasting.tables import SlotForecast, StoredForecast, Unmet
from forecasting.workspace import Workspace


def run_forecast(
    workspace: Workspace,
    *,
    now: datetime,
    seed: int = 0,
    progress: Progress | None = None,
) -> RunRecord:
    """Forecast every imported series by day (or week, month) and store what came of it.

    Tables: `demand`, `gaps`, `unmet`, `requests`, `slot_demand`, `forecast`,
    `forecast_slots`, `accuracy`. The figures `wape` and `wape_last_year` compare the blend, weighted on
    earlier origins, with the same week last year over the same held-back periods of all
    daily series (of all series where none is daily); null without a backtest.

    Raises:
        MissingStepError: no contacts were imported.
    """
    counts = imported_counts(workspace)
    town = Town.read(workspace, counts, seed=seed)
    slots = slot_demand(counts, town.calendar, town.catalogue)
    tasks = town.tasks(
        future=True,
        horizon_days=town.tuning.horizon_days,
        origins=town.tuning.backtest.pipeline_origins,
    )
    answers = predict_all(tasks, town.tuning, workspace.settings, progress)
    scored = held_back(answers, 1, town.tuning)
    days = _stored(answers, town)
    tables = {
        "demand": town.demand,
        "gaps": town.gaps,
        "unmet": Unmet.create_empty() if town.censored is None else town.censored.unmet,
        "requests": daily_demand(
            counts, town.calendar, town.catalogue, dated="request"
        ),
        "slot_demand": slots,
        "forecast": days,
        "forecast_slots": _slots(days, slots, town),
        "accuracy": _accuracy(scored, town, town.tuning.holdback_days),
    }
    figures = forecast_figures(town, answers, tables, scored)
    return workspace.store(_key(workspace, "forecast", seed), tables, figures, now=now)


def run_backtest(
    workspace: Workspace,
    *,
    now: datetime,
    seed: int = 0,
    horizon_days: int = 28,
    origins: int = 3,
    progress: Progress | None = None,
) -> RunRecord:
    """Score every method at the last origins of every series; stores `accuracy`.

    Raises:
        MissingStepError: no contacts were imported.
    """
    town = Town.read(workspace, imported_counts(workspace), seed=seed)
    tasks = town.tasks(
        future=False,
        horizon_days=horizon_days,
        origins=origins + town.tuning.backtest.origins,
    )
    answers = predict_all(tasks, town.tuning, workspace.settings, progress)
    scored = held_back(answers, origins, town.tuning)
    tables = {"accuracy": _accuracy(scored, town, horizon_days)}
    figures = backtest_figures(town, answers, scored)
    parameters = {"horizon": str(horizon_days), "origins": str(origins)}
    key = _key(workspace, "backtest", seed, parameters)
    asked = {"horizon_days": horizon_days, "origins": origins}
    return workspace.store(key, tables, {**figures, **asked}, now=now)


def _key(
    workspace: Workspace,
    kind: str,
    seed: int,
    parameters: Mapping[str, str] | None = None,
) -> RunKey:
    records = workspace.ledger.imports()
    inputs = [record.id for record in records if record.kind not in OPENING_TABLES]
    inputs += [owner for table in OPENING_TABLES for owner in workspace.holders(table)]
    inputs.append(notes_fingerprint(workspace))
    return workspace.key(kind, inputs, parameters or {}, seed)


def _stored(answers: Predictions, town: Town) -> pl.DataFrame:
    settled = settle(answers.past, answers.future, town.tuning)
    named = settled.join(town.cadences, on="series")
    columns = list(StoredForecast.column_names())
    table = named.select(columns).sort("series", "start")
    return StoredForecast.validate(table, cast=True)


def _slots(days: pl.DataFrame, slots: pl.DataFrame, town: Town) -> pl.DataFrame:
    """Quarter-hours of the first weeks after the end of the history."""
    reach = timedelta(weeks=town.tuning.slot_weeks)
    soon = pl.col("start") <= pl.col("start").min().over("series") + reach
    known = {
        name: (location, skill)
        for name, location, skill in town.places.select(
            "series", "location", "skill"
        ).iter_rows()
    }
    table = forecast_slots(days.filter(soon), slots, known, town.calendar, town.tuning)
    return SlotForecast.validate(table, cast=True)


def _accuracy(scored: pl.DataFrame, town: Town, horizon: int) -> pl.DataFrame:
    naive = pl.concat([naive_error(panel) for panel in town.panels])
    return score(scored.with_columns(pl.lit(horizon).alias("horizon")), naive, BLEND)
