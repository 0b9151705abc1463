"""Calls that letters cause, on the open days after they arrive."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from forecasting.outside.dealing import Dealt
from forecasting.reactions import Reactions
from forecasting.series.panel import FloatArray

PHONE = "phone"
PARTS = 4


@dataclass(frozen=True)
class Wave:
    """Calls that begin to come from a Monday on, by open days."""

    service: str
    monday: date
    calls: FloatArray


def waves_of(letters: pl.DataFrame, reactions: Reactions, day: date) -> Iterator[Wave]:
    """The calls of all letters that are known on a day, held-out documents never.

    Args:
        letters: typed `KnownLetters`.
        reactions: who phones because of a letter, and how soon.
        day: letters decided later are not known.
    """
    keys = ("service", "mailing_week", "expiry_week", "channel")
    known = letters.filter(pl.coalesce("decided", "mailing_week") <= day)
    sums = known.group_by(keys).agg(pl.col("count").sum()).sort(keys)
    for service, mailing, expiry, channel, count in sums.iter_rows():
        lead = (expiry - mailing).days // 7
        for after, calls in reactions.calls(channel, lead).items():
            yield Wave(service, mailing + timedelta(weeks=after), count * calls)


def phone_of(service: str, names: list[str], otherwise: str) -> list[str]:
    """The phone series of a service; where it has none, those of another one."""
    phones = [name.split("/") for name in names if name.count("/") == PARTS - 1]
    for wanted in (service, otherwise):
        found = ["/".join(p) for p in phones if p[1] == wanted and p[3] == PHONE]
        if found:
            return found
    return []


def calls_on(frame: pl.DataFrame, waves: list[Wave]) -> FloatArray:
    """What waves of calls add to each row of the phone series that take them.

    They fall on days on which the phone is open, in proportion to what its rows expect.
    Of a wave that began before the first row, the days since count as open where they
    are working days: those calls came already. Later calls than of the last row are left
    out.

    Args:
        frame: `start, cadence, mean` of the phone series.
        waves: calls by open days.
    """
    own = Dealt.of(frame, "mean")
    opened, day = np.unique(own.days, return_inverse=True)
    calls = np.zeros(opened.size)
    for wave in waves:
        begin = np.datetime64(wave.monday)
        gone = int(np.busday_count(begin, max(begin, opened[0])))
        left, place = wave.calls[gone:], int(np.searchsorted(opened, begin))
        reach = calls[place : place + left.size]
        reach += left[: reach.size]
    expected = np.bincount(day, own.counts, opened.size)
    alike = 1 / np.bincount(day, minlength=opened.size)[day]
    some = np.where(expected > 0, expected, 1.0)[day]
    shares = np.where(expected[day] > 0, own.counts / some, alike)
    return own.counting(calls[day] * shares).by_row(frame.height)
