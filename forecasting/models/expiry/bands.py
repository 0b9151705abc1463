"""Age bands as the data name them."""

import re
from dataclasses import dataclass

import numpy as np

from forecasting.series.panel import FloatArray
from forecasting.validity import Ages

OLDEST = 99
LIVING = 90
"""Few holders are older: an open band is judged by the ages up to this one."""


@dataclass(frozen=True)
class Bands:
    """Age bands in order of age: the labels of the data, and the ages they stand for."""

    labels: tuple[str, ...]
    ages: tuple[Ages, ...]


def bands_of(labels: list[str]) -> Bands:
    """The bands that labels name ("0-17", "65 t/m 74", "75+", "<18"); others are all ages."""
    named = sorted((ages_of(label), label) for label in set(labels))
    return Bands(tuple(label for _, label in named), tuple(ages for ages, _ in named))


def ages_of(label: str) -> Ages:
    """The ages that one label stands for, 0 to 99 where it names none."""
    found = [int(digits) for digits in re.findall(r"\d+", label)]
    if not found or found[0] > OLDEST:
        return 0, OLDEST
    if len(found) > 1:
        return found[0], max(min(found[1], OLDEST), found[0])
    if label.strip()[0] in "<-":
        return 0, max(found[0] - 1, 0)
    return found[0], OLDEST if not label.strip().isdigit() else found[0]


def mean_by_band(points: tuple[tuple[int, float], ...], bands: Bands) -> FloatArray:
    """The mean over the ages of each band of a value given as (age from, value)."""
    begins, values = zip(*points, strict=True)
    means = []
    for low, high in bands.ages:
        ages = np.arange(low, max(min(high, LIVING), low) + 1)
        place = np.searchsorted(begins, ages, side="right") - 1
        means.append(float(np.mean(np.array(values)[np.maximum(place, 0)])))
    return np.array(means)
