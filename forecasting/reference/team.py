"""Invented staff: codes, neutral labels, contracts, working days, authorisations, leave."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from forecasting.reference.assumptions import Contract, Place, ReferencePolicy
from forecasting.reference.streams import stream
from forecasting.reference.writing import Export, write_workbook

WEEKDAYS = ("ma", "di", "wo", "do", "vr")
WEEKS_AHEAD = 26


def write_team(
    folder: Path, place: Place, policy: ReferencePolicy, *, until: date, seed: int
) -> list[Export]:
    """Write the workbook of staff and their absence."""
    file = folder / "team.xlsx"
    write_workbook(file, team_sheets(place, policy, until=until, seed=seed), until)
    return [Export(file, "people"), Export(file, "absence")]


def team_sheets(
    place: Place, policy: ReferencePolicy, *, until: date, seed: int
) -> dict[str, pl.DataFrame]:
    """The sheets `Medewerkers` and `Afwezigheid`."""
    people = _people(place, policy, stream(seed, "people"))
    absence = _absence(people["Code"].to_list(), until, stream(seed, "absence"))
    return {"Medewerkers": people, "Afwezigheid": absence}


def _people(
    place: Place, policy: ReferencePolicy, rng: np.random.Generator
) -> pl.DataFrame:
    rows: list[dict[str, str | float]] = []
    for crew in place.crews:
        for _ in range(crew.number):
            contract = _contract(policy.contracts, rng)
            number = len(rows) + 1
            rows.append(
                {
                    "Code": f"M{number:03d}",
                    "Weergavenaam": f"Medewerker {number:03d}",
                    "Locatie": crew.location,
                    "Contracturen": contract.hours,
                    "Werkdagen": _working_days(contract, number, rng),
                    "Bevoegdheden": ";".join(crew.skills),
                }
            )
    return pl.DataFrame(rows)


def _contract(contracts: tuple[Contract, ...], rng: np.random.Generator) -> Contract:
    weights = np.array([contract.weight for contract in contracts])
    return contracts[int(rng.choice(len(contracts), p=weights / weights.sum()))]


def _working_days(contract: Contract, number: int, rng: np.random.Generator) -> str:
    """Days off in turn, so that every weekday keeps its people; Friday and Wednesday more."""
    preference = np.array([0.14, 0.18, 0.24, 0.16, 0.28])
    off = rng.choice(5, 5 - contract.days, replace=False, p=preference)
    return " ".join(day for i, day in enumerate(WEEKDAYS) if i not in off)


def _absence(codes: list[str], until: date, rng: np.random.Generator) -> pl.DataFrame:
    """Leave of the coming half year, and two to three weeks in the next summer."""
    rows = []
    for code in codes:
        taken: set[date] = set()
        for first, days in _leave(until, rng):
            last = first + timedelta(days=days - 1)
            stretch = {first + timedelta(days=i) for i in range(days)}
            if not stretch & taken:
                taken |= stretch
                rows.append({"Code": code, "Van": first, "Tot en met": last})
    return pl.DataFrame(rows).sort("Code", "Van")


def _leave(until: date, rng: np.random.Generator) -> list[tuple[date, int]]:
    """Stretches of leave as first day and number of days."""
    stretches = [_summer(until, rng)]
    for _ in range(int(rng.poisson(1.3))):  # a week, or a few days
        start = until + timedelta(days=int(rng.integers(3, 7 * WEEKS_AHEAD)))
        stretches.append((start, int(rng.choice([2, 5, 9]))))
    single = rng.integers(1, 7 * WEEKS_AHEAD, rng.poisson(2.0)).tolist()
    stretches += [(until + timedelta(days=ahead), 1) for ahead in single]
    return stretches


def _summer(until: date, rng: np.random.Generator) -> tuple[date, int]:
    """Two or three weeks between the end of June and the start of September."""
    year = until.year + (until >= date(until.year, 6, 20))
    start = date(year, 6, 28) + timedelta(weeks=int(rng.integers(0, 8)))
    start -= timedelta(days=start.weekday())
    return start, int(rng.choice([12, 19]))
