"""Contacts that follow no document cycle: a yearly rate with seasons and shocks."""

import numpy as np

from forecasting.reference.assumptions import Flow
from forecasting.reference.days import season_factor, shock_factor, weekday_factor
from forecasting.reference.setting import Series, Setting, share_over_time
from forecasting.reference.streams import Counts, Numbers, gamma_factors, stream

ANY_HOUR = ("online", "callback")  # channels that never close


def flow_contacts(setting: Setting, flow: Flow) -> dict[Series, Counts]:
    """Contacts per day of one step and channel, per location."""
    rng = stream(setting.seed, f"flow/{flow.service}/{flow.step}/{flow.channel}")
    weights = _weights(setting, flow)
    cv = setting.policy.figure["day_cv"].value
    mean = _level(setting, flow)[:, None] * weights
    counts = rng.poisson(mean * gamma_factors(rng, cv, weights.shape))
    desk_only = flow.desk_only or flow.channel in ANY_HOUR
    return {
        Series(location, flow.service, flow.step, flow.channel): counts[:, i]
        for i, location in enumerate(setting.locations(desk_only=desk_only))
    }


def _weights(setting: Setting, flow: Flow) -> Numbers:
    """Days x locations: the part of a mean day's contacts, about 7 in a week."""
    if flow.channel in ANY_HOUR:
        return weekday_factor(setting.policy, flow.channel, setting.days)[:, None]
    opening = setting.opening_weights(desk_only=flow.desk_only)
    weekly = opening.sum(axis=1).reshape(-1, 7).sum(axis=1)
    weights: Numbers = 7 * opening / np.median(weekly)
    return weights * setting.after_closure[:, None]


def _level(setting: Setting, flow: Flow) -> Numbers:
    """Expected contacts per calendar day before weekday and opening time."""
    policy, days = setting.policy, setting.days
    yearly = flow.per_1000 * setting.place.population / 1000
    level = yearly / 365.25 * setting.growth * setting.truth.level[flow.service]
    level = level * season_factor(policy, flow.season, days)
    level = level * share_over_time(flow.share, days)
    level = level * shock_factor(policy.shock, days.dates, flow.service, flow.channel)
    return level * setting.elections if flow.service == "general" else level
