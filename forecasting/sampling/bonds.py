"""How the errors of each series hang together with themselves and with others."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from forecasting.insight_tables import FACTORS
from forecasting.tables import split_series
from forecasting.tuning import SampleTuning

MOST_EXPLAINED = 0.95
"""Factors never explain more than this of a series."""


@dataclass(frozen=True)
class Loads:
    """Loadings of one part of the errors on named factors, and of what is its own."""

    by_factor: Mapping[str, float]

    @property
    def explained(self) -> float:
        """The part of the variance that factors explain."""
        return sum(load**2 for load in self.by_factor.values())

    @property
    def own(self) -> float:
        """The loading of the series' own noise."""
        return float(np.sqrt(1 - self.explained))

    @classmethod
    def within(cls, by_factor: Mapping[str, float]) -> "Loads":
        """Loadings scaled down where they explain more than can be."""
        total = sum(load**2 for load in by_factor.values())
        scale = np.sqrt(min(1.0, MOST_EXPLAINED / total)) if total > 0 else 1.0
        return cls({name: float(load * scale) for name, load in by_factor.items()})


@dataclass(frozen=True)
class Bond:
    """The dependence of one series, in normal scores; see the table `Dependence`."""

    shared: float
    next_period: float
    factor_next_period: float
    level: Loads
    day: Loads

    @property
    def own_next_period(self) -> float:
        """What the own noise must keep so that the whole keeps `next_period`."""
        explained = self.day.explained
        rest = self.next_period - explained * self.factor_next_period
        return float(np.clip(rest / (1 - explained), 0.0, 0.95))


def bonds_of(
    names: pl.Series, dependence: pl.DataFrame | None, tuning: SampleTuning
) -> dict[str, Bond]:
    """The bond of each series: as measured, or as assumed where nothing was."""
    parts = names.unique().sort().to_frame("series")
    named = parts.with_columns(split_series().alias("part")).unnest("part")
    if dependence is None:
        rows = named.with_columns(
            pl.lit(value).alias(column) for column, value in assumed(tuning).items()
        )
    else:
        usual = assumed(tuning)
        rows = named.join(dependence, on="series", how="left").with_columns(
            pl.col(column).fill_null(value) for column, value in usual.items()
        )
    return {row["series"]: _bond(row) for row in rows.iter_rows(named=True)}


def assumed(tuning: SampleTuning) -> dict[str, float]:
    """The columns of `Dependence` for a series of which nothing was measured."""
    loads = {name: float(np.sqrt(getattr(tuning, name))) for name in FACTORS}
    return {
        "shared": tuning.shared,
        "next_period": tuning.next_period,
        "factor_next_period": tuning.next_period,
        **{f"level_{name}": load for name, load in loads.items()},
        **{f"day_{name}": load for name, load in loads.items()},
    }


def _bond(row: Mapping[str, object]) -> Bond:
    number = {name: value for name, value in row.items() if isinstance(value, float)}
    return Bond(
        number["shared"],
        number["next_period"],
        number["factor_next_period"],
        _loads(row, number, "level"),
        _loads(row, number, "day"),
    )


def _loads(row: Mapping[str, object], number: Mapping[str, float], part: str) -> Loads:
    """Loadings by the name of the factor, which says of which service or channel."""
    found = {}
    for factor in FACTORS:
        whose = "" if factor == "town" else row[factor]
        if whose is not None:
            found[f"{factor}/{whose}"] = number[f"{part}_{factor}"]
    return Loads.within(found)
