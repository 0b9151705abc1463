"""The step `promises`: from imports to weeks beside what was promised."""

from datetime import datetime

import polars as pl

from forecasting.calendar import week_name
from forecasting.records import RunRecord
from forecasting.runs import Figures
from forecasting.workspace import Workspace
from staffing.pipeline.promise_inputs import PromiseInputs, spread_of
from staffing.pipeline.promises_measured import MEASURES, Measured
from staffing.promises.expecting import of_agenda, of_simulation
from staffing.promises.tables import PROMISES, PromiseExpected, PromiseWeeks
from staffing.promises.weeks import Span, promise_weeks


def run_promises(workspace: Workspace, *, now: datetime, weeks: int = 52) -> RunRecord:
    """Reckon how each promise was kept in the last whole weeks, and store it.

    Stores `promise_weeks` and `promise_expected`. Figures: `promises` holds what each
    asks, and `missing` those of which no import tells.

    Raises:
        MissingStepError: no contacts were imported.
        StoreError: the table of an import is gone or damaged.
        PolicyError: the settings break a rule.
    """
    given = PromiseInputs(workspace, weeks)
    measured = [one for measure in MEASURES if (one := measure(given)) is not None]
    parts = [_weeks(given, one) for one in measured]
    told = pl.concat([PromiseWeeks.create_empty(), *parts])
    tables = {"promise_weeks": told, "promise_expected": _expected(given)}
    key = workspace.key("promises", given.used, {"weeks": str(weeks)}, 0)
    return workspace.store(key, tables, _figures(given, measured, told), now=now)


def _weeks(given: PromiseInputs, measured: Measured) -> pl.DataFrame:
    span = Span(given.last, given.weeks, measured.is_whole, measured.open_days)
    return promise_weeks(
        measured.days, measured.aim, span, given.policy, measured.notes
    )


def _expected(given: PromiseInputs) -> pl.DataFrame:
    """The newest word on each promise, location and week."""
    policy = given.policy
    skills = {"answered": policy.answered, "counter": policy.counter}
    parts: list[pl.DataFrame] = [PromiseExpected.create_empty()]
    for week, run in given.simulations.items():
        slots = given.workspace.table(run, "simulated_slots").collect()
        parts += [
            of_simulation(slots, name, skill, week, spread_of(run, skill), run.id)
            for name, skill in skills.items()
        ]
    for run in given.agendas:
        days = given.workspace.table(run, "agenda_days").collect()
        parts.append(of_agenda(days, "first_free", run.id))
    both = pl.concat(parts)
    keys = PromiseExpected.primary_key()
    newest = both.unique(keys, keep="last", maintain_order=True)
    return PromiseExpected.validate(newest.sort(keys))


def _figures(
    given: PromiseInputs, measured: list[Measured], told: pl.DataFrame
) -> Figures:
    known, few = set(told["promise"]), {"least": given.policy.least}
    newest = told["week"].max()
    return {
        "weeks": given.weeks,
        "newest": None if newest is None else week_name(told["week"].sort()[-1]),
        "promises": {one.aim.promise: {**one.settings, **few} for one in measured},
        "missing": [name for name in PROMISES if name not in known],
    }
