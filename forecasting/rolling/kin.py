"""Kin: the series that are like one, added up, from which a small one borrows its shape.

Members come and go and close on other days, so a bare sum would jump. A day that some
members lack is filled up by their usual share, as far as that was known by then.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

import numpy as np

from forecasting.catalogue import Catalogue
from forecasting.series.panel import DayArray, FloatArray, Panel, Series

PARTS = 4
LATE = np.timedelta64(91, "D")
"""A member that begins this much later than the typical one is left out of the sum."""
LEAST_KNOWN = 0.5
"""A day counts when members of at least this part of the usual demand know it."""

Key = Callable[[str], str]


def kin_of(panel: Panel, catalogue: Catalogue | None = None) -> Mapping[str, Series]:
    """The sum of its like for every series that has any, itself included.

    A new series of a service that the catalogue calls like another has the series of that
    service as kin.

    Alike are the series of the same service, step and channel at all locations; where
    there is only one, those of the same location and channel; names that are no
    `location/service/step/channel` tell nothing, so all of these are alike.
    """
    found = _like_another(panel, catalogue) if catalogue else {}
    for key in (_same_product, _same_desk):
        alone = [series for series in panel.series if series.name not in found]
        for name, members in _groups(panel.series, key).items():
            mine = [series for series in alone if key(series.name) == name]
            if mine and len(members) > 1:
                summed = _sum(f"kin of {name}", members)
                found |= {series.name: summed for series in mine}
    return found


def _like_another(panel: Panel, catalogue: Catalogue) -> dict[str, Series]:
    """Series that began after those of the service that theirs is like."""
    products = _groups(panel.series, _same_product)
    found: dict[str, Series] = {}
    for series in panel.series:
        like = stand_in(series.name, catalogue)
        members = products.get(_same_product(like), []) if like else []
        if members and series.starts[0] > members[0].starts[0] + LATE:
            name = f"kin of {_same_product(members[0].name)}"
            found[series.name] = _sum(name, members)
    return found


def stand_in(name: str, catalogue: Catalogue) -> str | None:
    """The same series of the service that its own is like, if the catalogue says so."""
    parts = name.split("/")
    service = catalogue.services.get(parts[1]) if len(parts) == PARTS else None
    if service is None or service.like is None:
        return None
    return "/".join([parts[0], service.like, *parts[2:]])


def _same_product(name: str) -> str:
    parts = name.split("/")
    return "/".join(parts[1:]) if len(parts) == PARTS else "all"


def _same_desk(name: str) -> str:
    parts = name.split("/")
    return f"{parts[0]}/{parts[3]}" if len(parts) == PARTS else "all"


def _groups(series: Iterable[Series], key: Key) -> Mapping[str, list[Series]]:
    groups: dict[str, list[Series]] = defaultdict(list)
    for one in series:
        groups[key(one.name)].append(one)
    return groups


def _sum(name: str, members: list[Series]) -> Series:
    """The members that began about together, added up from when all had begun."""
    begins = np.sort([series.starts[0] for series in members])
    late = begins[(begins.size - 1) // 2] + LATE
    kept = [series for series in members if series.starts[0] <= late]
    first = max(series.starts[0] for series in kept)
    days = np.unique(np.concatenate([series.starts for series in kept]))
    counts = _table(days, kept)
    known = np.isfinite(counts)
    usual = _usual(counts, known)
    share = (usual * known).sum(axis=1) / np.maximum(usual.sum(axis=1), 1e-12)
    rows = (days >= first) & (share >= LEAST_KNOWN)
    total = np.nansum(counts, axis=1)[rows] / share[rows]
    return Series(name, days[rows], total)


def _table(days: DayArray, members: list[Series]) -> FloatArray:
    """Counts of shape (days, members), not a number where a member has no row."""
    table = np.full((days.size, len(members)), np.nan)
    for column, series in enumerate(members):
        table[np.searchsorted(days, series.starts), column] = series.counts
    return table


def _usual(counts: FloatArray, known: FloatArray) -> FloatArray:
    """The mean of each member over its rows up to a day; a little before its first."""
    sums = np.nancumsum(counts, axis=0)
    rows = np.cumsum(known, axis=0)
    return np.asarray((sums + 0.5) / (rows + 1.0))
