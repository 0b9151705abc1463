"""Solve plain shift cover: columns, a dive, and search around the best roster.

Where the horizon is so long that a round of columns would take too much of the time, the
search walks from roster to roster instead, and the bound is that of people's time taken
together.
"""

import math
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count

import numpy as np

from staffing.roster.cover.board import Board, Desk, Plan
from staffing.roster.cover.generating import LEVELS, Generator
from staffing.roster.cover.master import Master, Wants, column
from staffing.roster.cover.pricing import best_rows
from staffing.roster.cover.relaxing import relaxed_bound
from staffing.roster.cover.reporting import plan_of, report
from staffing.roster.cover.searching import Incumbent, Search
from staffing.roster.cover.stacking import (
    Value,
    desk_for,
    empty_plan,
    shift_names,
    stack,
)
from staffing.roster.cover.strolling import cooling, stroll
from staffing.roster.cover.walking import build
from staffing.roster.instance import Instance
from staffing.roster.lawful.conflicting import conflicts
from staffing.roster.lawful.framing import compile_person
from staffing.roster.lawful.scheduling import any_schedule
from staffing.roster.result import Conflict, Roster, Status

COLUMNS, STROLL = 0.5, 0.04
"""Shares of the time: for columns at most, for a first walk."""

ROUNDS = 50
"""Rounds of columns that there must be time for."""

ROUNDS_OF_ONE = 5
"""Rounds of columns per person that a dive must have time for."""

BUILDING = 0.15
"""Share of the time for the first roster; so many labels a day at least."""

FEWEST_LABELS = 30


@dataclass
class Effort:
    """What a solve works with: the board, time, threads."""

    instance: Instance
    board: Board
    desks: Sequence[Desk]
    pool: ThreadPoolExecutor
    begun: float
    limit: float
    seed: int
    bound: float = 0.0

    def until(self, part: float) -> float:
        """The moment when a part of the time has gone."""
        return self.begun + part * self.limit

    @property
    def left(self) -> float:
        """Seconds left."""
        return self.until(1.0) - time.monotonic()


def solve_cover(
    instance: Instance,
    *,
    time_limit_s: float,
    seed: int = 0,
    workers: int | None = None,
    start: Roster | None = None,
    dives: float = math.inf,
) -> Roster:
    """The best roster found for plain shift cover, with a bound that none can beat.

    Ends when the bound proves the roster optimal, else with the time, or after so many
    `dives` of each thread. `start` is a roster
    to begin from; what of it is not lawful is made anew. Infeasible, with the rules that
    clash, when somebody has no lawful schedule. Threads and the clock decide what is
    found, so that two runs may differ unless both are optimal.
    """
    begun = time.monotonic()
    threads = max(1, workers or cpu_count() or 1)
    board = stack(instance)
    with ThreadPoolExecutor(threads) as pool:
        desks = [desk_for(board, LEVELS[-1]) for _ in range(threads)]
        effort = Effort(instance, board, desks, pool, begun, time_limit_s, seed)
        best, without = _first(effort, start)
        if without:
            found = _clashes(effort, without)
            status: Status = "infeasible" if found else "out_of_time"
            return report(instance, best.plan, 0.0, seed, status, found)
        _improve(effort, best, dives)
    return report(instance, best.plan, effort.bound, seed, "feasible", [])


def _clashes(effort: Effort, without: list[int]) -> list[Conflict]:
    """The rules that clash, for the first person in any case, more while there is time."""
    found: list[Conflict] = []
    for place, person in enumerate(without):
        if place == 0 or effort.left > 0:
            found += conflicts(effort.instance, effort.instance.people[person])
    return found


def _first(effort: Effort, start: Roster | None) -> tuple[Incumbent, list[int]]:
    """A roster built person by person, and who was given no lawful schedule."""
    board, desk = effort.board, effort.desks[0]
    plan = empty_plan(board)
    people, most = board.own.shape[0], LEVELS[0]
    without = []
    for person in range(people):
        begun, one = time.monotonic(), np.array([person])
        if build(board, plan, one, most, desk) and not _any(effort, plan, person):
            without.append(person)
            if effort.left < 0:
                break
        share = (effort.until(BUILDING) - begun) / (people - person)
        if time.monotonic() - begun > share:
            most = max(FEWEST_LABELS, most // 2)
    value = Value(effort.instance, board)
    if start is not None and not without:
        plan = plan_of(effort.instance, board, start, plan, desk)
    plan = value.plan(plan.shift)
    return Incumbent(value, plan, value(plan)), without


def _any(effort: Effort, plan: Plan, number: int) -> bool:
    """Any lawful schedule for a person, whatever it costs; False if none was found.

    Without costs few labels decide, so that this is exact where costs would not be.
    """
    compiled = compile_person(effort.instance, effort.instance.people[number])
    chosen, _ = any_schedule(compiled)
    if chosen is None:
        return False
    names = shift_names(effort.instance)
    for day in np.flatnonzero(chosen >= 0).tolist():
        shift = names.index(compiled.options[chosen[day]].shift.name)
        plan.shift[number, day] = shift
        plan.heads[day, shift] += 1
    return True


def _improve(effort: Effort, best: Incumbent, dives: float) -> None:
    """Columns, dive and parts where there is time for them, else a walk to the end."""
    draw = np.random.default_rng(effort.seed)
    effort.bound = _least(effort)
    heat = cooling(effort.board)
    shared = effort.board, best, effort.desks, effort.pool
    now = time.monotonic()
    stroll(*shared, now + STROLL * effort.left, heat, draw)
    generator = _generator(effort, best)
    columns = _affordable(effort, generator)
    begun, rounds = time.monotonic(), generator.rounds
    if columns:
        generator.run(effort.until(COLUMNS))
        each = (time.monotonic() - begun) / max(generator.rounds - rounds, 1)
        columns = effort.board.own.shape[0] * ROUNDS_OF_ONE * each < effort.left
        _tell_bound(effort, generator)
    effort.bound = max(_rounded(effort.instance, generator.bound), effort.bound)
    if columns and generator.value < best.value:
        _search(effort, generator, best, dives)
    if math.isinf(dives) and best.value > effort.bound + 1e-6:
        stroll(*shared, effort.until(0.98), heat, draw)


def _tell_bound(effort: Effort, generator: Generator) -> None:
    """A round with more labels where few told no bound yet."""
    if not np.isfinite(generator.bound):
        generator.level = 1
        generator.step(effort.until(1.2 * COLUMNS))


def _least(effort: Effort) -> float:
    """What no roster costs less than, people's time taken together."""
    names = shift_names(effort.instance)
    wants = Wants.of(effort.instance, names)
    bound = relaxed_bound(effort.instance, effort.board, wants, names)
    return _rounded(effort.instance, bound)


def _generator(effort: Effort, best: Incumbent) -> Generator:
    names = shift_names(effort.instance)
    wants = Wants.of(effort.instance, names)
    people = range(effort.board.own.shape[0])
    master = Master(wants, people)
    for person in people:
        master.add(column(effort.board, person, best.plan.shift[person]))
    return Generator(effort.board, master, effort.desks, effort.pool)


def _affordable(effort: Effort, generator: Generator) -> bool:
    """Whether there is time for enough rounds of columns, by the first one."""
    one = np.empty((1, effort.instance.length), np.int64)
    worth = np.zeros(generator.shape)
    best_rows(  # compiled, if need be, before the clock is read
        effort.board, 0, worth, generator.fixed, 1, effort.desks[0], one
    )
    begun = time.monotonic()
    generator.step(effort.until(COLUMNS))
    seconds = time.monotonic() - begun
    return begun + ROUNDS * seconds < effort.until(COLUMNS)


def _rounded(instance: Instance, bound: float) -> float:
    """The bound, and where all prices are whole the whole number above it."""
    prices = [p for c in instance.covers for p in (c.price_under, c.price_over)]
    prices += [wish.weight for person in instance.people for wish in person.wishes]
    policy = instance.policy
    prices += [policy.price_change, policy.price_change_affected]
    if all(float(price).is_integer() for price in prices) and np.isfinite(bound):
        return float(math.ceil(bound - 1e-4))
    return bound


def _search(
    effort: Effort, generator: Generator, best: Incumbent, dives: float
) -> None:
    """Dives on all threads till the end."""
    search = Search(
        effort.board,
        generator.wants,
        best,
        list(generator.master.columns),
        effort.bound,
        effort.until(0.98),
        dives,
    )
    with ThreadPoolExecutor(len(effort.desks)) as searchers:
        jobs = [
            searchers.submit(search.run, desk, effort.pool, effort.seed + 1 + number)
            for number, desk in enumerate(effort.desks)
        ]
        for job in jobs:
            job.result()
