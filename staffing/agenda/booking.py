"""How far away the first free place is, once requests have taken places day by day.

Who asks takes the earliest free place that may still be had; part of them want a day of
their own choice and take the first free place from there, or else any. Who finds no place
at all asks again the next day. A part of the places of a day opens only shortly before it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from staffing.agenda.days import Days, Ints
from staffing.agenda.policy import AgendaPolicy

Floats = NDArray[np.float64]
NO_PLACE = 9999
"""The wait, in working days, of who finds no free place within the agenda."""


@dataclass(frozen=True)
class Asked:
    """Requests of one product per future (rows) and day (columns), in whole numbers.

    `now` want the first free place, `later` a day some working days off.
    """

    now: Ints
    later: Ints


@dataclass(frozen=True)
class Rules:
    """How places are taken, as places of days: see `Days`."""

    number: Ints
    earliest: Ints
    later_from: Ints
    released: Ints
    reach: Ints
    kept_share: float

    @classmethod
    def of(cls, days: Days, policy: AgendaPolicy, within_days: int) -> "Rules":
        """The rules of a product promised within so many working days."""
        return cls(
            number=days.number,
            earliest=days.earliest(policy.notice_days),
            later_from=days.earliest(max(policy.later_days, policy.notice_days)),
            released=days.reach(policy.kept_days),
            reach=days.reach(within_days),
            kept_share=policy.kept_share,
        )

    def kept(self, places: Ints, booked: Ints) -> Ints:
        """Of the places of each day, those that open only shortly before."""
        part = np.floor(places * self.kept_share + 1e-9).astype(np.int64)
        return np.asarray(np.minimum(part, np.maximum(places - booked, 0)))


@dataclass(frozen=True)
class Waits:
    """Working days to the first free place, per future and day; `taken` per day."""

    days: Ints
    taken: Floats

    def share_within(self, working_days: int) -> Floats:
        """Per day the share of futures with a free place so soon."""
        return np.asarray((self.days <= working_days).mean(axis=0))

    def quantile(self, level: float) -> Ints:
        """Per day the wait that a share `level` of the futures does not exceed."""
        found = np.quantile(self.days, level, axis=0, method="inverted_cdf")
        return np.asarray(found, dtype=np.int64)


def book(asked: Asked, places: Ints, booked: Ints, rules: Rules) -> Waits:
    """Let the requests of every future take places, beside those `booked` already.

    The wait of a day is that of the next one to ask at the end of it. `taken` holds the
    places booked already as well.
    """
    from staffing.agenda.booking_kernel import book_all

    kept = rules.kept(places, booked)
    shown = np.maximum(places - booked, 0) - kept
    waits, taken = book_all(
        asked.now,
        asked.later,
        shown,
        kept,
        rules.earliest,
        rules.later_from,
        rules.released,
        rules.number,
    )
    return Waits(waits, taken + booked)
