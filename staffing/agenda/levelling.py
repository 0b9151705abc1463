"""Even days that keep the promise: a linear program over quantiles of the requests.

Requests of the days u..t must all be placed, and one place be left, from the earliest day
that u may have to the last that t is promised. Because who asks first is placed first, all
of them can be placed exactly when this holds for every pair u <= t (Hall's condition for
intervals in order). The program asks it of the `share` quantile of the requests of each
pair; whether the promise is kept in that share of futures is then tried on the futures.

minimise   sum hours f_pd + 100 sum hours late_pt + even_price sum_d open_d change_d
           + even_price/4 sum_pd open_d change_pd
where      opened_p(u, t) + late_pt >= asked_p(u, t) + 1         all p, u <= t
           sum_p hours f_pd <= staff, desks;  sum f_pd <= applications;  f_pd >= least_pd
           change_d = |people_d - people_(d-1)|,  people busy with walk-ins and places in
           the mean over the opening; change_pd likewise of one product's places
and f are places beside those booked, of which `kept_share` opens `kept_days` before.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
from ortools.math_opt.python import mathopt

from forecasting.errors import PiekwijzerError
from staffing.agenda.booking import Asked, Floats, Rules
from staffing.agenda.problem import Problem

LATE_PRICE = 100.0
"""Of an hour that comes late; dearer for a product with a nearer promise."""
PER_PRODUCT = 0.25
"""Evenness of a product's own places, beside that of all people together."""
Weigh = Callable[[int], float]
"""What one place of a product, by its number, takes of a limit."""


class UnsolvedAgendaError(PiekwijzerError):
    """The solver ended without an optimum."""


def level(problem: Problem) -> Floats:
    """Places per product (rows) and day (columns), not yet whole, booked ones included.

    Raises:
        UnsolvedAgendaError: no optimum was found.
    """
    program = _Program(problem)
    program.add_promises()
    program.add_limits()
    program.add_evenness()
    return program.solve()


def asked_between(asked: Asked, rules: Rules, share: float) -> Floats:
    """For days u (rows) <= t (columns), the `share` quantile of requests to be placed.

    Those made from u to t that want the first place, and those made up to t that want a
    day between the earliest of u and the last that t is promised.
    """
    days = rules.number.size
    now, later = (_upto(counts) for counts in (asked.now, asked.later))
    at = np.arange(days)
    last = np.searchsorted(rules.later_from, rules.reach, side="right")
    wanted = later[:, np.minimum(at + 1, last)]
    rank = int(np.ceil(share * now.shape[0] - 1e-9)) - 1
    result = np.zeros((days, days))
    for u in range(days):
        first = np.searchsorted(rules.later_from, rules.earliest[u], side="left")
        some = np.maximum(wanted - later[:, [first]], 0)
        total = now[:, 1:] - now[:, [u]] + some
        result[u] = np.partition(total, rank, axis=0)[rank]
    return np.triu(result)


def _upto(counts: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> Floats:
    return np.pad(np.cumsum(counts, axis=1), ((0, 0), (1, 0))).astype(np.float64)


class _Program:
    """The model of one location while it is built."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.model = mathopt.Model(name="agenda")
        self.costs: list[mathopt.LinearExpression] = []
        most = np.where(problem.can_open, np.inf, 0.0)
        least = np.maximum(problem.least - problem.booked, 0)
        self.places = [
            [
                self.model.add_variable(lb=float(least[p, d]), ub=float(most[p, d]))
                for d in range(len(problem.days.days))
            ]
            for p in range(len(problem.products))
        ]
        for p, product in enumerate(problem.products):
            self.costs.append(product.hours * mathopt.fast_sum(self.places[p]))

    def add_promises(self) -> None:
        """What each product promises, with who comes late as a last resort."""
        share, nearest = self.problem.policy.share, self.problem.policy.within_days
        for p, product in enumerate(self.problem.products):
            wanted = asked_between(self.problem.asked[p], self.problem.rules[p], share)
            nearness = (nearest + 1) / (product.within_days + 1)
            price = LATE_PRICE * product.hours * nearness**2
            upto = self._running_sum(p)
            for t in range(self.problem.planned):
                late = self.model.add_variable(lb=0.0)
                self.costs.append(price * late)
                for u in range(t + 1):
                    self._add_promise(p, upto, (u, t), late, float(wanted[u, t]) + 1)

    def _running_sum(self, p: int) -> list[mathopt.Variable]:
        """Places up to each day, so that a promise needs no more than three of them."""
        sums: list[mathopt.Variable] = []
        for d, places in enumerate(self.places[p]):
            total = self.model.add_variable(lb=0.0)
            row = self.model.add_linear_constraint(lb=0.0, ub=0.0)
            row.set_coefficient(total, 1.0)
            row.set_coefficient(places, -1.0)
            if d:
                row.set_coefficient(sums[-1], -1.0)
            sums.append(total)
        return sums

    def _add_promise(
        self,
        p: int,
        upto: list[mathopt.Variable],
        pair: tuple[int, int],
        late: mathopt.Variable,
        wanted: float,
    ) -> None:
        rules, (u, t) = self.problem.rules[p], pair
        first, last = int(rules.earliest[u]), int(rules.reach[t])
        if first > last:
            return
        shown = min(int(rules.released[t]), last)
        part = rules.kept_share if shown < last else 0.0
        row = self.model.add_linear_constraint(lb=wanted)
        row.set_coefficient(late, 1.0)
        row.set_coefficient(upto[last], 1 - part)
        if part and shown >= first:
            row.set_coefficient(upto[shown], part)
        if first:
            before = part if part and shown < first else 0.0
            row.set_coefficient(upto[first - 1], before - 1)

    def add_limits(self) -> None:
        """What staff, desks and printers allow of each day, beside what is booked."""
        for d, room in enumerate(self.problem.rooms):
            if room is None:
                continue
            for skill in room.people:
                self._limit(d, room.hours[skill], partial(self._hours, skill=skill))
            desk_hours = room.desk_hours * self.problem.policy.fill
            self._limit(d, desk_hours, lambda p: self.problem.products[p].minutes / 60)
            self._limit(
                d, room.applications, lambda p: float(self.problem.products[p].orders)
            )

    def _hours(self, p: int, skill: str) -> float:
        product = self.problem.products[p]
        return product.hours if skill == product.skill else 0.0

    def _limit(self, d: int, most: float, weigh: Weigh) -> None:
        if np.isinf(most):
            return
        weights = [weigh(p) for p in range(len(self.places))]
        least = self.problem.least[:, d] - self.problem.booked[:, d]
        left = most - float(np.dot(weights, self.problem.booked[:, d]))
        ub = max(left, float(np.dot(weights, np.maximum(least, 0))))
        row = self.model.add_linear_constraint(ub=ub)
        for p, weight in enumerate(weights):
            row.set_coefficient(self.places[p][d], weight)

    def add_evenness(self) -> None:
        """A day unlike the open day before it has its price, per skill and product."""
        price = self.problem.policy.even_price
        skills = {product.skill for product in self.problem.products}
        every = range(len(self.problem.products))
        for skill in sorted(skills):
            mine = [p for p in every if self._hours(p, skill)]
            self._even_out(skill, mine, price, walk_ins=True)
            for p in mine:
                self._even_out(skill, [p], price * PER_PRODUCT, walk_ins=False)

    def _even_out(
        self, skill: str, products: list[int], price: float, *, walk_ins: bool
    ) -> None:
        """Put a price on the change, from day to day, of people busy in the mean."""
        opened = [
            (d, room, hours)
            for d, room in enumerate(self.problem.rooms)
            if room is not None
            and skill in room.people
            and (hours := room.open_hours(skill)) > 0
        ]
        people = []
        for d, room, hours in opened:
            busy = room.walk_in_hours.get(skill, 0.0) if walk_ins else 0.0
            places = [
                self._hours(p, skill)
                * (self.places[p][d] + float(self.problem.booked[p, d]))
                for p in products
            ]
            people.append((mathopt.fast_sum(places) + busy) * (1 / hours))
        for (_, _, hours), before, after in zip(
            opened[1:], people[:-1], people[1:], strict=True
        ):
            change = self.model.add_variable(lb=0.0)
            self.model.add_linear_constraint(change >= after - before)
            self.model.add_linear_constraint(change >= before - after)
            self.costs.append(price * hours * change)

    def solve(self) -> Floats:
        """Solve by GLOP, and read the places off."""
        self.model.minimize(mathopt.fast_sum(self.costs))
        result = mathopt.solve(self.model, mathopt.SolverType.GLOP)
        if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
            raise UnsolvedAgendaError(
                f"The agenda was not solved ({result.termination.reason.value}). "
                "Plan fewer weeks (--weeks)."
            )
        rows = [result.variable_values(row) for row in self.places]
        return np.maximum(np.array(rows, dtype=np.float64), 0) + self.problem.booked
