"""The expiry stock as the registry exports it: documents not yet renewed, per week."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from forecasting.calendar import monday
from forecasting.reference.assumptions import BANDS
from forecasting.reference.cohorts import Cohorts
from forecasting.reference.demand import World
from forecasting.reference.streams import Counts
from forecasting.reference.truth import LATE
from forecasting.reference.writing import Export

OVERDUE = 26  # weeks past expiry that the registry still lists
WITH_DISTRICTS = 9  # the newest extracts are split by district: two years of quarters
EVERYWHERE = "Alle wijken"


def write_stock(folder: Path, world: World) -> list[Export]:
    """Write the stock as known at each quarter end and at `until`."""
    file = folder / "expiries.parquet"
    make_stock(world).write_parquet(file)
    return [Export(file, "registry_expiries")]


def make_stock(world: World) -> pl.DataFrame:
    """Outstanding documents; a cell without documents has no row.

    The age band is the one at expiry. Extracts older than two years know no districts.
    """
    frames = [
        frame
        for cohorts in world.cohorts.values()
        for frame in _stock_of(world, cohorts)
    ]
    columns = ["Peildatum", "Document", "Week van afloop", "Leeftijdsklasse", "Wijk"]
    frame = pl.concat(frames).sort("Peildatum", maintain_order=True)
    return frame.select(*columns, Soort=pl.lit("outstanding"), Aantal="Aantal")


def _stock_of(world: World, cohorts: Cohorts) -> Iterator[pl.DataFrame]:
    name = world.catalogue.services[cohorts.service].name_nl
    newest = sorted(cohorts.stocks)[-WITH_DISTRICTS:]
    for as_of, counts in cohorts.stocks.items():
        if as_of not in newest:
            yield _rows(as_of, name, counts[:, :, None], (EVERYWHERE,))
    districts = tuple(world.place.districts)
    for as_of, counts in _by_district(world, cohorts, newest):
        yield _rows(as_of, name, counts, districts)


def _rows(
    as_of: date, document: str, counts: Counts, districts: tuple[str, ...]
) -> pl.DataFrame:
    listed = counts[LATE - OVERDUE :]
    week, band, district = np.nonzero(listed)
    first = monday(as_of) - timedelta(weeks=OVERDUE)
    return pl.DataFrame(
        {
            "Peildatum": pl.repeat(as_of, week.size, eager=True, dtype=pl.Date),
            "Document": pl.repeat(document, week.size, eager=True),
            "Week van afloop": pl.Series(np.datetime64(first) + 7 * week),
            "Leeftijdsklasse": np.array(BANDS)[band],
            "Wijk": np.array(districts)[district],
            "Aantal": listed[week, band, district],
        }
    )


def _by_district(
    world: World, cohorts: Cohorts, newest: list[date]
) -> Iterator[tuple[date, Counts]]:
    """Split stocks by district; a document keeps its district from extract to extract.

    Every cell (expiry week, age band) has one fixed row of districts; an extract that
    knows n documents in the cell sees the first n of them.
    """
    shares = np.array(list(world.place.districts.values()))
    start = monday(newest[0])
    weeks = len(cohorts.stocks[newest[0]]) + (monday(newest[-1]) - start).days // 7
    padded = [_shifted(cohorts.stocks[day], day, start, weeks) for day in newest]
    largest = np.max(padded, axis=0).reshape(-1)
    cell = np.repeat(np.arange(largest.size), largest)
    nth = np.arange(cell.size) - np.repeat(np.cumsum(largest) - largest, largest)
    rng = world.rng(f"districts/{cohorts.service}")
    label = rng.choice(shares.size, cell.size, p=shares / shares.sum())
    for day, counts in zip(newest, padded, strict=True):
        known = nth < counts.reshape(-1)[cell]
        place = cell[known] * shares.size + label[known]
        split = np.bincount(place, minlength=largest.size * shares.size)
        shift = (monday(day) - start).days // 7
        rows = split.reshape(weeks, len(BANDS), shares.size)[shift:]
        yield day, rows[: len(cohorts.stocks[day])]


def _shifted(counts: Counts, day: date, start: date, weeks: int) -> Counts:
    """A stock on the common axis of expiry weeks."""
    shift = (monday(day) - start).days // 7
    padded = np.zeros((weeks, counts.shape[1]), dtype=np.int64)
    padded[shift : shift + len(counts)] = counts
    return padded
