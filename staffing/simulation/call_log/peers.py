"""What the formulas predict for the same slots: Erlang C and A, as they are and scaled."""

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from staffing.queueing import service_level
from staffing.simulation.outcomes import Floats

FACTORS = np.round(np.arange(0.30, 1.8001, 0.005), 3)
"""Factors on the agents that are tried on the fitted period."""

Formula = Callable[[pl.DataFrame, float], Floats]


def formulas(
    slot_s: float, threshold_s: float, patience_s: float
) -> dict[str, Formula]:
    """Share within the threshold per slot by each formula, agents times a factor."""

    def share(patience: ArrayLike) -> Formula:
        def told(slots: pl.DataFrame, factor: float) -> Floats:
            return np.asarray(
                service_level(
                    slots["offered"].to_numpy() * 3600 / slot_s,
                    slots["handling_time_s"].to_numpy(),
                    slots["agents"].to_numpy() * factor,
                    threshold_s,
                    patience,
                ),
                dtype=np.float64,
            )

        return told

    return {"Erlang C": share(np.inf), "Erlang A": share(patience_s)}


def best_factor(formula: Formula, slots: pl.DataFrame) -> float:
    """The factor on the agents with the least mean absolute error on `slots`."""
    errors = [error_of(formula(slots, float(factor)), slots) for factor in FACTORS]
    return float(FACTORS[int(np.argmin(errors))])


def error_of(share: Floats, slots: pl.DataFrame) -> float:
    """Mean absolute error of the share answered in time, per slot."""
    return float(np.abs(share - seen_share(slots)).mean())


def seen_share(slots: pl.DataFrame) -> Floats:
    """Observed share answered in time per slot."""
    share = slots["answered_in_time"].to_numpy() / slots["offered"].to_numpy()
    return np.asarray(share, dtype=np.float64)
