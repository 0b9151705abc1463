"""The generated exports: bookings in the habits of JCC, from a seed, in chunks."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq

PRODUCTS = (
    "Paspoort",
    "Identiteitskaart",
    "Rijbewijs",
    "Verhuizing doorgeven",
    "Aangifte geboorte",
    "Erkenning kind",
    "Naturalisatie",
    "Algemene vraag",
)
LOCATIONS = ("Stadhuis", "Noord", "Zuid")
STATUSES = ("kept",) * 8 + ("noshow", "cancelled")
YEARS, CHUNK = 5, 2_000_000
TELEPHONE = ("Paspoort en ID-kaart", "Rijbewijs", "Verhuizen", "Overige vragen")


def write_bookings(file: Path, rows: int, seed: int) -> None:
    """Bookings of five years as Parquet, in the order in which they were made."""
    writer = None
    for chunk in _chunks(rows, seed):
        table = chunk.to_arrow()
        writer = writer or pq.ParquetWriter(file, table.schema, compression="zstd")
        writer.write_table(table)
    if writer is not None:
        writer.close()


def _chunks(rows: int, seed: int) -> Iterator[pl.DataFrame]:
    rng = np.random.default_rng(seed)
    number = -(-rows // CHUNK)
    for place in range(number):
        size = min(CHUNK, rows - place * CHUNK)
        first = YEARS * 365 * place // number
        last = YEARS * 365 * (place + 1) // number
        day = np.sort(rng.integers(first, max(last, first + 1), size))
        minute = rng.integers(9 * 12, 17 * 12, size) * 5
        start = (
            np.datetime64("2021-01-04", "us")
            + day.astype("timedelta64[D]")
            + minute.astype("timedelta64[m]")
        )
        asked = start - rng.integers(1, 40 * 24 * 60, size).astype("timedelta64[m]")
        order = pl.int_range(place * CHUNK, place * CHUNK + size, eager=True)
        yield pl.DataFrame(
            {
                "publicId": order.hash(seed).cast(pl.String)
                + "-"
                + order.cast(pl.String),
                "startDateTime": start,
                "creationDateTime": asked,
                "appointmentDuration": rng.integers(5, 30, size),
                "acitivityList": np.array(PRODUCTS)[rng.integers(0, 8, size)],
                "location": np.array(LOCATIONS)[rng.integers(0, 3, size)],
                "status": np.array(STATUSES)[rng.integers(0, 10, size)],
            }
        )


def write_intervals(file: Path, rows: int, seed: int) -> None:
    """Calls per quarter-hour and queue: Windows-1252, semicolons, decimal commas."""
    rng = np.random.default_rng(seed)
    quarter = np.arange(rows) // len(TELEPHONE)
    start = np.datetime64("2009-03-30", "us") + quarter * np.timedelta64(15, "m")
    offered = rng.poisson(6, rows)
    frame = pl.DataFrame(
        {
            "Interval start": start,
            "Wachtrij": np.array(TELEPHONE)[np.arange(rows) % len(TELEPHONE)],
            "Aangeboden": offered,
            "Afgehaakt": rng.binomial(offered, 0.05),
            "Beantwoord binnen 25 s": rng.binomial(offered, 0.7),
            "Gem. gesprekstijd (s)": rng.gamma(4, 50, rows).round(1),
            "Gem. nawerktijd (s)": rng.gamma(4, 10, rows).round(1),
            "Opmerking": np.where(rng.random(rows) < 0.02, "coördinatie", ""),
        }
    ).with_columns(pl.col("Interval start").dt.strftime("%d-%m-%Y %H:%M"))
    text = frame.write_csv(separator=";", decimal_comma=True)
    file.write_bytes(text.encode("windows-1252"))
