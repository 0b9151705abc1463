"""How many who give up on the phone call again: measured from the log, if it tells.

A slot's calls are fresh ones and redials: of A_t who gave up in slot t, a share r calls
again, after a delay taken as exponential, so that known parts w_0, w_1, ... of the
redials fall in the same slot and the next ones: z_t = sum_j w_j A_(t-j). Fresh calls are
N_t - r z_t. Given what came earlier that day they are expected at the day's level so far
times the usual profile of the weekday, plus a part b of the last slot's surprise (fresh
calls hang together too). The r is the one for which what remains has nothing to do with
who gave up before (z_t without w_0 A_t, its usual value taken off): a moment condition in
which every instrument lies in the past. Its error comes from leaving out ten stretches
of days in turn, so it is robust against overdispersion and dependence within a day.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

BLOCKS = 10
T90 = 1.8331
"""The 95% point of Student's t with nine degrees of freedom, for ten blocks."""
LOWEST, HIGHEST = -1.0, 2.0
"""Where the share is looked for: beyond the possible, so that an error shows."""
CREDIBILITIES = (3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
"""Calls of usual traffic that the prior level of a day may weigh."""
LEVEL_DAYS = 10
"""Days before and after whose mean level is the prior level of a day."""
LEAST_DAYS = 20


@dataclass(frozen=True)
class CallLog:
    """Calls of one queue: arrays of days by slots; `open` says which slots there were.

    Days are in order; closed slots hold zeros. `slot_s` is the length of a slot.
    """

    offered: Numbers
    abandoned: Numbers
    open: npt.NDArray[np.bool_]
    weekday: npt.NDArray[np.int64]
    slot_s: float


@dataclass(frozen=True)
class Measured:
    """A share with its 90% interval."""

    value: float
    low: float
    high: float


def measure_redials(logs: list[CallLog], after_s: float) -> Measured | None:
    """The share of those who gave up that calls again, pooled over queues.

    `after_s` is the mean delay before a redial. None when no log can tell: fewer than
    20 days, or nobody gave up.
    """
    useful = [log for log in logs if _is_useful(log)]
    if not useful:
        return None
    prior = min(CREDIBILITIES, key=lambda weight: _spread(useful, after_s, weight))
    value = _root(useful, after_s, prior)
    if value is None:
        return None
    without = [
        _root([_without(log, block) for log in useful], after_s, prior)
        for block in range(BLOCKS)
    ]
    found = np.array([share for share in without if share is not None])
    if found.size < BLOCKS:
        return None
    error = float(np.sqrt((BLOCKS - 1) * found.var()))
    return Measured(value, value - T90 * error, value + T90 * error)


def _without(log: CallLog, block: int) -> CallLog:
    """The log without one of ten stretches of days, for the jackknife."""
    days = log.offered.shape[0]
    kept = np.arange(days) * BLOCKS // days != block
    return CallLog(
        log.offered[kept],
        log.abandoned[kept],
        log.open[kept],
        log.weekday[kept],
        log.slot_s,
    )


def delay_weights(slot_s: float, after_s: float, slots: int) -> Numbers:
    """Parts of redials that fall in the same slot and the next ones.

    Callers give up evenly over a slot and wait an exponential time of mean `after_s`.
    """
    ratio = after_s / slot_s
    within = -np.expm1(-1 / ratio)
    weights = np.empty(slots)
    weights[0] = 1 - ratio * within
    weights[1:] = ratio * within**2 * np.exp(-np.arange(slots - 1) / ratio)
    return weights


def _is_useful(log: CallLog) -> bool:
    return log.offered.shape[0] >= LEAST_DAYS and bool(log.abandoned.sum() > 0)


@dataclass(frozen=True)
class _Fit:
    surprise: Numbers
    last: Numbers
    instrument: Numbers
    weight: Numbers


def _fit(log: CallLog, after_s: float, prior: float, share: float) -> _Fit:
    """Fresh calls against what the day so far lets expect, for a share of redials."""
    weights = delay_weights(log.slot_s, after_s, log.offered.shape[1])
    earlier = _lagged(log.abandoned, weights)
    fresh = np.where(
        log.open, log.offered - share * (earlier + weights[0] * log.abandoned), 0.0
    )
    usual = _usual(fresh, log)
    usual_earlier = _usual(np.where(log.open, earlier, 0.0), log)
    level = _level_so_far(fresh, usual, prior)
    surprise = np.where(log.open, fresh - level * usual, 0.0)
    last = np.zeros_like(surprise)
    last[:, 1:] = surprise[:, :-1]
    instrument = np.where(log.open, earlier - level * usual_earlier, 0.0)
    weight = np.where(log.open, 1 / np.maximum(usual, 0.25), 0.0)
    return _Fit(surprise, last, instrument, weight)


def _lagged(abandoned: Numbers, weights: Numbers) -> Numbers:
    """Redials of a share of one that fall after the slot in which callers gave up."""
    total = np.zeros_like(abandoned)
    for lag in range(1, abandoned.shape[1]):
        if weights[lag] < 1e-6:
            break
        total[:, lag:] += weights[lag] * abandoned[:, :-lag]
    return total


def _usual(values: Numbers, log: CallLog) -> Numbers:
    """The mean per weekday and slot, times the mean level of the days around."""
    profile = np.zeros_like(values)
    for weekday in np.unique(log.weekday):
        days = log.weekday == weekday
        number = np.maximum(log.open[days].sum(axis=0), 1)
        profile[days] = values[days].sum(axis=0) / number
    profile = np.where(log.open, profile, 0.0)
    totals, expected = values.sum(axis=1), profile.sum(axis=1)
    return profile * _around(totals, expected)[:, None]


def _around(totals: Numbers, expected: Numbers) -> Numbers:
    """Level of the days before and after each day, itself left out."""
    reach = np.ones(2 * LEVEL_DAYS + 1)
    reach[LEVEL_DAYS] = 0
    came, usual = (
        np.convolve(np.pad(values, LEVEL_DAYS), reach, "valid")
        for values in (totals, expected)
    )
    level: Numbers = np.where(usual > 0, came / np.maximum(usual, 1e-9), 1.0)
    return np.maximum(level, 0.05)


def _level_so_far(fresh: Numbers, usual: Numbers, prior: float) -> Numbers:
    """The level of the day by the slots before: the mean of a gamma posterior."""
    came, expected = (np.cumsum(values, axis=1) - values for values in (fresh, usual))
    level: Numbers = (prior + came) / (prior + expected)
    return level


def _spread(logs: list[CallLog], after_s: float, prior: float) -> float:
    fits = (_fit(log, after_s, prior, 0.3) for log in logs)
    return float(sum((fit.weight * fit.surprise**2).sum() for fit in fits))


def _moment(logs: list[CallLog], after_s: float, prior: float, share: float) -> float:
    """The instruments times what remains of the fresh calls, added up over all slots."""
    fits = [_fit(log, after_s, prior, share) for log in logs]

    def product(left: str, right: str) -> float:
        parts = (f.weight * getattr(f, left) * getattr(f, right) for f in fits)
        return float(sum(part.sum() for part in parts))

    of_last = max(product("last", "last"), 1e-12)
    follows = product("last", "surprise") / of_last
    return product("instrument", "surprise") - follows * product("instrument", "last")


def _root(logs: list[CallLog], after_s: float, prior: float) -> float | None:
    """The share at which the moment is zero, or None when there is no such share."""
    from scipy.optimize import brentq

    def moment(share: float) -> float:
        return _moment(logs, after_s, prior, share)

    if moment(LOWEST) * moment(HIGHEST) >= 0:
        return None
    return float(brentq(moment, LOWEST, HIGHEST, xtol=1e-4))
