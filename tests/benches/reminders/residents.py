"""Residents one by one: when each comes without a letter, and when with one.

Knows nothing of how a plan reckons. Everybody has a week of coming (or never comes), and
random numbers of their own for the letter: whether they act on it, when they read it,
how long it takes them, and on which day of the week they come. With and without letters,
and under every policy, these numbers are the same.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import polars as pl

from staffing.reminders.response import FIRST_LAG, LAST_LAG, Channel
from tests.benches.reminders.town import AS_OF, FIRST, WEEKS, Town

WORKING_DAYS = 5
BEYOND = 60
"""Weeks after the plan in which somebody who gets a letter may have come."""
NEVER = WEEKS + BEYOND
NOT_MAILED = -1000
KNOWN = (AS_OF - timedelta(days=AS_OF.weekday()) - FIRST).days // 7
"""The week in which the stock was listed."""
SPAN = LAST_LAG - FIRST_LAG + 1


@dataclass(frozen=True)
class Stock:
    """Residents whose documents expire near the plan, by group, then one by one.

    A group shares service, age band, district and expiry week. `chances` is groups x
    weeks from `FIRST_LAG` before expiry: of coming by then without a letter. Per
    resident: the `group`, the week of `expiry`, hours `asks` and `collects` take.
    """

    groups: pl.DataFrame
    chances: np.ndarray
    group: np.ndarray
    expiry: np.ndarray
    asks: np.ndarray
    collects: np.ndarray

    @staticmethod
    def of(town: Town) -> "Stock":
        """The residents of a town who may come within the plan or get a letter in it."""
        week = (pl.col("expiry_week") - pl.lit(FIRST)).dt.total_days() // 7
        last = WEEKS + town.policy.earliest_lead_weeks
        rows = town.expiries.with_columns(expiry=week)
        near = rows.filter(pl.col("expiry") <= last, pl.col("count") > 0)
        keys = ["service", "age_band", "district", "expiry"]
        groups = near.sort(keys).select(*keys, "expiry_week", "count")
        group = np.repeat(np.arange(groups.height), groups["count"].to_numpy())
        kinds = [town.response.document_of(name) for name in groups["service"]]
        return Stock(
            groups,
            _every_chance(town, groups),
            group,
            groups["expiry"].to_numpy()[group],
            np.array([kind.application_hours for kind in kinds])[group],
            np.array([kind.collection_hours for kind in kinds])[group],
        )

    def timed(self, town: Town) -> "Stock":
        """The same residents, who come when those of another town do."""
        return replace(self, chances=_every_chance(town, self.groups))


def _every_chance(town: Town, groups: pl.DataFrame) -> np.ndarray:
    which = groups.select("service", "age_band", "expiry")
    return np.array([_chances(town, *kind) for kind in which.iter_rows()])


def _chances(town: Town, service: str, band: str, expiry: int) -> np.ndarray:
    """Chance of having come by each week, of who had not when the stock was listed."""
    shares = town.response.timing_of(service, band).weights()
    weeks = expiry + np.arange(FIRST_LAG, LAST_LAG + 1)
    to_come = np.where(weeks > KNOWN, shares, 0.0)
    never = 1.0 - shares.sum()
    by_then: np.ndarray = np.cumsum(to_come) / (to_come.sum() + never)
    return by_then


def coming(stock: Stock, random: np.random.Generator) -> np.ndarray:
    """The week in which each resident comes without a letter; `NEVER` if at all."""
    order = np.arange(len(stock.chances))[:, None]
    table = (np.minimum(stock.chances, 1 - 1e-12) + order).reshape(-1)
    drawn = random.random(stock.group.size) + stock.group
    lag = np.searchsorted(table, drawn, side="right") - stock.group * SPAN
    return np.where(lag < SPAN, stock.expiry + FIRST_LAG + lag, NEVER)


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
    stock: Stock,
    weeks: np.ndarray,
    traits: Traits,
    production_days: int,
    chosen: np.ndarray | None = None,
) -> np.ndarray:
    """Hours per week of the plan of residents who come, and come again to collect.

    Of those chosen (indices), or of all.
    """
    who = np.arange(weeks.size) if chosen is None else chosen
    come, day = weeks[who], (traits.day[who] * WORKING_DAYS).astype(int)
    again = come + (day + production_days) // WORKING_DAYS
    total = np.zeros(WEEKS)
    for visit, hours in ((come, stock.asks[who]), (again, stock.collects[who])):
        inside = (visit >= 0) & (visit < WEEKS) & (come != NEVER)
        total += np.bincount(visit[inside], hours[inside], minlength=WEEKS)
    return total
