"""Expected counter hours of a stock per week, and what one letter moves of them.

Weeks are numbered from the first of the plan and run past its end, so that visits
drawn into the plan from beyond it are seen.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl

from staffing.reminders.cohorts import Stock
from staffing.reminders.drawing import draws
from staffing.reminders.policy import WORKING_DAYS, MailingPolicy
from staffing.reminders.response import (
    FIRST_LAG,
    LAGS,
    LAST_LAG,
    Document,
    FloatArray,
    IntArray,
    Response,
    Timing,
)
from staffing.reminders.weeks import Weeks


def collection_shares(production_days: int) -> FloatArray:
    """Share of applications of a week collected in that week, the week after, and so on.

    Applications are spread evenly over five working days; each is collected
    `production_days` working days later.
    """
    weeks = (np.arange(WORKING_DAYS) + production_days) // WORKING_DAYS
    shares: FloatArray = np.bincount(weeks) / WORKING_DAYS
    return shares


WEEK_LATER = collection_shares(WORKING_DAYS)


def expected_visits(timing: Timing, expiry: int, known: int, length: int) -> FloatArray:
    """Chance per week 0.. that a document not renewed by week `known` is renewed."""
    weights = timing.weights()
    later = np.where(expiry + LAGS > known, weights, 0.0)
    outstanding = 1.0 - (weights.sum() - later.sum())
    visits = np.zeros(length)
    if outstanding <= 1e-12:
        return visits
    inside = (expiry + LAGS >= 0) & (expiry + LAGS < length)
    visits[(expiry + LAGS)[inside]] = later[inside] / outstanding
    return visits


def moved_visits(visits: FloatArray, arrivals: FloatArray, mailing: int) -> FloatArray:
    """Change in visits per week by one letter in week `mailing`; adds up to zero.

    `arrivals` is the share that reacts, by weeks since mailing.
    """
    return _change(visits, _placed(arrivals, mailing, len(visits)))


def _placed(arrivals: FloatArray, mailing: int, length: int) -> FloatArray:
    reacts = np.zeros(length)
    reach = arrivals[: length - mailing]
    reacts[mailing : mailing + len(reach)] = reach
    return reacts


def _change(visits: FloatArray, reacts: FloatArray) -> FloatArray:
    """Change in visits when the share `reacts[..., v]` reacts in week v.

    Whoever would come in week l comes at v < l instead with the share that reacts in v.
    """
    reacted_before = np.cumsum(reacts, axis=-1) - reacts
    coming_after = visits.sum() - np.cumsum(visits)
    change: FloatArray = reacts * coming_after - visits * reacted_before
    return change


def counter_hours(
    visits: FloatArray, document: Document, collection: FloatArray = WEEK_LATER
) -> FloatArray:
    """Hours of application visits and of the collections that follow them.

    Args:
        visits: ... x weeks.
        document: the hours of either visit.
        collection: shares by weeks later, as `collection_shares` gives them.
    """
    length = visits.shape[-1]
    collected = np.zeros_like(visits)
    for later, share in enumerate(collection[:length].tolist()):
        collected[..., later:] += share * visits[..., : length - later]
    hours: FloatArray = (
        document.application_hours * visits + document.collection_hours * collected
    )
    return hours


@dataclass(frozen=True)
class Mover:
    """What letters to the documents of a stock move, if residents react as told.

    `hours` is the expected load of the weeks of the plan: never more is moved out of a
    week than it holds, whatever the stock says.
    """

    stock: Stock
    weeks: Weeks
    known: int
    response: Response
    policy: MailingPolicy
    hours: FloatArray

    @property
    def length(self) -> int:
        """Weeks of the plan and those beyond in which its cohorts still come."""
        farthest = self.weeks.count + self.policy.earliest_lead_weeks
        return farthest + LAST_LAG - FIRST_LAG

    def drawn(self, number: int, seed: int) -> "list[Mover]":
        """The same for responses drawn within their stated ranges."""
        responses = draws(self.response, number, seed)
        return [replace(self, response=response) for response in responses]

    def per_letter(self, timing: int, expiry: int, mailings: IntArray) -> FloatArray:
        """Mailings x weeks of the plan: hours moved by a letter in each mailing week."""
        service, _ = self.stock.kinds[timing]
        visits = self._visits(timing, expiry) * self._room
        reacts = [
            _placed(self._arrivals[expiry - week], week, self.length)
            for week in mailings.tolist()
        ]
        change = _change(visits, np.array(reacts).reshape(-1, self.length))
        document = self.response.document_of(service)
        hours = counter_hours(change, document, self._collection)
        return hours[:, : self.weeks.count]

    @cached_property
    def _collection(self) -> FloatArray:
        return collection_shares(self.policy.production_days)

    @cached_property
    def _arrivals(self) -> dict[int, FloatArray]:
        policy = self.policy
        leads = range(policy.latest_lead_weeks, policy.earliest_lead_weeks + 1)
        wait = policy.appointment_wait_weeks
        return {n: self.response.arrivals(policy.channel, n, wait) for n in leads}

    def _visits(self, timing: int, expiry: int) -> FloatArray:
        of = self.response.timing_of(*self.stock.kinds[timing])
        return expected_visits(of, expiry, self.known, self.length)

    @cached_property
    def _room(self) -> FloatArray:
        """Share of the expected visits that the demand of each week has room for.

        Both in the week of application and in those of collection.
        """
        count = self.weeks.count
        expected = self._stock_hours()[:count]
        full = expected > self.hours
        held = np.ones(self.length + len(self._collection))
        held[:count][full] = self.hours[full] / expected[full]
        room = held[: self.length]
        for later in np.flatnonzero(self._collection):
            room = np.minimum(room, held[later : later + self.length])
        return room

    def _stock_hours(self) -> FloatArray:
        cells = self.stock.cells.filter(
            pl.col("expiry") < self.weeks.count - FIRST_LAG, pl.col("count") > 0
        )
        kinds = ["timing", "expiry"]
        total = np.zeros(self.length)
        counts = cells.group_by(kinds).agg(pl.col("count").sum()).sort(kinds)
        for timing, expiry, count in counts.iter_rows():
            document = self.response.document_of(self.stock.kinds[timing][0])
            visits = self._visits(timing, expiry)
            total += count * counter_hours(visits, document, self._collection)
        return total
