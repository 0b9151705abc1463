"""What stands beside a series: what it follows, its like, and the documents behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from forecasting.series.exposure import Exposure
from forecasting.series.panel import Series, as_date


@dataclass(frozen=True)
class Beside:
    """Knowledge from outside a series; `exposures` in order of the day they were known."""

    exposures: tuple[Exposure, ...] = ()
    leading: Series | None = None
    kin: Series | None = None

    def exposure_at(self, origin: np.datetime64) -> Exposure | None:
        """The latest exposure that was known at an origin, if any was."""
        day = as_date(origin)
        known = [e for e in self.exposures if e.known_at <= day]
        return known[-1] if known else None

    def leading_until(self, origin: np.datetime64) -> Series | None:
        """The leading series as known at an origin."""
        return _until(self.leading, origin)

    def kin_until(self, origin: np.datetime64) -> Series | None:
        """The sum of its like as known at an origin."""
        return _until(self.kin, origin)


@dataclass(frozen=True)
class Besides:
    """What stands beside each series, by name; a series without an entry stands alone."""

    by_series: Mapping[str, Beside] = field(default_factory=dict)

    def of(self, name: str) -> Beside:
        """What stands beside one series."""
        return self.by_series.get(name, Beside())


def _until(series: Series | None, origin: np.datetime64) -> Series | None:
    if series is None:
        return None
    known = series.until(origin)
    return known if known.starts.size else None
