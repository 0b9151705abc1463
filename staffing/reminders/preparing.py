"""What a plan is made of, checked: what letters can move, and the load they move it in."""

import polars as pl

from staffing.reminders.checking import checked_load, checked_stock, week_of_stock
from staffing.reminders.cohorts import form_cohorts
from staffing.reminders.load import Load
from staffing.reminders.moving import Mover
from staffing.reminders.policy import MailingPolicy
from staffing.reminders.response import Response


def prepared(
    expiries: pl.DataFrame,
    demand: pl.DataFrame,
    capacity: pl.DataFrame,
    response: Response,
    policy: MailingPolicy,
    *,
    seed: int,
) -> tuple[Mover, Load]:
    """Of the tables of a plan, what its letters move and in which load.

    Raises:
        InputError: a row that cannot be planned, named.
    """
    due = checked_stock(expiries, response, policy)
    weeks, load = checked_load(demand, capacity, seed)
    stock = form_cohorts(due, weeks, response, policy)
    known = week_of_stock(due, weeks)
    return Mover(stock, weeks, known, response, policy, load.hours), load
