"""What stands beside a series: what it follows, its like, and the documents behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from forecasting.catalogue import Catalogue
from forecasting.rolling.kin import kin_of
from forecasting.rolling.leading import leading_of
from forecasting.series.exposure import Exposure
from forecasting.series.panel import Panel, Series, as_date


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

    def with_exposures(
        self, exposures: Mapping[str, tuple[Exposure, ...]]
    ) -> "Besides":
        """The same, with the exposures of each series named."""
        named = {
            name: replace(self.of(name), exposures=tuple(mine))
            for name, mine in exposures.items()
        }
        return Besides({**self.by_series, **named})


def besides_of(
    panel: Panel,
    exposures: Mapping[str, tuple[Exposure, ...]] | None = None,
    catalogue: Catalogue | None = None,
) -> Besides:
    """What stands beside each series of a panel.

    Args:
        panel: the series; each finds its kin and what it follows among the others.
        exposures: by service; a series is of a service that is a part of its name.
        catalogue: which steps follow which, and which services are like others.
    """
    kin = kin_of(panel, catalogue)
    leading = leading_of(panel, catalogue) if catalogue else {}
    return Besides(
        {
            name: Beside(
                _exposed(name, exposures or {}), leading.get(name), kin.get(name)
            )
            for name in (series.name for series in panel.series)
        }
    )


def _exposed(
    name: str, exposures: Mapping[str, tuple[Exposure, ...]]
) -> tuple[Exposure, ...]:
    """The exposures of the service that the name holds, in order of when known."""
    service = next((part for part in name.split("/") if part in exposures), None)
    mine = exposures[service] if service is not None else ()
    return tuple(sorted(mine, key=lambda exposure: exposure.known_at))


def _until(series: Series | None, origin: np.datetime64) -> Series | None:
    if series is None:
        return None
    known = series.until(origin)
    return known if known.starts.size else None
