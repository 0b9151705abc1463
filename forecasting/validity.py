"""The law of validity as arithmetic: how long a document lasts, and who it expires with."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from forecasting.catalogue import Validity

Ages = tuple[int, int]
"""The youngest and oldest age of a band, both included."""

WEEKS_A_YEAR = 365.25 / 7
OLDEST = 110


def rule_for(validity: tuple[Validity, ...], day: date, age: int) -> Validity:
    """The rule for an age; before the first one of that age, that rule holds."""
    fitting = [rule for rule in validity if rule.min_age <= age <= rule.max_age]
    inforce = [rule for rule in fitting if rule.issued_from <= day]
    return max(inforce or fitting[:1], key=lambda rule: rule.issued_from)


def years_valid(validity: tuple[Validity, ...], day: date, age: int) -> int:
    """Years of validity for an age, up to the last where that depends on a birthday."""
    return max(rule_for(validity, day, age).years_from(age))


@dataclass(frozen=True)
class Change:
    """From `day` on a document lasts `now` years instead of `before`, for some ages.

    None of them is due between `gap` and `crest`: those issued under the old rule have
    all expired, those under the new one do not yet. A longer term alone leaves a gap.
    """

    day: date
    before: int
    now: int

    @property
    def gap(self) -> date:
        """When the last document of the old rule expires."""
        return _years_on(self.day, self.before)

    @property
    def crest(self) -> date:
        """When the first document of the new rule expires."""
        return _years_on(self.day, self.now)


def changes(validity: tuple[Validity, ...]) -> tuple[Change, ...]:
    """The days on which the law made a document last longer or shorter, in order."""
    eve = timedelta(days=1)
    found = {
        Change(rule.issued_from, before, now)
        for rule in validity
        for age in range(rule.min_age, min(rule.max_age, OLDEST) + 1)
        if (before := years_valid(validity, rule.issued_from - eve, age))
        != (now := years_valid(validity, rule.issued_from, age))
    }
    return tuple(sorted(found, key=lambda one: (one.day, one.before, one.now)))


def _years_on(day: date, years: int) -> date:
    """The same day some years on; 29 February is 28 February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


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
