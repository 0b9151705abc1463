"""Residents one by one: when each comes without a letter, and when with one.

Knows nothing of how a plan reckons. Everybody has a week of coming (or never comes), and
random numbers of their own for the letter: whether they act on it, when they read it,
how long it takes them, and on which day of the week they come. With and without letters,
and under every policy, these numbers are the same.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

import numpy as np
import polars as pl

from staffing.reminders.response import FIRST_LAG, LAST_LAG, Channel
from tests.benches.reminders.town import AS_OF, FIRST, WEEKS, Town

WORKING_DAYS = 5
BEYOND = 60
"""Weeks after the plan in which somebody who gets a letter may have come."""
NEVER = WEEKS + BEYOND
NOT_MAILED = -1000


@dataclass(frozen=True)
class Stock:
    """Residents whose documents expire near the plan, one row each, by group.

    A group shares service, age band, district and expiry week. `expiry` is a week
    number.
    """

    groups: pl.DataFrame

    @staticmethod
    def of(town: Town) -> "Stock":
        """The residents of a town who may come within the plan or get a letter in it."""
        week = (pl.col("expiry_week") - pl.lit(FIRST)).dt.total_days() // 7
        last = WEEKS + town.policy.earliest_lead_weeks
        rows = town.expiries.with_columns(expiry=week)
        near = rows.filter(pl.col("expiry") <= last, pl.col("count") > 0)
        keys = ["service", "age_band", "district", "expiry"]
        return Stock(near.sort(keys).select(*keys, "expiry_week", "count"))

    @cached_property
    def group(self) -> np.ndarray:
        """The group of each resident."""
        return np.repeat(np.arange(self.groups.height), self.groups["count"].to_numpy())

    @cached_property
    def expiry(self) -> np.ndarray:
        """The week in which each resident's document expires."""
        expiry: np.ndarray = self.groups["expiry"].to_numpy()[self.group]
        return expiry


def coming(town: Town, stock: Stock, random: np.random.Generator) -> np.ndarray:
    """The week in which each resident comes without a letter; `NEVER` if at all."""
    chances = []
    known = (AS_OF - timedelta(days=AS_OF.weekday()) - FIRST).days // 7
    for service, band, expiry in stock.groups.select(
        "service", "age_band", "expiry"
    ).iter_rows():
        shares = town.response.timing_of(service, band).weights()
        weeks = expiry + np.arange(FIRST_LAG, LAST_LAG + 1)
        to_come = np.where(weeks > known, shares, 0.0)
        never = 1.0 - shares.sum()
        chances.append(np.cumsum(to_come) / (to_come.sum() + never))
    table = np.array(chances)
    lag = np.full(stock.group.size, table.shape[1])
    drawn = random.random(stock.group.size)
    for column in range(table.shape[1] - 1, -1, -1):
        lag = np.where(drawn < table[stock.group, column], column, lag)
    week = stock.expiry + FIRST_LAG + lag
    return np.where(lag < table.shape[1], week, NEVER)


@dataclass(frozen=True)
class Traits:
    """Random numbers of each resident, between 0 and 1, whatever letters go out."""

    acts: np.ndarray
    reads: np.ndarray
    delays: np.ndarray
    day: np.ndarray

    @staticmethod
    def draw(size: int, random: np.random.Generator) -> "Traits":
        """Those of so many residents."""
        return Traits(*random.random((4, size)))


def with_letters(
    weeks: np.ndarray,
    mailing: np.ndarray,
    expiry: np.ndarray,
    traits: Traits,
    channel: Channel,
    wait_weeks: int,
) -> np.ndarray:
    """The week in which each resident comes, given the week of their letter."""
    mailed = np.flatnonzero((mailing != NOT_MAILED) & (weeks != NEVER))
    lead = expiry[mailed] - mailing[mailed]
    acting = channel.acts.value * 0.5 ** (lead / channel.half_life_weeks.value)
    acts = traits.acts[mailed] < acting
    read_by = np.cumsum(channel.reads())
    read = np.searchsorted(read_by, traits.reads[mailed], side="right")
    delay_by = np.cumsum(channel.delay)
    delay = np.searchsorted(delay_by, traits.delays[mailed] * delay_by[-1])
    reacts = mailing[mailed] + wait_weeks + read + delay
    moves = acts & (read < read_by.size) & (reacts < weeks[mailed])
    found = weeks.copy()
    found[mailed[moves]] = reacts[moves]
    return found


def counter_load(
    town: Town, stock: Stock, weeks: np.ndarray, traits: Traits
) -> np.ndarray:
    """Hours per week of the plan of residents who come, and come again to collect."""
    day = (traits.day * WORKING_DAYS).astype(int)
    again = weeks + (day + town.policy.production_days) // WORKING_DAYS
    total = np.zeros(WEEKS)
    documents = [town.response.document_of(name) for name in stock.groups["service"]]
    for visit, hours in (
        (weeks, [document.application_hours for document in documents]),
        (again, [document.collection_hours for document in documents]),
    ):
        work = np.array(hours)[stock.group]
        inside = (visit >= 0) & (visit < WEEKS) & (weeks != NEVER)
        total += np.bincount(visit[inside], work[inside], minlength=WEEKS)
    return total
