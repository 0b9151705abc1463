"""Work that falls into parts, side by side: over processes, or over a Ray cluster.

The answers are the same, whoever gives them.
"""

from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from joblib import Parallel, delayed  # type: ignore[import-untyped]  # ships no types

from forecasting.errors import PolicyError
from forecasting.settings import Settings

Progress = Callable[[int, int], None]
"""Told how many parts are done, and of how many."""

Part = TypeVar("Part")
Answer = TypeVar("Answer")


class _Pool(Parallel):  # type: ignore[misc]  # joblib ships no types
    """Workers that tell their progress instead of printing it."""

    def __init__(self, backend: str, workers: int, tell: Callable[[int], None]) -> None:
        super().__init__(n_jobs=workers, backend=backend)
        self.tell, self.told = tell, 0

    def print_progress(self) -> None:
        """Called by joblib after every task, and once more when all are done."""
        if self.n_completed_tasks > self.told:
            self.told = self.n_completed_tasks
            self.tell(self.told)


def side_by_side(
    do: Callable[[Part], Answer],
    parts: Sequence[Part],
    settings: Settings,
    progress: Progress | None = None,
) -> list[Answer]:
    """What `do` gives for each of the parts, in their order; they begin in that order.

    Raises:
        PolicyError: the setting asks for Ray, which is not installed, or a worker died.
    """

    def tell(done: int) -> None:
        if progress is not None:
            progress(done, len(parts))

    backend = _backend(settings)
    workers = 1 if backend == "sequential" else settings.workers
    try:
        return list(_Pool(backend, workers, tell)(delayed(do)(part) for part in parts))
    except BrokenProcessPool:
        raise PolicyError(
            "A worker was ended from outside; the machine may lack memory. Set "
            "PIEKWIJZER_WORKERS lower and run again."
        ) from None


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
