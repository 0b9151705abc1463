"""The stocks of one service: documents by week of expiry and age band, per moment known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from forecasting.errors import InputError
from forecasting.models.expiry.bands import Bands, bands_of
from forecasting.models.expiry.periods import by_week
from forecasting.models.expiry.weeks import end_of, weeks_of
from forecasting.series.checking import MOST
from forecasting.series.panel import FloatArray

BASES = ("issued", "outstanding")
NUMBER = (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32)
COLUMNS: dict[str, tuple[type, ...]] = {
    "as_of": (pl.Date, pl.Datetime),
    "service": (pl.String,),
    "expiry_week": (pl.Date, pl.Datetime),
    "age_band": (pl.String,),
    "basis": (pl.String,),
    "count": (*NUMBER, pl.UInt64, pl.Float32, pl.Float64),
}


@dataclass(frozen=True)
class Stock:
    """Documents by week of expiry (from week `first` on) x age band at expiry.

    Of basis "outstanding" those not yet renewed at the point `at` on the axis of weeks;
    of basis "issued" all that were issued to expire then. A week outside is not known.
    `as_of` is the day of the export, where it was exported.
    """

    at: float
    first: int
    counts: FloatArray
    outstanding: bool
    as_of: date | None = None

    @property
    def last(self) -> int:
        """The last week that is listed."""
        return self.first + len(self.counts) - 1

    def cells(self, weeks: np.ndarray) -> FloatArray:
        """The documents that expire in each week: weeks x bands, 0 where not listed."""
        place = weeks - self.first
        inside = (place >= 0) & (place < len(self.counts))
        found = self.counts[np.clip(place, 0, len(self.counts) - 1)]
        return np.where(inside[..., None], found, 0.0)


@dataclass(frozen=True)
class Stocks:
    """All stocks of a service that count, in order of the moment they were known."""

    bands: Bands
    stocks: tuple[Stock, ...]


def stocks_of(expiries: pl.DataFrame, service: str) -> Stocks:
    """The stocks of one service in a table of expiries, districts summed.

    Where a moment is known on both bases, the outstanding documents say more.
    """
    mine = expiries.filter(pl.col("service") == service)
    bands = bands_of(mine["age_band"].unique().to_list())
    keys = ["as_of", "basis"]
    found: dict[date, Stock] = {}
    parts = mine.sort(*keys).partition_by(keys, as_dict=True, maintain_order=True)
    for (as_of, basis), rows in parts.items():
        if isinstance(as_of, date):
            found[as_of] = _stock(as_of, str(basis), rows, bands.labels)
    return Stocks(bands, tuple(found[day] for day in sorted(found)))


def _stock(as_of: date, basis: str, rows: pl.DataFrame, labels: Sequence[str]) -> Stock:
    weeks = weeks_of(rows["expiry_week"].to_numpy())
    first = int(weeks.min())
    counts = np.zeros((int(weeks.max()) - first + 1, len(labels)))
    place = {label: number for number, label in enumerate(labels)}
    band = rows["age_band"].replace_strict(place, return_dtype=pl.Int64).to_numpy()
    np.add.at(counts, (weeks - first, band), rows["count"].to_numpy())
    return Stock(end_of(as_of), first, counts, basis == "outstanding", as_of)


def checked_expiries(expiries: pl.DataFrame) -> pl.DataFrame:
    """Expiries as they may be handed in, by week, with weeks named by their Monday.

    A stock may also be listed by month or quarter, by its first day.

    Raises:
        InputError: a column is missing or of another type, a count is negative, or a
            basis unknown; or a stock mixes weeks with longer periods.
    """
    for name, kinds in COLUMNS.items():
        kind = expiries.schema.get(name)
        if kind is None or not isinstance(kind, kinds):
            came = "none" if kind is None else str(kind)
            wanted = " or ".join(k.__name__ for k in kinds)
            raise InputError(
                f"expected a column of {wanted} in the expiries, came {came}",
                column=name,
                remedy=f"Give {', '.join(COLUMNS)}, one row per cell.",
            )
    rows = expiries.with_columns(
        pl.col("as_of", "expiry_week").cast(pl.Date), pl.col("count").cast(pl.Float64)
    )
    wrong = rows.filter(
        pl.any_horizontal(pl.col(*COLUMNS).is_null())
        | ~pl.col("basis").is_in(BASES)
        | ~pl.col("count").is_between(0, MOST)
    )
    if wrong.height:
        row = wrong.row(0, named=True)
        raise InputError(
            f"expected expiries with a basis ({' or '.join(BASES)}) and a count from 0 "
            f"to {MOST:,.0f} in every row, came {row['basis']!r} and {row['count']} for "
            f"'{row['service']}' of {row['expiry_week']}"
        )
    return by_week(rows)
