"""The reference municipality as it was lived through: days of requests, and its stock.

Beside it the same municipality without chance: the same hidden parameters, calendar and
rules, a hundred times as many residents and no uneven weeks, each counted as a
hundredth. By the law of large numbers that is the expected demand that is planted.
"""

from datetime import date, timedelta

import numpy as np
import polars as pl

from forecasting.calendar import Calendar, monday
from forecasting.catalogue import Catalogue
from forecasting.policy import load_policy
from forecasting.reference.assumptions import BANDS, ReferencePolicy, default_policy
from forecasting.reference.demand import World, build_world
from forecasting.reference.stock import OVERDUE
from forecasting.reference.truth import LATE
from forecasting.series.panel import Series
from forecasting.settings import shipped

LIVED = date(2028, 3, 31)


TIMES = 100
EVEN = 1e-6


def lived_world(seed: int) -> World:
    """The town of a seed, as chance made it."""
    return _world(default_policy(), seed)


def expected_world(seed: int, *, shocks_until: date = LIVED) -> World:
    """The same town without chance, `TIMES` as large; later shocks do not befall it."""
    policy = default_policy()
    town = policy.places["town"]
    large = town.model_copy(update={"population": TIMES * town.population})
    even = {
        name: policy.figure[name].model_copy(update={"value": EVEN})
        for name in ("week_cv", "day_cv")
    }
    changed = {
        "places": policy.places | {"town": large},
        "figure": policy.figure | even,
        "shock": tuple(s for s in policy.shock if s.first <= shocks_until),
    }
    return _world(policy.model_copy(update=changed), seed)


def expected_requests(world: World, service: str) -> Series:
    """Expected applications per day, of a world without chance."""
    daily = daily_requests(world, service)
    return Series(service, daily.starts, daily.counts / TIMES)


def _world(policy: ReferencePolicy, seed: int) -> World:
    config = shipped("config", "config")
    return build_world(
        policy.places["town"],
        policy,
        load_policy(config / "calendar.toml", Calendar),
        load_policy(config / "catalogue.toml", Catalogue),
        until=LIVED,
        seed=seed,
    )


def daily_requests(world: World, service: str) -> Series:
    """Applications of a service per day since the beginning of the history."""
    mine = [
        counts
        for series, counts in world.contacts.items()
        if series.service == service and series.step in ("application", "renewal")
    ]
    days = np.datetime64(world.days.first) + np.arange(world.days.number)
    inside = (days >= np.datetime64(world.days.start)) & (days <= np.datetime64(LIVED))
    return Series(service, days[inside], np.sum(mine, axis=0)[inside].astype(float))


def stock_of(world: World, service: str, known: date) -> pl.DataFrame:
    """What the registry had listed of a service by a day, districts together."""
    parts = []
    for as_of, counts in world.cohorts[service].stocks.items():
        listed = counts[LATE - OVERDUE :]
        week, band = np.nonzero(listed)
        first = np.datetime64(monday(as_of) - timedelta(weeks=OVERDUE))
        part = {
            "as_of": [as_of] * week.size,
            "expiry_week": first + 7 * week,
            "age_band": np.array(BANDS)[band],
            "count": listed[week, band],
        }
        parts.append(pl.DataFrame(part) if as_of <= known else pl.DataFrame())
    rows = pl.concat([part for part in parts if part.height])
    named = rows.with_columns(
        service=pl.lit(service), basis=pl.lit("outstanding"), district=pl.lit("all")
    )
    return named.with_columns(pl.col("expiry_week").cast(pl.Date))
