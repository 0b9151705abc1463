"""Calls offered per queue and day: a base, and calls around the visits of services."""

import numpy as np

from forecasting.reference.assumptions import Queue
from forecasting.reference.days import shock_factor, weekday_factor
from forecasting.reference.setting import Series, Setting
from forecasting.reference.streams import Counts, Numbers, gamma_factors, stream


def phone_contacts(
    setting: Setting, contacts: dict[Series, Counts]
) -> dict[Series, Counts]:
    """Calls offered per queue and day: a base, and calls around contacts of services."""
    days, cv = setting.days, setting.policy.figure["day_cv"].value
    weekday = weekday_factor(setting.policy, "phone", days)
    open_days = days.is_open(setting.place.desk, "phone")
    shared = gamma_factors(stream(setting.seed, "calls"), cv, days.number)
    pattern = 7 / 5 * weekday * open_days * setting.after_closure * shared
    found = {}
    for queue in setting.policy.queue:
        rng = stream(setting.seed, f"calls/{queue.service}")
        level = _level(setting, queue, contacts)
        noise = gamma_factors(rng, cv, days.number)
        key = Series(setting.place.desk, queue.service, "question", "phone")
        found[key] = rng.poisson(level * pattern * noise)
    return found


def _level(setting: Setting, queue: Queue, contacts: dict[Series, Counts]) -> Numbers:
    """Expected calls per calendar day before weekday and opening time."""
    days = setting.days
    base = queue.per_1000 * setting.place.population / 1000 / 365.25 * setting.growth
    share = setting.truth.calls_per_contact[queue.service]
    level: Numbers = base + share * _around(contacts, queue.follows, days.number)
    shocks = setting.policy.shock
    level = level * shock_factor(shocks, days.dates, queue.service, "phone")
    return level * setting.elections if queue.service == "general" else level


def _around(
    contacts: dict[Series, Counts], services: tuple[str, ...], days: int
) -> Numbers:
    """First contacts per calendar day of services, over this and the next two weeks."""
    total = np.zeros(days + 20)
    for series, counts in contacts.items():
        if series.service in services and series.step != "collection":
            total[:days] += counts
    total[days:] = total[max(days - 27, 0) : days].mean()
    upto = np.concatenate([[0.0], np.cumsum(total)])
    around: Numbers = (upto[21:] - upto[:-21])[:days] / 21
    return around
