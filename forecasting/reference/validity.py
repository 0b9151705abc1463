"""Validity rules as chances: what an age band is issued, and at what age it expires."""

from datetime import date, timedelta

from forecasting.catalogue import Validity
from forecasting.reference.assumptions import BAND_AGES, BANDS
from forecasting.reference.streams import Numbers
from forecasting.validity import terms, transitions

Rule = tuple[
    tuple[int, ...], Numbers
]  # years of validity; band x (years, band at expiry)


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
            chances = transitions(validity, day, BAND_AGES)
            known[era] = terms(validity), chances.reshape(len(BANDS), -1)
        found.append(known[era])
    return found
