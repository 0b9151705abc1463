"""Second visits on the reference town: errors beside others, and what is recovered of it.

Collections at 1-5 and 6-28 days ahead at origins 41 days apart, beside the regression of
counts and the same week last year. The town hides the share that is delivered at home.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from threadpoolctl import (  # type: ignore[import-untyped]  # ships no types
    threadpool_limits,
)

from forecasting.calendar import Calendar
from forecasting.catalogue import Catalogue
from forecasting.models.counts import CountRegression
from forecasting.models.protocol import Method, Past
from forecasting.models.seasonal import SameWeekLastYear
from forecasting.models.visits import SecondVisit, visit_shares
from forecasting.policy import load_policy
from forecasting.reference.assumptions import default_policy
from forecasting.reference.demand import World, build_world
from forecasting.rolling.leading import leading_of
from forecasting.series.knowndays import known_days
from forecasting.series.panel import Panel, Series
from forecasting.settings import shipped
from forecasting.tuning import load_tuning

ANY_HOUR = ("online", "callback")
BANDS = {"1-5": (1, 5), "6-28": (6, 28)}
APART, HORIZON = 41, 28
UNTIL = date(2026, 11, 20)


def measure(seeds: int = 3, origins: int = 6) -> dict[str, object]:
    """WAPE per method and horizon; home delivery: how often within its interval."""
    config = shipped("config", "config")
    catalogue = load_policy(config / "catalogue.toml", Catalogue)
    errors: dict[tuple[str, str], float] = defaultdict(float)
    demand: dict[str, float] = defaultdict(float)
    inside, widths = [], []
    with threadpool_limits(limits=1):
        for seed in range(seeds):
            world = _world(config, catalogue, seed)
            for past in _pasts(world, catalogue):
                _score(past, origins, errors, demand)
                _, low, high = visit_shares(past, load_tuning().visits).delivered
                inside.append(low <= world.truth["home_delivery"] <= high)
                widths.append(high - low)
    wapes = {
        f"{method} {band}": round(error / demand[band], 4)
        for (method, band), error in sorted(errors.items())
    }
    held = {
        "home_delivery_inside": round(float(np.mean(inside)), 3),
        "home_delivery_width": round(float(np.median(widths)), 4),
        "series": len(inside),
    }
    return {**wapes, **held}


def _world(config: Path, catalogue: Catalogue, seed: int) -> World:
    """The town with the history of its last four years."""
    policy = default_policy()
    place = policy.places["town"].model_copy(update={"start": date(2022, 10, 31)})
    calendar = load_policy(config / "calendar.toml", Calendar)
    return build_world(place, policy, calendar, catalogue, until=UNTIL, seed=seed)


def _pasts(world: World, catalogue: Catalogue) -> list[Past]:
    """Every series that follows another, with what it follows."""
    first = np.datetime64(world.days.first)
    days = first + np.arange(world.days.number)
    members = []
    for series, counts in world.contacts.items():
        if series.channel == "phone":
            continue
        known = world.days.past
        if series.channel not in ANY_HOUR:
            known = known & (world.days.is_open(series.location, "counter") > 0)
        name = "/".join(series)
        members.append(Series(name, days[known], counts[known].astype(float)))
    panel = Panel("day", tuple(sorted(members, key=lambda one: one.name)))
    leading = leading_of(panel, catalogue)
    holidays = known_days("NL", None, (2022, 2027)).holidays
    return [
        Past(series, "day", holidays, leading=leading[series.name])
        for series in panel.series
        if series.name in leading
    ]


def _score(
    past: Past,
    origins: int,
    errors: dict[tuple[str, str], float],
    demand: dict[str, float],
) -> None:
    """Add the absolute errors of each method, and the demand, at all origins."""
    series, leading = past.series, past.leading
    for number in range(origins):
        away = timedelta(days=HORIZON + APART * number)
        origin = series.starts[series.starts <= series.starts[-1] - away][-1]
        known = Past(
            series.until(origin),
            past.cadence,
            past.holidays,
            leading=None if leading is None else leading.until(origin),
        )
        ahead = (series.starts - origin).astype(int)
        for band, (low, high) in BANDS.items():
            rows = (ahead >= low) & (ahead <= high)
            demand[band] += float(series.counts[rows].sum())
        rows = (ahead >= 1) & (ahead <= HORIZON)
        actual = series.counts[rows]
        for name, way in _methods().items():
            missed = np.abs(way.predict(known, series.starts[rows]) - actual)
            for band, (low, high) in BANDS.items():
                inside = (ahead[rows] >= low) & (ahead[rows] <= high)
                errors[name, band] += float(missed[inside].sum())


def _methods() -> Mapping[str, Method]:
    tuning = load_tuning()
    ways: tuple[Method, ...] = (
        SecondVisit(tuning.visits, tuning.glm),
        CountRegression(tuning.glm),
        SameWeekLastYear(),
    )
    return {way.name: way for way in ways}
