"""Fan-out: series are forecast one by one, over processes, or over a Ray cluster.

The answers are the same, whoever gives them. A series that fails is named and the others
go on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from joblib import Parallel, delayed  # type: ignore[import-untyped]  # ships no types
from threadpoolctl import (  # type: ignore[import-untyped]  # ships no types
    threadpool_limits,
)

from forecasting.errors import PolicyError
from forecasting.rolling.answers import SCHEMA, methods, predict_series
from forecasting.rolling.tasks import Task
from forecasting.settings import Settings
from forecasting.tuning import Tuning

Progress = Callable[[int, int], None]
"""Told how many series are done, and of how many."""


@dataclass(frozen=True)
class Predictions:
    """What the methods said: earlier origins with the outcome, and the future."""

    past: pl.DataFrame
    future: pl.DataFrame
    failures: Mapping[str, str]


class _Pool(Parallel):  # type: ignore[misc]  # joblib ships no types
    """Workers that tell their progress instead of printing it."""

    def __init__(self, backend: str, workers: int, tell: Callable[[int], None]) -> None:
        super().__init__(n_jobs=workers, backend=backend, batch_size=1)
        self.tell, self.told = tell, 0

    def print_progress(self) -> None:
        """Called by joblib after every task, and once more when all are done."""
        if self.n_completed_tasks > self.told:
            self.told = self.n_completed_tasks
            self.tell(self.told)


def predict_all(
    tasks: Sequence[Task],
    tuning: Tuning,
    settings: Settings,
    progress: Progress | None = None,
) -> Predictions:
    """Run the tasks and put their answers together, in the order of the tasks.

    Raises:
        PolicyError: the setting asks for Ray, which is not installed.
    """

    def tell(done: int) -> None:
        if progress is not None:
            progress(done, len(tasks))

    backend = _backend(settings)
    workers = 1 if backend == "sequential" else settings.workers
    pool = _Pool(backend, workers, tell)
    answers = pool(delayed(_attempt)(task, tuning) for task in tasks)
    names = [task.series.name for task in tasks]
    frames = [answer for answer in answers if isinstance(answer, pl.DataFrame)]
    failures = {
        name: answer
        for name, answer in zip(names, answers, strict=True)
        if isinstance(answer, str)
    }
    every = pl.concat(frames) if frames else pl.DataFrame(schema=SCHEMA)
    known = pl.col("actual").is_not_null()
    return Predictions(every.filter(known), every.filter(~known), failures)


def _backend(settings: Settings) -> str:
    """The joblib backend of the setting."""
    if settings.executor == "ray":
        return _ray()
    return {"processes": "loky", "sequential": "sequential"}[settings.executor]


def _ray() -> str:
    """Make Ray known to joblib: the cluster of RAY_ADDRESS, else one on this machine."""
    try:
        from ray.util.joblib import register_ray

        register_ray()  # type: ignore[no-untyped-call]  # Ray's own lacks types
    except ImportError:
        raise PolicyError(
            "The setting executor = 'ray' expects Ray, which is not installed. "
            "Run pip install 'piekwijzer[ray]', or set PIEKWIJZER_EXECUTOR=processes."
        ) from None
    return "ray"


def _attempt(task: Task, tuning: Tuning) -> pl.DataFrame | str:
    """The answers of one series, or why it failed; one bad series stops no other.

    Linear algebra runs on one thread: sums in another order would differ in the last
    digits, and many workers must answer what one does.
    """
    try:
        with threadpool_limits(limits=1):
            return predict_series(task, methods(tuning))
    except (ArithmeticError, LookupError, RuntimeError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
