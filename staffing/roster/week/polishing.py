"""Better rosters in turn: activities of whole days by program, people's weeks by search."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from staffing.roster.week.doing import do_best, neighbours
from staffing.roster.week.pricing import Prices
from staffing.roster.week.searching import Search, Stop
from staffing.roster.week.targets import Ints

WORTHWHILE = 2e-4
"""Gain of a lap, of the roster's cost, below which there is no other."""


@dataclass
class Polish:
    """A search with the prices near which days are planned, and a number of threads."""

    search: Search
    prices: Prices
    workers: int

    def begin_anew(self, weeks: Ints, stop: Stop) -> None:
        """Give everybody these shifts (P, D), if that makes a better roster."""
        search = self.search
        kept, cost = search.copy(), search.cost
        search.work(weeks)
        self.plan_days(stop)
        if search.cost > cost:
            search.restore(kept)
            search.cost = cost

    def plan_days(self, stop: Stop) -> None:
        """Plan what everybody does anew, day by day."""
        problem, tally = self.search.problem, self.search.editor.tally
        days = range(problem.instance.length)
        where = [(day, places) for day in days for places in neighbours(problem)]
        with ThreadPoolExecutor(self.workers) as pool:
            jobs = [
                pool.submit(do_best, problem, tally, one, self.prices, stop.deadline)
                for one in where
            ]
            found = [job.result() for job in jobs]
        for (day, _), doing in zip(where, found, strict=True):
            self.search.do([(person, day, plan) for person, plan in doing])

    def run(self, stop: Stop) -> None:
        """Search and plan in turn, until a lap gains little."""
        before = float("inf")
        while before - self.search.cost > WORTHWHILE * abs(self.search.cost):
            before = self.search.cost
            self.search.improve(stop)
            if self.search.cost <= stop.goal or stop.is_late:
                return
            self.plan_days(stop)
