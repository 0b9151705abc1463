"""Second visits that follow the applications which letters move."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from forecasting.catalogue import Catalogue
from forecasting.models.features import IntArray
from forecasting.outside import moved_collections
from forecasting.outside.dealing import Dealt
from forecasting.rolling.leading import ONLINE
from forecasting.series.panel import FloatArray
from forecasting.tuning import VisitTuning

PARTS = 4
Added = tuple[IntArray, FloatArray]
"""Rows of a forecast, and what is added to them."""


@dataclass(frozen=True)
class Moved:
    """Applications of a service that letters moved, by day, and the series of each."""

    service: str
    changes: Dealt
    owners: Sequence[str]


@dataclass(frozen=True)
class Following:
    """Which series follow applications, and how soon.

    `forecast` is numbered by `row`. `shares` are by open days after the application, per
    series, where the history tells them; `assumed` holds otherwise.
    """

    forecast: pl.DataFrame
    catalogue: Catalogue
    shares: Mapping[str, FloatArray]
    assumed: VisitTuning

    def of(self, moved: Moved) -> Iterator[Added]:
        """What follows, at the desk where people applied.

        Who applied online collects where others of the service do.
        """
        for step in self.catalogue.services[moved.service].step:
            if not step.follows:
                continue
            series = self._series_of(moved.service, step.id)
            expected = {
                name: float(part["mean"].sum()) for name, part in series.items()
            }
            for name, part in series.items():
                weights = [
                    _weight(owner, moved.service, step.follows, _at(name, expected))
                    for owner in moved.owners
                ]
                counts = moved.changes.counts * np.array(weights)
                leading = moved.changes.counting(counts)
                shares = self._shares(name, expected)
                yield part["row"].to_numpy(), moved_collections(part, leading, shares)

    def _series_of(self, service: str, step: str) -> dict[str, pl.DataFrame]:
        names = self.forecast["series"].unique().sort()
        mine = [name for name in names if _is_of(name, service, (step,))]
        return {name: self.forecast.filter(pl.col("series") == name) for name in mine}

    def _shares(self, name: str, expected: Mapping[str, float]) -> FloatArray:
        if name in self.shares:
            return self.shares[name]
        days = np.array(self.assumed.collected_after)
        beside = sum(e for n, e in expected.items() if _place(n) == _place(name))
        part = expected[name] / max(beside, 1e-9)
        collected = (1 - self.assumed.home_delivery) * part
        return np.asarray(collected * days / days.sum())


@dataclass(frozen=True)
class _Place:
    """A place, and the part of all second visits of a service made there."""

    name: str
    share: float


def _at(name: str, expected: Mapping[str, float]) -> _Place:
    here = sum(e for n, e in expected.items() if _place(n) == _place(name))
    return _Place(_place(name), here / max(sum(expected.values()), 1e-9))


def _weight(owner: str, service: str, steps: Sequence[str], place: _Place) -> float:
    """The part of the applications of a series that is followed at a place."""
    if not _is_of(owner, service, steps):
        return 0.0
    if owner.split("/")[3] == ONLINE:
        return place.share
    return float(_place(owner) == place.name)


def _place(name: str) -> str:
    return name.split("/")[0]


def _is_of(name: str, service: str, steps: Sequence[str]) -> bool:
    parts = name.split("/")
    return len(parts) == PARTS and parts[1] == service and parts[2] in steps
