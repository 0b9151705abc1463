"""The law of validity as arithmetic: how long a document lasts, and who it expires with."""

from datetime import date

import numpy as np
import numpy.typing as npt

from forecasting.catalogue import Validity

Ages = tuple[int, int]
"""The youngest and oldest age of a band, both included."""

WEEKS_A_YEAR = 365.25 / 7


def rule_for(validity: tuple[Validity, ...], day: date, age: int) -> Validity:
    """The rule for an age; before the first one of that age, that rule holds."""
    fitting = [rule for rule in validity if rule.min_age <= age <= rule.max_age]
    inforce = [rule for rule in fitting if rule.issued_from <= day]
    return max(inforce or fitting[:1], key=lambda rule: rule.issued_from)


def years_valid(validity: tuple[Validity, ...], day: date, age: int) -> int:
    """Years of validity for an age, up to the last where that depends on a birthday."""
    return max(rule_for(validity, day, age).years_from(age))


def terms(validity: tuple[Validity, ...]) -> tuple[int, ...]:
    """Every number of years that some rule gives, shortest first."""
    found = {rule.years for rule in validity if rule.until_age is None}
    for rule in validity:
        if rule.until_age is not None:
            ages = range(rule.min_age, min(rule.max_age, rule.until_age) + 1)
            found.update(years for age in ages for years in rule.years_from(age))
    return tuple(sorted(found))


def transitions(
    validity: tuple[Validity, ...],
    day: date,
    bands: tuple[Ages, ...],
    ages: npt.NDArray[np.float64] | None = None,
) -> npt.NDArray[np.float64]:
    """Chances of (years of `terms`, band at expiry) for who is issued a document on `day`.

    Shape (bands, terms, bands); every row adds up to 1. `ages` weighs the ages from 0 on
    within their band; without it they count alike. Who outgrows every band stays in the
    oldest.
    """
    years = terms(validity)
    chances = np.zeros((len(bands), len(years), len(bands)))
    for band, (low, high) in enumerate(bands):
        for age in range(low, high + 1):
            weight = 1.0 if ages is None else max(float(ages[age]), 1e-9)
            lasting = rule_for(validity, day, age).years_from(age)
            for valid in lasting:
                target = _band(bands, age + valid, band)
                chances[band, years.index(valid), target] += weight / len(lasting)
    shares: npt.NDArray[np.float64] = chances / chances.sum(axis=(1, 2), keepdims=True)
    return shares


def _band(bands: tuple[Ages, ...], age: int, own: int) -> int:
    """The band of an age: its own where that still fits, else the narrowest that does."""
    fits = [i for i, (low, high) in enumerate(bands) if low <= age <= high]
    if own in fits:
        return own
    if fits:
        return min(fits, key=lambda i: bands[i][1] - bands[i][0])
    return max(range(len(bands)), key=lambda i: bands[i])
