"""Mailing policies that need no planner: a fixed lead, and letters spread evenly.

Each has the planner's own quota a week, budget, silent weeks and hold-out. Where the
budget does not reach everybody, it reaches the same part of each group.
"""

import numpy as np

from staffing.reminders.weeks import Weeks
from tests.benches.reminders.residents import NOT_MAILED, Stock
from tests.benches.reminders.town import FIRST, WEEKS, Town


def fixed_lead(
    town: Town, stock: Stock, lead: int, random: np.random.Generator
) -> np.ndarray:
    """The week of each resident's letter, `lead` weeks before expiry."""
    week = stock.expiry - lead
    could = np.isin(week, _usable(town)) & ~_held(town, stock, random)
    chosen = _limited(np.flatnonzero(could), week, town, random)
    return _mailings(stock, chosen, week)


def spread_evenly(town: Town, stock: Stock, random: np.random.Generator) -> np.ndarray:
    """As many letters every week, to whoever may get one and has had none."""
    usable, policy = _usable(town), town.policy
    each = min(policy.weekly_quota, policy.budget // len(usable))
    mailing = np.full(stock.expiry.size, NOT_MAILED)
    free = ~_held(town, stock, random)
    for week in usable:
        lead = stock.expiry - week
        early, late = policy.earliest_lead_weeks, policy.latest_lead_weeks
        could = np.flatnonzero(free & (lead >= late) & (lead <= early))
        chosen = random.choice(could, min(each, could.size), replace=False)
        mailing[chosen] = week
        free[chosen] = False
    return mailing


def _usable(town: Town) -> list[int]:
    return Weeks(FIRST, WEEKS).without(town.policy.silent_weeks)


def _held(town: Town, stock: Stock, random: np.random.Generator) -> np.ndarray:
    return random.random(stock.expiry.size) < town.policy.held_out


def _limited(
    could: np.ndarray, week: np.ndarray, town: Town, random: np.random.Generator
) -> np.ndarray:
    """At most the quota of each week, and of these the part that the budget reaches."""
    quota, order = town.policy.weekly_quota, random.permutation(could)
    kept = [order[week[order] == number][:quota] for number in np.unique(week[could])]
    chosen = random.permutation(np.concatenate(kept))
    return chosen[: town.policy.budget]


def _mailings(stock: Stock, chosen: np.ndarray, week: np.ndarray) -> np.ndarray:
    mailing = np.full(stock.expiry.size, NOT_MAILED)
    mailing[chosen] = week[chosen]
    return mailing
