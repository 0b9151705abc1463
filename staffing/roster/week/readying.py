"""Makes the kernels ready: compiled on the first call ever, kept on disk after that.

A limit on time is for solving; compiling takes a minute on a new machine and is none.
"""

import math
from threading import Lock

from staffing.roster.instance import Instance
from staffing.roster.week.searching import Stop
from staffing.roster.week.solving_week import solve_week

_ready: list[bool] = []
_lock = Lock()


def make_ready(instance: Instance) -> None:
    """Solve the week of the first two people alone, once in a process."""
    with _lock:
        if not _ready and instance.people:
            few = instance.model_copy(update={"people": instance.people[:2]})
            quick = Stop(math.inf, patience=1, lap=1)
            solve_week(few, stop=quick, seed=0, workers=1, start=None)
            _ready.append(True)
