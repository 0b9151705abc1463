"""What a series follows: applications at the same desk, and its share of those online."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np

from forecasting.catalogue import Catalogue
from forecasting.series.panel import DayArray, FloatArray, Panel, Series

ONLINE = "online"
PARTS = 4
YEAR = np.timedelta64(365, "D")
TINY = 1e-9
SPREAD = 0.1
"""How far the share of one place may well differ between online and all second visits."""

STALE = np.timedelta64(35, "D")


def leading_of(panel: Panel, catalogue: Catalogue) -> Mapping[str, Series]:
    """The sum of what each series follows, by name; one that follows none has no entry.

    By the catalogue's `follows`: the steps before, of the same service at the same
    location, plus those online, which are of no location. These are shared by where the
    second visits of the year before were made, so that no day knows of later ones.
    """
    named = {series.name: series for series in panel.series}
    parts = {name: name.split("/") for name in named if name.count("/") == PARTS - 1}
    followers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, (_, service, step, _) in parts.items():
        found = catalogue.find_step(service, step)
        if found is not None and found.follows:
            followers[service, step].append(name)
    leading: dict[str, Series] = {}
    for (service, step), names in followers.items():
        found = catalogue.find_step(service, step)
        steps = found.follows if found else ()
        before = [n for n, p in parts.items() if p[1] == service and p[2] in steps]
        leading |= _leading(named, parts, names, before)
    return leading


def _leading(
    named: Mapping[str, Series],
    parts: Mapping[str, list[str]],
    followers: list[str],
    before: list[str],
) -> dict[str, Series]:
    """What each of the followers of one step follows."""
    online = _sum(named[name] for name in before if parts[name][3] == ONLINE)
    desks: dict[str, list[Series]] = defaultdict(list)
    visits: dict[str, list[Series]] = defaultdict(list)
    for name in before:
        if parts[name][3] != ONLINE:
            desks[parts[name][0]].append(named[name])
    for name in followers:
        visits[parts[name][0]].append(named[name])
    shares = {} if online is None else _shares(online, desks, visits)
    found = {}
    for name in followers:
        place = parts[name][0]
        own = list(desks[place])
        if online is not None:
            here = online.counts * shares[place]
            own.append(Series(online.name, online.starts, here))
        summed = _sum(own)
        if summed is not None:
            found[name] = Series(f"before {name}", summed.starts, summed.counts)
    return found


def _shares(
    online: Series,
    desks: Mapping[str, list[Series]],
    visits: Mapping[str, list[Series]],
) -> dict[str, FloatArray]:
    """The share of what was asked for online that is collected at each place, by day.

    Who collects somewhere and did not ask there asked online. Where few did that is too
    uncertain: the shares lean on those of all second visits.
    """
    days = online.starts
    asked = np.maximum(_year_before([online], days), TINY)
    here = np.stack([_year_before(visits[place], days) for place in visits])
    there = np.stack([_year_before(desks.get(place, []), days) for place in visits])
    total = here.sum(axis=0)
    plain = here / np.maximum(total, TINY)
    told = (plain * (asked + there.sum(axis=0)) - there) / asked
    sure = SPREAD**2 / (SPREAD**2 + total / len(visits) / asked**2)
    mixed = plain + sure * (np.clip(told, 0.0, 1.0) - plain)
    each = mixed / np.maximum(mixed.sum(axis=0), TINY)
    return dict(zip(visits, each, strict=True))


def _year_before(members: Iterable[Series], days: DayArray) -> FloatArray:
    """Counts of the 365 days up to each day; of the first year all that there is."""
    found = np.zeros(days.size)
    for series in members:
        total = np.concatenate([[0.0], np.cumsum(series.counts)])
        ends = np.maximum(days, series.starts[0] + YEAR)
        last = np.searchsorted(series.starts, ends, side="right")
        first = np.searchsorted(series.starts, ends - YEAR, side="right")
        found += total[last] - total[first]
    return found


def _sum(series: Iterable[Series]) -> Series | None:
    """Several series added up, from when all have begun on.

    One that ended long ago counts as nothing since; else the first to end is the end.
    """
    members = list(series)
    if not members:
        return None
    first = max(one.starts[0] for one in members)
    ends = np.array([one.starts[-1] for one in members])
    last = ends[ends > ends.max() - STALE].min()
    days = np.unique(np.concatenate([one.starts for one in members]))
    days = days[(days >= first) & (days <= last)]
    counts = np.zeros(days.size)
    for one in members:
        inside = (one.starts >= first) & (one.starts <= last)
        counts[np.searchsorted(days, one.starts[inside])] += one.counts[inside]
    return Series(members[0].name, days, counts) if days.size else None
