"""Prices on work, desks and heads, and the bound that follows from any such prices.

Lagrange: what is wanted and the people are parted; people are paid for each quarter-hour
at work what it is priced at. Then what is wanted buys as is cheapest, everybody has the
week that pays best, and no roster can cost less than the two together, whatever the
prices. A person's week is exact: law, contract, blocks of activity, wishes, changes.
"""

from typing import NamedTuple

import numpy as np

from staffing.queueing.compiling import nested, stepping, threadable
from staffing.roster.lawful.frame import Frame, Space
from staffing.roster.lawful.labels import cheapest
from staffing.roster.week.blocks import BlockPrice, write_blocks
from staffing.roster.week.replying import (
    Offer,
    Staff,
    appraise,
    best_of_choices,
    place_span,
    skills_of,
    summed,
)
from staffing.roster.week.tally import (
    NOTHING,
    Plans,
    cost_of_number,
)
from staffing.roster.week.targets import CLOSED, QUARTERS, Floats, Ints, Targets


class Prices(NamedTuple):
    """Euros a quarter-hour: of work (R, 96), of a desk (Z, 96), of a head (M, 3, 96)."""

    work: Floats
    desk: Floats
    head: Floats


def no_prices(targets: Targets) -> Prices:
    """Nothing is paid for."""
    rows, ceilings, minima = len(targets.due), len(targets.desks), len(targets.need)
    return Prices(
        np.zeros((rows, QUARTERS)),
        np.zeros((ceilings, QUARTERS)),
        np.zeros((minima, 3, QUARTERS)),
    )


@nested
def priced(
    targets: Targets, prices: Prices, staff: Staff, who: tuple[int, int], place: int
) -> Offer:
    """What a person's quarter-hours of a day are worth at a place, at prices."""
    person, day = who
    skills = skills_of(staff, person)
    work, head = np.empty((len(skills), QUARTERS)), np.zeros(QUARTERS)
    for s in range(len(skills)):
        _price_skill(targets, prices, (place, day, skills[s]), work[s])
    for minimum in targets.minimum[place, day]:
        if minimum != CLOSED and staff.functions[person, minimum]:
            _add_paid(prices.head[minimum], staff.functions[person, minimum], head)
    for quarter in range(QUARTERS):
        if staff.apart[person, day, quarter]:
            work[:, quarter], head[quarter] = -np.inf, 0.0
    return Offer(work, np.zeros(QUARTERS), summed(head), skills)


@stepping
def _add_paid(paid: Floats, function: int, head: Floats) -> None:
    for quarter in range(QUARTERS):
        first, second = paid[0, quarter], paid[1, quarter]
        once = (function & 1) * first + (function >> 1) * second
        head[quarter] += once + paid[2, quarter]


@stepping
def _price_skill(
    targets: Targets, prices: Prices, where: tuple[int, int, int], worth: Floats
) -> None:
    row = targets.row[where]
    worth[:] = -np.inf
    if row == CLOSED:
        return
    for quarter in range(QUARTERS):
        if targets.is_open[row, quarter]:
            worth[quarter] = prices.work[row, quarter]
            for ceiling in targets.ceiling[where]:
                if ceiling != CLOSED:
                    worth[quarter] -= prices.desk[ceiling, quarter]


@nested
def price_days(
    targets: Targets,
    prices: Prices,
    staff: Staff,
    block: BlockPrice,
    person: int,
    costs: Floats,
    which: Ints,
) -> None:
    """The cost of each choice of a person at prices (D, C), and the option behind it."""
    costs[:], which[:] = np.inf, NOTHING
    for day in range(len(costs)):
        first, last = staff.begins[person, day], staff.begins[person, day + 1]
        while first < last:
            span = (first, place_span(staff, first, last))
            offer = priced(targets, prices, staff, (person, day), staff.place[first])
            worth = np.empty(span[1] - span[0])
            appraise(staff, offer, block, span, worth)
            best_of_choices(staff, span, worth, costs[day], which[day])
            first = span[1]


@threadable
def cost_of_wants(targets: Targets, prices: Prices, bought: Ints) -> float:
    """The least that what is wanted costs when heads and hands are paid for.

    Into `bought` (R, 96) goes the number that each row takes in each quarter-hour.
    """
    total = _paid_anyway(targets, prices)
    for row in range(len(targets.due)):
        waiting = 0.0
        for quarter in range(QUARTERS):
            if targets.waits[row, quarter]:
                waiting = prices.work[row, quarter]
            elif targets.is_open[row, quarter]:
                price = prices.work[row, quarter]
                bought[row, quarter], cost = _buy(targets, row, quarter, price)
                total += cost
        total += waiting * targets.due[row]
    return float(total)


@stepping
def _paid_anyway(targets: Targets, prices: Prices) -> float:
    """What heads that are needed are paid, less what desks that there are bring in."""
    heads, desks = 0.0, 0.0
    for minimum in range(len(targets.need)):
        for which in range(3):
            for price in prices.head[minimum, which]:
                heads += price * targets.need[minimum, which]
    for ceiling in range(len(targets.desks)):
        for price in prices.desk[ceiling]:
            desks += price * targets.desks[ceiling]
    return heads - desks


@stepping
def _buy(targets: Targets, row: int, quarter: int, price: float) -> tuple[int, float]:
    """The cheapest number of people at a price each, and what that costs."""
    best, least = 0, np.inf
    for number in range(targets.last[row, quarter] + 1):
        cost = cost_of_number(targets, row, quarter, number) + price * number
        if cost < least:
            best, least = number, cost
    return best, least


def bought_at(targets: Targets, prices: Prices) -> Ints:
    """How many people each quarter-hour of work takes at prices (R, 96)."""
    bought = np.zeros(prices.work.shape, np.int64)
    cost_of_wants(targets, prices, bought)
    return bought


def capped(targets: Targets, prices: Prices) -> Prices:
    """Prices brought to where they bound: not below 0, nor above what is ever saved.

    Waiting work has one price a day, and a head one only while its minimum is in force.
    """
    daily = np.where(targets.waits, prices.work, np.inf).min(axis=1, keepdims=True)
    daily = np.minimum(daily, targets.price_waiting)
    work = np.where(targets.waits, daily, prices.work)
    head = np.maximum(np.where(targets.in_force[:, None, :], prices.head, 0.0), 0.0)
    paid = head.sum(axis=1, keepdims=True)
    share = np.minimum(1.0, targets.price_head / np.maximum(paid, 1e-12))
    return Prices(np.maximum(work, 0.0), np.maximum(prices.desk, 0.0), head * share)


@nested
def plan_at(
    targets: Targets,
    prices: Prices,
    staff: Staff,
    block: BlockPrice,
    who: tuple[int, int],
    option: int,
    plan: Plans,
) -> None:
    """Write the blocks of a person's shift of a day that pay best at prices (96,)."""
    offer = priced(targets, prices, staff, who, staff.place[option])
    begin, pause, resume, end = staff.shapes[staff.shape[option]]
    for reach in ((begin, pause), (resume, end)):
        if reach[1] > reach[0]:
            write_blocks(offer.work, offer.idle, reach, block, offer.skills, plan)


@threadable
def plan_week(
    targets: Targets,
    prices: Prices,
    staff: Staff,
    block: BlockPrice,
    person: int,
    options: Ints,
    plans: Plans,
) -> None:
    """Write what pays best at prices to do in a person's shifts (D,): plans (D, 96)."""
    plans[:] = NOTHING
    for day in range(len(options)):
        if options[day] != NOTHING:
            plan_at(
                targets, prices, staff, block, (person, day), options[day], plans[day]
            )


@threadable
def best_week(
    targets: Targets,
    prices: Prices,
    staff: Staff,
    block: BlockPrice,
    frame: Frame,
    person: int,
    most: int,
    space: Space,
    options: Ints,
    plans: Plans,
) -> tuple[float, bool]:
    """Write a person's cheapest week at prices: options (D,) and plans (D, 96).

    Returns what it costs, and whether that is exact: searches of more than `most` labels
    a day are cut short.
    """
    shape, days = frame.choices.shape, len(options)
    costs, which = np.empty(shape[:2]), np.empty(shape[:2], np.int64)
    options[:], plans[:] = NOTHING, NOTHING
    off, path = staff.off[person].copy(), np.full(days, NOTHING)
    for day in range(days):
        if staff.must[person, day]:
            off[day] = np.inf
    if shape[1] == 0:  # nothing can be worked, on any day
        return off.sum(), True
    price_days(targets, prices, staff, block, person, costs, which)
    found = cheapest(frame, costs, off, frame.entry, (0, days - 1), most, space, path)
    for day in range(days):
        if path[day] != NOTHING:
            options[day] = which[day, path[day]]
    plan_week(targets, prices, staff, block, person, options, plans)
    return found
