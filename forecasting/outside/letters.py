"""Planned letters: those who react come some weeks after the letter, and not later on.

Of those who would have come in week l, the part that reacts within the weeks before l
comes in one of these instead. A letter makes nobody renew who would not have. Who of a
stock has reacted already is no longer counted in it: after each count of what is
outstanding only those who were left can move.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl

from forecasting.outside.mail import Mail
from forecasting.outside.shifting import WEEK
from forecasting.series.exposure import Exposure

ALL_ALONG = date(1970, 1, 1)
"""Before any history."""


def known_by_now(letters: pl.DataFrame, last: date) -> pl.DataFrame:
    """Letters (typed `KnownLetters`) as whoever forecasts after `last` knows them.

    Those decided and sent after the end of the history count as known all along: else the
    forecast would wait for a day of history after the decision. No outcome that is looked
    back at can tell of them, for they move nothing before they are sent.
    """
    ahead = (pl.col("decided") > last) & (pl.col("mailing_week") > last)
    decided = pl.when(ahead).then(pl.lit(ALL_ALONG)).otherwise("decided")
    return letters.with_columns(decided.alias("decided"))


def with_letters(
    exposure: Exposure,
    mail: Mail,
    timing: pl.DataFrame,
    *,
    known_at: date | None = None,
    until: date | None = None,
) -> Exposure:
    """The exposure when the letters that were decided by then go out.

    Args:
        exposure: what documents call for without them.
        mail: the letters; those of other services, and those decided after `known_at`,
            move nothing.
        timing: typed `RenewalTiming`: when holders come by themselves. A band without a
            timing of its own goes by the mean of all; a service without any is not moved.
        known_at: the day it is looked at, that of the exposure when not given.
        until: weeks that begin later stay as they are; none does when not given.
    """
    day = known_at or exposure.known_at
    moved = mail.shift(exposure, timing, day)
    if until is not None:
        begins = exposure.first + np.arange(moved.size) * WEEK
        moved[begins > np.datetime64(until)] = 0.0
    weekly = np.maximum(exposure.weekly + moved, 0.0)
    return replace(exposure, known_at=max(day, exposure.known_at), weekly=weekly)


def exposures_with_letters(
    exposures: Iterable[Exposure],
    mail: Mail,
    timing: pl.DataFrame,
    *,
    moments: Collection[date] | None = None,
    last: date | None = None,
) -> tuple[Exposure, ...]:
    """The exposures with letters, and one more for each moment that is looked back at.

    So an earlier moment sees the letters of batches known by then, and no others.
    `moments` are the origins, when they are known: else every day on which a batch was
    decided. What is known on the day `last` or later has letters in the weeks up to that
    day alone: what they move in the weeks to come is laid over the forecast itself.
    """
    plain = sorted(exposures, key=lambda exposure: exposure.known_at)
    if not plain:
        return ()
    mine = mail.about(plain[0].service)
    asked = mine.letters["decided"].drop_nulls() if moments is None else moments
    days = {day for day in asked if day > plain[0].known_at}
    found = []
    for moment in sorted(days | {exposure.known_at for exposure in plain}):
        base = [exposure for exposure in plain if exposure.known_at <= moment][-1]
        seen = mine.with_stocks_by(base.known_at)
        until = None if last is None or moment < last else last
        found.append(with_letters(base, seen, timing, known_at=moment, until=until))
    return tuple(found)
