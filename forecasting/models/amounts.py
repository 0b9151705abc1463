"""Amounts that are no whole numbers, told in a unit of their own.

A count has noise of its own: about as much as its root. An amount in thousands or in
euros has not, and its unit is arbitrary. Methods made for counts would take 2.3 thousand
visitors for a few, and 2.3 million for many: the same series, shrunk or not. In a unit of
its own it is forecast alike whatever it is written in.
"""

from dataclasses import replace

import numpy as np

from forecasting.models.protocol import Past
from forecasting.series.panel import FloatArray, Series

USUAL = {"day": 25.0}
ELSE = 10_000.0
"""The mean of a series of amounts in its own unit. The errors of neighbouring days are
alike, so a day tells as little as a count with a fifth of noise; other periods all."""


def unit_of(counts: FloatArray, cadence: str) -> float:
    """What a series is to be multiplied by: 1 for counts."""
    if (counts == np.round(counts)).all():
        return 1.0
    return float(USUAL.get(cadence, ELSE) / counts.mean())


def in_unit(past: Past, unit: float) -> Past:
    """The same past in another unit, with whatever is counted beside the series."""
    if unit == 1.0:
        return past
    return replace(
        past,
        series=_times(past.series, unit),
        leading=past.leading and _times(past.leading, unit),
        kin=past.kin and _times(past.kin, unit),
    )


def _times(series: Series, unit: float) -> Series:
    return replace(series, counts=series.counts * unit)
