"""Open an agenda: which places, on which days and at which times, with whom."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from forecasting.errors import InputError
from staffing.agenda.asking import asked_in_futures, booked_ahead, habit_of
from staffing.agenda.booking import Asked, Floats
from staffing.agenda.days import Days, agenda_days
from staffing.agenda.fitting import Fitting, whole_places
from staffing.agenda.policy import AgendaPolicy
from staffing.agenda.problem import Problem, Product
from staffing.agenda.reporting import Opened, opened
from staffing.agenda.supplying import Supply, rooms_of
from staffing.workload.periods import days_of_periods

BOOKED = "appointment"


@dataclass(frozen=True)
class Demand:
    """Who asks, in frames.

    `visits` are futures of visits (`series, start, sample, count`, with the `cadence` of
    each); `bookings` past ones (`location, service, step, requested, visit, count`) and
    `booked` those whose visit lies ahead (`VisitsBooked`).
    """

    visits: pl.DataFrame
    bookings: pl.DataFrame
    booked: pl.DataFrame


def open_agenda(
    products: Sequence[Product],
    demand: Demand,
    supply: Supply,
    *,
    first: date,
    weeks: int,
    policy: AgendaPolicy,
    seed: int = 0,
) -> Opened:
    """The smallest even agenda that keeps the promise, as far as the limits allow.

    Raises:
        InputError: there is no product, or nothing is known of one that is asked for.
    """
    if not products:
        raise InputError(
            "expected products that are asked for by appointment, came none",
            remedy="Import bookings, and forecast again (piekwijzer forecast).",
        )
    problems = [
        _problem(
            here, demand, supply, first=first, weeks=weeks, policy=policy, seed=seed
        )
        for here in _by_location(products)
    ]
    return opened(problems, [_solved(problem) for problem in problems])


def _by_location(products: Sequence[Product]) -> list[tuple[Product, ...]]:
    found: dict[str, list[Product]] = defaultdict(list)
    for product in sorted(products, key=lambda p: (p.service, p.step)):
        found[product.location].append(product)
    return [tuple(found[location]) for location in sorted(found)]


def _solved(problem: Problem) -> Fitting:
    from staffing.agenda.levelling import level

    return whole_places(problem, level(problem))


def _problem(
    products: tuple[Product, ...],
    demand: Demand,
    supply: Supply,
    *,
    first: date,
    weeks: int,
    policy: AgendaPolicy,
    seed: int,
) -> Problem:
    location = products[0].location
    last = first + timedelta(weeks=weeks, days=-1)
    skills = sorted({product.skill for product in products})
    beyond = max(product.within_days for product in products) + 1
    places = [(location, skill) for skill in skills]
    days = agenda_days(first, last, beyond, supply.calendar, places)
    rooms = rooms_of(location, skills, days.days, supply, policy)
    keys = [(product.service, product.step) for product in products]
    booked = booked_ahead(demand.booked.filter(location=location), keys, days)
    asked = tuple(_asked(product, demand, days, policy, seed) for product in products)
    planned = sum(day <= last for day in days.days)
    return Problem(products, asked, booked, rooms, days, planned, policy)


def _asked(
    product: Product, demand: Demand, days: Days, policy: AgendaPolicy, seed: int
) -> Asked:
    name = f"{product.location}/{product.service}/{product.step}/{BOOKED}"
    past = demand.bookings.filter(
        location=product.location, service=product.service, step=product.step
    )
    return asked_in_futures(
        _visits(demand.visits.filter(series=name)),
        habit_of(past, days.days[0]),
        days,
        later_share=policy.later_share,
        seed=seed,
        name=name,
    )


def _visits(futures: pl.DataFrame) -> dict[date, Floats]:
    """Visits per day, one number per future; a week's or month's dealt over its days."""
    keys = ["start", "sample"]
    daily = days_of_periods(futures).with_columns(
        (pl.col("count") / pl.len().over(keys)).alias("count")
    )
    return {
        day: rows.sort("sample")["count"].to_numpy()
        for (day,), rows in daily.group_by("day", maintain_order=True)
        if isinstance(day, date)
    }
