"""Expected counter hours from a stock per week, and what one letter moves.

Weeks are numbered from the first of the plan and run past its end, so that visits
drawn into the plan from beyond it are seen.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from staffing.reminders.cohorts import Stock, mailing_window, members
from staffing.reminders.policy import MailingPolicy
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

COLLECTION_WEEKS = 1
"""Collection is 5-6 working days after application: the week after."""


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

    `arrivals` is the share that reacts, by weeks since mailing. Whoever would come in
    week l comes at v < l instead with the share that reacts in v - mailing weeks.
    """
    reacts = np.zeros(len(visits))
    reach = arrivals[: len(visits) - mailing]
    reacts[mailing : mailing + len(reach)] = reach
    reacted_before = np.concatenate([[0.0], np.cumsum(reacts)[:-1]])
    coming_after = visits.sum() - np.cumsum(visits)
    change: FloatArray = reacts * coming_after - visits * reacted_before
    return change


def counter_hours(visits: FloatArray, document: Document) -> FloatArray:
    """Hours of the application visits and of the collections that follow them."""
    collected = np.concatenate([np.zeros(COLLECTION_WEEKS), visits[:-COLLECTION_WEEKS]])
    return document.application_hours * visits + document.collection_hours * collected


@dataclass(frozen=True)
class Columns:
    """One column per cohort and mailing week: hours moved per letter and plan week."""

    cohort: IntArray
    week: IntArray
    moved: FloatArray


@dataclass(frozen=True)
class Group:
    """Documents of a cohort that expire in one week and are renewed alike."""

    expiry: int
    count: int
    visits: FloatArray
    document: Document


@dataclass(frozen=True)
class Mover:
    """Computes visits and hours of the documents of a stock."""

    stock: Stock
    weeks: Weeks
    known: int
    response: Response
    policy: MailingPolicy

    @property
    def length(self) -> int:
        """Weeks of the plan and those beyond in which its cohorts still come."""
        farthest = self.weeks.count + self.policy.earliest_lead_weeks
        return farthest + LAST_LAG - FIRST_LAG

    def visits(self, expiry: int, timing: int) -> FloatArray:
        """Expected visits of one document, unclipped."""
        of = self.stock.timings[timing]
        return expected_visits(of, expiry, self.known, self.length)

    def clip(self, hours: FloatArray) -> FloatArray:
        """Share of the expected visits that the demand of each week has room for.

        Never more is moved out of a week than its demand holds, whatever the stock
        says: neither in the week of application nor in that of collection.
        """
        expected = self._stock_hours()[: len(hours)]
        room = np.ones(self.length + COLLECTION_WEEKS)
        full = expected > hours
        room[: len(hours)][full] = hours[full] / expected[full]
        return np.minimum(room[:-COLLECTION_WEEKS], room[COLLECTION_WEEKS:])

    def _stock_hours(self) -> FloatArray:
        kinds = ["service", "expiry", "timing"]
        cells = self.stock.cells.filter(
            self.stock.cells["expiry"] < self.weeks.count - FIRST_LAG
        )
        total = np.zeros(self.length)
        counts = cells.group_by(kinds).agg(pl.col("count").sum()).sort(kinds)
        for service, expiry, timing, count in counts.rows():
            document = self.response.document_of(service)
            total += count * counter_hours(self.visits(expiry, timing), document)
        return total

    def columns(self, hours: FloatArray) -> Columns:
        """What a letter moves, for each cohort and each week it may be mailed in."""
        room = self.clip(hours)
        usable = self.weeks.without(self.policy.silent_weeks)
        places: list[tuple[int, int]] = []
        moved: list[FloatArray] = []
        for cohort, rows in members(self.stock):
            groups = [self._group(row, room) for row in rows.rows()]
            expiries = [group.expiry for group in groups]
            for week in mailing_window(
                min(expiries), max(expiries), usable, self.policy
            ):
                places.append((cohort, week))
                moved.append(self._per_letter(groups, week))
        where = np.array(places, dtype=np.int64).reshape(-1, 2)
        hours_moved = np.array(moved).reshape(-1, self.weeks.count).T
        return Columns(where[:, 0], where[:, 1], hours_moved)

    def _group(self, row: tuple[object, ...], room: FloatArray) -> Group:
        _, service, expiry, timing, count = row
        visits = self.visits(int(str(expiry)), int(str(timing))) * room
        document = self.response.document_of(str(service))
        return Group(int(str(expiry)), int(str(count)), visits, document)

    def _per_letter(self, groups: list[Group], week: int) -> FloatArray:
        """Hours moved by an average letter of a cohort: its groups by their size."""
        wait = self.policy.appointment_wait_weeks
        total = np.zeros(self.length)
        for group in groups:
            lead = group.expiry - week
            arrivals = self.response.arrivals(self.policy.channel, lead, wait)
            change = moved_visits(group.visits, arrivals, week)
            total += group.count * counter_hours(change, group.document)
        per_letter: FloatArray = total / sum(group.count for group in groups)
        return per_letter[: self.weeks.count]
