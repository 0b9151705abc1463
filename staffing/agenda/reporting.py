"""An opened agenda as tables: places with their times, days with waits, and people."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import dataframely as dy
import numpy as np
import polars as pl

from staffing.agenda.booking import NO_PLACE
from staffing.agenda.fitting import Fitting, places_short
from staffing.agenda.placing import Laid
from staffing.agenda.problem import Problem
from staffing.agenda.tables import Agenda, AgendaDays, AgendaStaff

Row = dict[str, object]


@dataclass(frozen=True)
class Opened:
    """An agenda: `agenda` typed `Agenda`, `days` `AgendaDays`, `staff` `AgendaStaff`."""

    agenda: pl.DataFrame
    days: pl.DataFrame
    staff: pl.DataFrame


def opened(problems: Sequence[Problem], fitted: Sequence[Fitting]) -> Opened:
    """The tables of the locations together, in order."""
    reports = [_Report(*both) for both in zip(problems, fitted, strict=True)]
    return Opened(
        _table(Agenda, [row for report in reports for row in report.places()]),
        _table(AgendaDays, [row for report in reports for row in report.days()]),
        _table(AgendaStaff, [row for report in reports for row in report.staff()]),
    )


def _table(schema: type[dy.Schema], rows: list[Row]) -> pl.DataFrame:
    types = {name: rule.dtype for name, rule in schema.columns().items()}
    return schema.validate(pl.DataFrame(rows, schema=types).sort(schema.primary_key()))


class _Report:
    """The plan of one location, tried on its futures once more."""

    def __init__(self, problem: Problem, fitting: Fitting) -> None:
        self.problem, self.fitting = problem, fitting
        self.planned = range(problem.planned)
        self.laid = [fitting.lay(day) for day in self.planned]
        rows = range(len(problem.products))
        self.waits = [problem.waits(p, fitting.places[p]) for p in rows]
        self.kept = [
            problem.rules[p].kept(fitting.places[p], problem.booked[p]) for p in rows
        ]

    def _who(self, p: int) -> Row:
        product = self.problem.products[p]
        return {
            "location": product.location,
            "service": product.service,
            "step": product.step,
            "skill": product.skill,
        }

    def places(self) -> Iterator[Row]:
        """A row per product and time of a day."""
        for day, laid in enumerate(self.laid):
            if laid is not None:
                yield from self._places_of(day, laid)

    def _places_of(self, day: int, laid: Laid) -> Iterator[Row]:
        room = self.problem.rooms[day]
        if room is None:
            return
        for p, product in enumerate(self.problem.products):
            cells = [cell for owner, cell in laid.places if owner == p]
            last = Counter(_evenly(cells, int(self.kept[p][day])))
            share = self.waits[p].taken[day] / max(self.fitting.places[p, day], 1)
            for cell, number in sorted(Counter(cells).items()):
                yield {
                    **self._who(p),
                    "start": room.opens + cell * timedelta(minutes=room.cell_minutes),
                    "minutes": product.minutes,
                    "places": number,
                    "kept": last[cell],
                    "opens": self._opens(day) if last[cell] else None,
                    "booked": min(share, 1.0) * number,
                }

    def _opens(self, day: int) -> date:
        """The first day from which a kept place of a day may be had."""
        days, before = self.problem.days, self.problem.policy.kept_days
        first = int(np.argmax(days.number[day] - days.number <= before))
        return days.days[first]

    def days(self) -> Iterator[Row]:
        """A row per product and day."""
        short = places_short(self.problem, self.fitting.places)
        share = self.problem.policy.share
        for p, product in enumerate(self.problem.products):
            waits, asked = self.waits[p], self.problem.asked[p]
            requests = (asked.now + asked.later).mean(axis=0)
            within = waits.share_within(product.within_days)
            median, often = waits.quantile(0.5), waits.quantile(0.8)
            for t in self.planned:
                fails = within[t] < share - 1e-9
                yield {
                    **self._who(p),
                    "day": self.problem.days.days[t],
                    "places": int(self.fitting.places[p, t]),
                    "kept": int(self.kept[p][t]),
                    "already": int(self.problem.booked[p, t]),
                    "booked": float(waits.taken[t]),
                    "requests": float(requests[t]),
                    "within_days": product.within_days,
                    "within": float(within[t]),
                    "wait_q50": _known(int(median[t])),
                    "wait_q80": _known(int(often[t])),
                    "short": int(short[p, t]),
                    "limit": self.fitting.limits.get((p, t)) if fails else None,
                }

    def staff(self) -> Iterator[Row]:
        """A row per skill and open day."""
        skills = {product.skill for product in self.problem.products}
        for day, laid in enumerate(self.laid):
            for skill in sorted(skills):
                if laid is not None:
                    yield from self._staff_of(day, skill, laid)

    def _staff_of(self, day: int, skill: str, laid: Laid) -> Iterator[Row]:
        room, products = self.problem.rooms[day], self.problem.products
        if room is None or not room.open_hours(skill):
            return
        busy = np.zeros(room.desks.size)
        for p, cell in laid.places:
            if products[p].skill == skill:
                busy[cell : cell + products[p].minutes // room.cell_minutes] += 1
        needs = np.nan_to_num(room.needs[skill])
        ordered = sum(products[p].orders for p, _ in laid.places)
        yield {
            "location": products[0].location,
            "skill": skill,
            "day": self.problem.days.days[day],
            "walk_in_hours": room.walk_in_hours[skill],
            "place_hours": sum(
                products[p].hours for p, _ in laid.places if products[p].skill == skill
            ),
            "hours_at_hand": room.at_hand_hours[skill],
            "people": int(np.ceil((busy + needs).max() - 1e-9)),
            "desks": room.desk_limit,
            "ordered": ordered + room.ordered,
            "applications": room.application_limit,
        }


def _evenly(cells: Sequence[int], number: int) -> list[int]:
    """So many of the cells, spread evenly over them in order."""
    ordered = sorted(cells)
    step = len(ordered) / max(number, 1)
    return [ordered[int((i + 0.5) * step)] for i in range(min(number, len(ordered)))]


def _known(wait: int) -> int | None:
    return None if wait >= NO_PLACE else wait
