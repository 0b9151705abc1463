"""Cross-channel effects: calls per contact when more of the contacts come online.

The ratio of calls to contacts of a service is followed over stretches of some weeks, given
the season and a level that drifts as a random walk; the sign of the effect is free.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import reduce

import numpy as np

from forecasting.models.effects.bins import Bins, bins_of, log_rates, seasons
from forecasting.models.effects.drifting import fit, smooth_level
from forecasting.models.effects.occasions import half_width
from forecasting.models.effects.openness import open_days_of
from forecasting.models.effects.rows import Row
from forecasting.series.knowndays import Known
from forecasting.series.panel import FloatArray, Series, as_date
from forecasting.tuning import EffectTuning

CHANNELS = "cross-channel"
ONLINE_TO_CALLS = "calls per contact, per 10 points more online"
POINTS = 0.10
SEASON = 1
"""Yearly waves: with stretches of four weeks there are few to learn them from."""


def channel_effects(
    service: str,
    online: Sequence[Series],
    visits: Sequence[Series],
    calls: Sequence[Series],
    tuning: EffectTuning,
) -> list[Row]:
    """The ratio of calls per contact at 10 points more online; none if never measured.

    It is measured where all three are known, and where the online share has moved.
    """
    if not (online and visits and calls):
        return []
    used = _together([online, visits, calls], tuning)
    if used is None or used[0].place.size < tuning.least_freedom + 2 * SEASON + 3:
        return []
    share = _online_share(used[0], used[1])
    if np.ptp(share) < tuning.least_move:
        return []
    contacts = np.log(_rate(used[0]) + _rate(used[1]))
    response, noise = log_rates(used[2], np.zeros(share.size))
    base = seasons(used[2], Known({}), SEASON)
    columns = np.column_stack([share / POINTS, base])
    found = fit(response - contacts, columns, noise, used[2].place)
    effect = float(found.coefficients[0])
    wide = float(half_width(np.sqrt(found.covariance[:1, 0]), found.freedom)[0])
    ratio, low, high = (float(np.exp(effect + off)) for off in (0.0, -wide, wide))
    first = as_date(used[2].starts[0])
    last = as_date(used[2].starts[-1]) + timedelta(days=tuning.share_days - 1)
    number = share.size
    return [
        Row(CHANNELS, service, ONLINE_TO_CALLS, ratio, low, high, first, last, number)
    ]


def _together(
    groups: Sequence[Sequence[Series]], tuning: EffectTuning
) -> list[Bins] | None:
    """Bins of the stretches in which all groups are known."""
    first = max(min(one.starts[0] for one in group) for group in groups)
    last = min(max(one.starts[-1] for one in group) for group in groups)
    cut = [[one.since(first).until(last) for one in group] for group in groups]
    if any(not any(one.counts.any() for one in group) for group in cut):
        return None
    days = [open_days_of(group) for group in cut]
    width, least = tuning.share_days, tuning.least_share
    bins = [bins_of(one, width, as_date(first), least) for one in days]
    common = reduce(np.intersect1d, [one.starts[one.counts > 0] for one in bins])
    return [one.only(common) for one in bins]


def _rate(bins: Bins) -> FloatArray:
    """Counts as they would be had every bin been open as usual."""
    return np.asarray(bins.counts / bins.exposure * np.median(bins.exposure))


def _online_share(online: Bins, visits: Bins) -> FloatArray:
    """The online share behind the counts: chance in them would hide its effect.

    Regressing on an estimate of the share given all counts, and not on the share counted,
    keeps the effect whole (Carroll et al. 2006, regression calibration).
    """
    none = np.zeros(online.place.size)
    one, other = log_rates(online, none), log_rates(visits, none)
    usual = np.log(np.median(online.exposure) / np.median(visits.exposure))
    odds, noise = one[0] - other[0] + usual, one[1] + other[1]
    found = fit(odds, np.empty((odds.size, 0)), noise, online.place)
    level = smooth_level(found, odds, noise, online.place)
    return np.asarray(1 / (1 + np.exp(-level)))
