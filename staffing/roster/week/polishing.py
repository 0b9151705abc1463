"""Better rosters in turn: people's weeks by replies, what is done on a day by shuffling.

Where that gains little, a program plans what is done on each day.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from staffing.roster.week.planning import plan_day
from staffing.roster.week.searching import EPSILON, Search, Stop
from staffing.roster.week.shuffling import shuffle

ROUNDS = 30
"""Rounds of shuffling a lap, per person at work."""


@dataclass
class Polish:
    """A search and a number of threads."""

    search: Search
    workers: int

    def shuffle(self) -> None:
        """Shuffle what everybody does, every day on a thread."""
        p, tally = self.search.problem, self.search.editor.tally
        days = range(p.instance.length)
        seeds = self.search.draw.integers(0, 2**31, len(days)).tolist()
        with ThreadPoolExecutor(self.workers) as pool:
            jobs = [
                pool.submit(
                    shuffle, p.targets, tally, p.staff, p.block, day, seed, ROUNDS
                )
                for day, seed in zip(days, seeds, strict=True)
            ]
            self.search.cost += sum(job.result() for job in jobs)

    def plan(self, stop: Stop) -> None:
        """Plan what everybody does anew, every day on a thread."""
        if stop.is_late:
            return
        problem, editor = self.search.problem, self.search.editor
        days = range(problem.instance.length)
        with ThreadPoolExecutor(self.workers) as pool:
            jobs = [pool.submit(plan_day, problem, editor.tally, d, stop) for d in days]
            plans = [job.result() for job in jobs]
        for day, found in zip(days, plans, strict=True):
            self.search.cost += editor.take_plans(day, found)

    def run(self, stop: Stop) -> None:
        """Reply, shuffle and plan in turn, until laps gain too little."""
        idle, search = 0, self.search
        while idle < stop.patience and search.cost > stop.goal and not stop.is_late:
            before = search.cost
            search.improve(stop)
            if not stop.is_late:
                self.shuffle()
            enough = max(EPSILON, stop.least * before)
            if search.cost > max(before - enough, stop.goal):
                self.plan(stop)
            idle = 0 if search.cost <= before - enough else idle + 1
