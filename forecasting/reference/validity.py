"""Validity rules as chances: what an age band is issued, and at what age it expires."""

from datetime import date, timedelta

import numpy as np

from forecasting.catalogue import Validity
from forecasting.reference.assumptions import BAND_AGES, BANDS
from forecasting.reference.streams import Numbers

ELDERLY = BANDS.index("75+")
Rule = tuple[
    tuple[int, ...], Numbers
]  # years of validity; band x (years, band at expiry)


def years_valid(validity: tuple[Validity, ...], day: date, age: int) -> int:
    """Years of validity for an age; before the first rule, that rule holds."""
    fitting = [rule for rule in validity if rule.min_age <= age <= rule.max_age]
    inforce = [rule for rule in fitting if rule.issued_from <= day]
    return max(inforce or fitting[:1], key=lambda rule: rule.issued_from).years


def transitions_by_week(
    validity: tuple[Validity, ...], first: date, weeks: int
) -> list[Rule]:
    """Per week: the years of validity and the chances of (years, band at expiry)."""
    known: dict[tuple[date, ...], Rule] = {}
    found = []
    for week in range(weeks):
        day = first + timedelta(weeks=week, days=3)
        era = tuple(r.issued_from for r in validity if r.issued_from <= day)
        if era not in known:
            known[era] = _transitions(validity, day)
        found.append(known[era])
    return found


def _transitions(validity: tuple[Validity, ...], day: date) -> Rule:
    years = tuple(sorted({rule.years for rule in validity}))
    chances = np.zeros((len(BANDS), len(years), len(BANDS)))
    for band, (low, high) in enumerate(BAND_AGES):
        for age in range(low, high + 1):
            valid = years_valid(validity, day, age)
            chances[band, years.index(valid), _band(age + valid)] += 1
    ages = chances.sum(axis=(1, 2), keepdims=True)
    return years, (chances / ages).reshape(len(BANDS), -1)


def _band(age: int) -> int:
    fits = [i for i, (low, high) in enumerate(BAND_AGES) if low <= age <= high]
    return fits[0] if fits else ELDERLY
