"""Fan-out: series are forecast one by one, over processes, or over a Ray cluster.

The answers are the same, whoever gives them. A series that fails is named and the others
go on. The longest begin first, so that no worker waits for a last long one, and series of
the same kin follow one another, so that a worker fits the kin once.
"""

import multiprocessing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import polars as pl
from threadpoolctl import (  # type: ignore[import-untyped]  # ships no types
    threadpool_limits,
)

from forecasting.errors import InputError
from forecasting.rolling.answers import SCHEMA, methods, past_of, predict_series
from forecasting.rolling.attempts import reason_of
from forecasting.rolling.explained import EFFECTS, SHIFTS, explained
from forecasting.rolling.tasks import Task
from forecasting.settings import Settings, read_settings
from forecasting.tuning import Tuning
from forecasting.workers import Progress, side_by_side

Answer = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame] | str
"""Means, effects and shifts of level of one series, or why it failed."""

FEW = 12
"""So many series are done before other processes have started."""


@dataclass(frozen=True)
class Predictions:
    """What the methods said: earlier origins with the outcome, and the future.

    `effects` are the log effects behind the future: `series, start, cause, effect`;
    `shifts` the sudden changes of level that it goes by.
    """

    past: pl.DataFrame
    future: pl.DataFrame
    failures: Mapping[str, str]
    effects: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=EFFECTS))
    shifts: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SHIFTS))


def predict_all(
    tasks: Sequence[Task],
    tuning: Tuning,
    settings: Settings,
    progress: Progress | None = None,
) -> Predictions:
    """Run the tasks and put their answers together, in the order of the tasks.

    Raises:
        PolicyError: the setting asks for Ray, which is not installed, or a worker died.
        InputError: every series failed; the first is named.
    """
    answers = _in_turn(tasks, tuning, settings, progress)
    names = [task.series.name for task in tasks]
    frames = [answer for answer in answers if not isinstance(answer, str)]
    failures = {
        name: answer
        for name, answer in zip(names, answers, strict=True)
        if isinstance(answer, str)
    }
    if failures and not frames:
        first, reason = next(iter(failures.items()))
        raise InputError(
            f"expected series that can be forecast, all {len(failures)} failed: "
            f"'{first}' by {reason}"
        )
    schemas = (SCHEMA, EFFECTS, SHIFTS)
    every, why, shifts = (
        pl.concat([pl.DataFrame(schema=schema), *(frame[place] for frame in frames)])
        for place, schema in enumerate(schemas)
    )
    known = pl.col("actual").is_not_null()
    return Predictions(every.filter(known), every.filter(~known), failures, why, shifts)


def _in_turn(
    tasks: Sequence[Task],
    tuning: Tuning,
    settings: Settings,
    progress: Progress | None,
) -> list[Answer]:
    """The answers in the order of the tasks, whichever were done first."""
    order = sorted(range(len(tasks)), key=lambda number: _turn(tasks[number]))
    ordered = [tasks[number] for number in order]
    found = side_by_side(partial(_attempt, tuning=tuning), ordered, settings, progress)
    answers = dict(zip(order, found, strict=True))
    return [answers[number] for number in range(len(tasks))]


def settings_for(tasks: Sequence[Task]) -> Settings:
    """The settings of this machine; few tasks stay in this process.

    So does the work of a process that may have no children.

    Raises:
        PolicyError: a `PIEKWIJZER_*` variable holds something else than expected.
    """
    settings = read_settings({})
    alone = len(tasks) <= FEW or multiprocessing.current_process().daemon
    if alone and settings.executor == "processes":
        return settings.model_copy(update={"executor": "sequential"})
    return settings


def _turn(task: Task) -> tuple[int, str]:
    """Long tasks first, then series of the same kin together."""
    work = task.series.starts.size * (len(task.origins) + bool(task.future.size))
    kin = task.beside.kin
    return -(work // 1000), "" if kin is None else kin.name


def _attempt(task: Task, tuning: Tuning) -> Answer:
    """The answers of one series and the effects behind the last ones, or why it failed.

    One bad series stops no other. Linear algebra runs on one thread: sums in another
    order would differ in the last digits, and many workers must answer what one does.
    """
    try:
        with threadpool_limits(limits=1):
            means = predict_series(task, methods(tuning))
            past = past_of(task, task.series)
            return means, *explained(past, task.future, tuning.glm)
    except Exception as error:  # any fault of one series is its own
        return reason_of(error)
