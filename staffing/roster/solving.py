"""Solve an instance and report: roster, bound, gap, shortfalls."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

from staffing.roster.checking import check
from staffing.roster.explaining.shortfalls import find_shortfalls
from staffing.roster.gap import CLOSE, relative_gap
from staffing.roster.instance import Instance
from staffing.roster.parts import join, part_of, split
from staffing.roster.result import Roster, Status
from staffing.roster.valuing import value
from staffing.roster.week.readying import make_ready
from staffing.roster.week.searching import Stop
from staffing.roster.week.solving_week import Solved, solve_week

REPORTING = 0.09
"""Share of the time that is left to explain shortfalls."""


def solve(
    instance: Instance,
    *,
    time_limit_s: float,
    seed: int = 0,
    workers: int | None = None,
    start: Roster | None = None,
) -> Roster:
    """The best roster found, with the bound that no roster can beat.

    Rounds without gain end the search; `time_limit_s` is a last resort, so the same seed
    gives the same roster on a slower machine as long as the limit is not reached.
    `start` is a roster to begin from, `workers` the number of threads (None: all cores).
    Somebody without any lawful schedule makes it infeasible; see `Roster.conflicts`.
    Plain shift cover (`instance.covers`) goes to its own solver.

    Raises:
        InputError: the instance contradicts itself; each contradiction is named.
    """
    check(instance)
    if instance.covers:
        return _shift_cover(
            instance, time_limit_s=time_limit_s, seed=seed, workers=workers, start=start
        )
    make_ready(instance)
    threads = workers or os.cpu_count() or 1
    parts = split(instance)
    if len(parts) > 1:
        return _apart(instance, parts, time_limit_s, seed, threads, start)
    deadline = time.monotonic() + (1.0 - REPORTING) * time_limit_s
    solved = solve_week(
        instance, stop=Stop(deadline), seed=seed, workers=threads, start=start
    )
    return _report(instance, solved, seed)


def _apart(
    instance: Instance,
    parts: tuple[Instance, ...],
    time_limit_s: float,
    seed: int,
    threads: int,
    start: Roster | None,
) -> Roster:
    """Places that share nobody, each on a thread of its own; in turns where they are more."""

    def one(part: Instance) -> Roster:
        return solve(
            part,
            time_limit_s=time_limit_s * min(1.0, threads / len(parts)),
            seed=seed,
            workers=1,
            start=None if start is None else part_of(start, part),
        )

    with ThreadPoolExecutor(threads) as pool:
        return join(instance, list(pool.map(one, parts)))


def _shift_cover(
    instance: Instance,
    *,
    time_limit_s: float,
    seed: int,
    workers: int | None,
    start: Roster | None,
) -> Roster:
    from staffing.roster.cover.readying import make_ready as make_cover_ready
    from staffing.roster.cover.solving_cover import solve_cover  # compiles much

    make_cover_ready(instance)
    return solve_cover(
        instance, time_limit_s=time_limit_s, seed=seed, workers=workers, start=start
    )


def _report(instance: Instance, solved: Solved, seed: int) -> Roster:
    objective = value(instance, solved.assignments)
    known = solved.status != "infeasible"
    gap = relative_gap(objective, solved.bound, solved.unavoidable) if known else None
    status: Status = solved.status
    if status == "feasible" and gap is not None and gap <= CLOSE:
        status = "optimal"
    return Roster(
        instance=instance.hash,
        week=instance.week,
        seed=seed,
        status=status,
        assignments=solved.assignments,
        objective=objective,
        bound=solved.bound,
        unavoidable=solved.unavoidable,
        gap=gap,
        shortfalls=find_shortfalls(instance, solved.assignments),
        conflicts=solved.conflicts,
    )
