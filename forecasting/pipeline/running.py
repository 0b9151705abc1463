"""The forecast run: imported contacts in, demand, forecasts and their accuracy stored."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import polars as pl

from forecasting.accuracy import naive_error, score
from forecasting.backtesting import held_back
from forecasting.counting import Counts
from forecasting.history import daily_demand, imported_counts, slot_demand
from forecasting.intraday.dayparts import DayParts
from forecasting.models.blend import BLEND
from forecasting.opening import OPENING_TABLES
from forecasting.outside import letters_fingerprint, reactions_fingerprint
from forecasting.pipeline.documents import Papers, papers_of
from forecasting.pipeline.explaining import told
from forecasting.pipeline.fees import fees_not_reckoned
from forecasting.pipeline.figures import backtest_figures, forecast_figures
from forecasting.pipeline.headlines import explained_figures, with_shifts
from forecasting.pipeline.lettering import LettersToCome
from forecasting.pipeline.letters_told import letters_by_week
from forecasting.pipeline.outlooks import settled_outlook
from forecasting.pipeline.parts import said_of_series
from forecasting.pipeline.settling import settled_forecast
from forecasting.pipeline.sufficing import (
    age_if_stale,
    check_history_left,
    check_opens,
    check_reaches,
    day_of,
)
from forecasting.pipeline.town import Town
from forecasting.pipeline.unused import said_of_stocks, stocks_not_used
from forecasting.pipeline.visiting import second_visits
from forecasting.pipeline.work import work_tables
from forecasting.planner import notes_fingerprint
from forecasting.records import RunRecord
from forecasting.rolling.fanout import Predictions, predict_all
from forecasting.rolling.notices import notices
from forecasting.rolling.tasks import Task
from forecasting.runs import RunKey
from forecasting.tables import SlotForecast, Unmet
from forecasting.workers import Progress
from forecasting.workspace import Workspace


def run_forecast(
    workspace: Workspace,
    *,
    now: datetime,
    seed: int = 0,
    today: date | None = None,
    progress: Progress | None = None,
) -> RunRecord:
    """Forecast every imported series by day (or week, month) and store what came of it.

    Tables: what came (`demand`, `gaps`, `unmet`, `requests`, `slot_demand`), how long it
    takes and what is planned (`handling_times`, `no_shows`, `planned_visits`,
    `booked_ahead`), what is expected (`forecast`, `forecast_slots`, `accuracy`), why
    (`causes`, `peaks`), and earlier runs beside it (`verification`, `changes`); figures:
    `forecast_figures`.
    No peak is announced of before `today`, the day of `now` where none is given.

    Raises:
        MissingStepError: no contacts were imported.
        InputError: nothing of the history may be learnt from, all it can tell of has
            passed, or every series failed.
        StoreError: the disk or the database does not take the run.
    """
    counts = imported_counts(workspace)
    town = Town.read(workspace, counts, seed=seed)
    today = today or day_of(town, now)
    check_history_left(workspace, town)
    check_reaches(town, today)
    tasks = _tasks_to_come(town)
    papers = papers_of(workspace, town, tasks, seed)
    answers = predict_all(
        papers.behind(tasks), town.tuning, workspace.settings, progress
    )
    key = _key(workspace, "forecast", seed)
    tables, figures = _results(
        workspace, counts, town, tasks, papers, answers, key, now, today
    )
    return workspace.store(key, tables, figures, now=now)


def _results(
    workspace: Workspace,
    counts: Counts,
    town: Town,
    tasks: Sequence[Task],
    papers: Papers,
    answers: Predictions,
    key: RunKey,
    now: datetime,
    today: date,
) -> tuple[dict[str, pl.DataFrame], dict[str, object]]:
    """The tables and figures of a run."""
    scored = held_back(answers, 1, town.tuning)
    tables = {
        **_came(counts, town),
        "accuracy": _accuracy(scored, town, town.tuning.holdback_days),
        "notices": notices(tasks, answers, town.tuning, _said(town, papers, tasks)),
        "second_visits": second_visits(tasks, answers.failures, town.tuning),
    }
    expected, moved = _expected(
        workspace, town, tasks, answers, papers, tables["slot_demand"], key, now, today
    )
    tables |= expected
    return tables, {
        **forecast_figures(town, answers, tables, scored),
        **explained_figures(tables),
        **_told_beside(town, papers, today),
        "outlook_moved": moved.to_dicts(),
        "letters": letters_by_week(tables["causes"], town.catalogue),
    }


def _tasks_to_come(town: Town) -> list[Task]:
    """A task per series with an open period to come."""
    tasks = town.tasks(
        future=True,
        horizon_days=town.tuning.horizon_days,
        origins=town.tuning.backtest.pipeline_origins,
    )
    check_opens(town, tasks)
    return tasks


def _told_beside(town: Town, papers: Papers, today: date) -> dict[str, object]:
    """Figures of what the forecast could not go by."""
    return {
        "stale_history_days": age_if_stale(town, today),
        "documents_left_out": dict(papers.attempts.failures),
        "fees_not_reckoned": fees_not_reckoned(town, town.effects),
        "stocks_not_used": stocks_not_used(papers.refused),
    }


def _said(
    town: Town, papers: Papers, tasks: Sequence[Task]
) -> Mapping[str, list[tuple[str, str]]]:
    """What was noticed of series before they were forecast: kinds and what they tell."""
    names, steps = [task.series.name for task in tasks], town.tuning.expiry.steps
    parts = said_of_series(town.partial)
    stocks = said_of_stocks(papers.refused, names, steps)
    return {name: [*parts.get(name, ()), *stocks.get(name, ())] for name in names}


def _came(counts: Counts, town: Town) -> dict[str, pl.DataFrame]:
    """The tables of what came: by day and slot, asked for, missing, in vain."""
    calendar, catalogue, partial = town.calendar, town.catalogue, town.partial
    return {
        "demand": town.demand,
        "gaps": town.gaps,
        "unmet": Unmet.create_empty() if town.censored is None else town.censored.unmet,
        "requests": daily_demand(
            counts, calendar, catalogue, dated="request", partial=partial
        ),
        "slot_demand": slot_demand(counts, calendar, catalogue, partial=partial),
        **work_tables(counts, calendar),
    }


def _expected(
    workspace: Workspace,
    town: Town,
    tasks: Sequence[Task],
    answers: Predictions,
    papers: Papers,
    slots: pl.DataFrame,
    key: RunKey,
    now: datetime,
    today: date,
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """The tables of what is expected, by day and slot, and why; what moved the outlook."""
    day_parts = _day_parts(slots, town)
    effects = town.effects
    said, outside = settled_forecast(
        workspace, answers, town, effects, day_parts, LettersToCome(town, papers, tasks)
    )
    papered = papers.tables(town, effects, key.seed)
    years = settled_outlook(
        workspace, town, papers, papered["outlook"], said.forecast, outside
    )
    tables = {
        "forecast": said.forecast,
        "forecast_slots": _slots(said.forecast, day_parts, town),
        "dependence": said.dependence,
        "effects": with_shifts(effects, answers.shifts),
        "outside_applied": years.said,
        **papered,
        "outlook": years.outlook,
        **told(workspace, town, said, key, papered["issued"], now=now, today=today),
    }
    return tables, years.moved


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
        InputError: nothing of the history may be learnt from, or every series failed.
        StoreError: the disk or the database does not take the run.
    """
    town = Town.read(workspace, imported_counts(workspace), seed=seed)
    check_history_left(workspace, town)
    tasks = town.tasks(
        future=False,
        horizon_days=horizon_days,
        origins=origins + town.tuning.backtest.origins,
    )
    papers = papers_of(workspace, town, tasks, seed)
    answers = predict_all(
        papers.behind(tasks), town.tuning, workspace.settings, progress
    )
    scored = held_back(answers, origins, town.tuning)
    tables = {"accuracy": _accuracy(scored, town, horizon_days)}
    figures = backtest_figures(town, answers, scored)
    parameters = {"horizon": str(horizon_days), "origins": str(origins)}
    key = _key(workspace, "backtest", seed, parameters)
    asked = {
        "horizon_days": horizon_days,
        "origins": origins,
        "documents_left_out": dict(papers.attempts.failures),
    }
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
    inputs += [*letters_fingerprint(workspace), *reactions_fingerprint(workspace)]
    return workspace.key(kind, inputs, parameters or {}, seed)


def _day_parts(slots: pl.DataFrame, town: Town) -> DayParts:
    known = {
        name: (location, skill)
        for name, location, skill in town.places.select(
            "series", "location", "skill"
        ).iter_rows()
    }
    until = town.last_day + timedelta(days=town.tuning.horizon_days)
    return DayParts.fitted(slots, known, town.calendar, town.tuning, until)


def _slots(days: pl.DataFrame, day_parts: DayParts, town: Town) -> pl.DataFrame:
    """Quarter-hours of the first weeks after the end of the history."""
    reach = timedelta(weeks=town.tuning.slot_weeks)
    soon = pl.col("start") <= pl.col("start").min().over("series") + reach
    return SlotForecast.validate(day_parts.slots(days.filter(soon)), cast=True)


def _accuracy(scored: pl.DataFrame, town: Town, horizon: int) -> pl.DataFrame:
    naive = pl.concat([naive_error(panel) for panel in town.panels])
    return score(scored.with_columns(pl.lit(horizon).alias("horizon")), naive, BLEND)
