"""What leaves the product of a batch's counts: small ones hidden, and who protects them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from staffing.reminders.batches.disclosure import Sum, hidden
from staffing.reminders.batches.tables import (
    HELD_OUT,
    MAILED,
    NOT_CHOSEN,
    OTHER_COHORT,
    REASONS,
    SMALL,
    SUPPRESSED,
)

ALL = "all"
Key = tuple[object, ...]
Row = dict[str, object]

OF_QUOTA = ((MAILED, ""), (HELD_OUT, ""), (SMALL, ""))
OF_REFERENCES = (
    (MAILED, ""),
    (HELD_OUT, ""),
    *((SUPPRESSED, reason) for reason in REASONS),
    (NOT_CHOSEN, ""),
    (OTHER_COHORT, ""),
)
"""The columns of the table of counts, always the same, so that none tells by being there."""

NEEDED = 1e6
"""So much more it costs to hide a count that somebody has to act on."""


@dataclass(frozen=True)
class Shown:
    """Counts as they may be told: hidden ones are null.

    `counts` has a row per service and one of all: `service`, a column per fate (such as
    `suppressed: objected`), `all`. `mailed` and `held_out` are the quotas (`service,
    expiry_week, age_band, district, count`), no rows where references were chosen: where
    `age_band` and `district` are null the row is of all cohorts of that week without a
    row of their own, and where `expiry_week` is too, of all such weeks of the service.
    """

    counts: pl.DataFrame
    mailed: pl.DataFrame
    held_out: pl.DataFrame


@dataclass
class _Table:
    """Counts under keys, with the sums between them and what each costs to hide."""

    counts: dict[Key, int] = field(default_factory=dict)
    prices: dict[Key, float] = field(default_factory=dict)
    sums: list[tuple[Key, list[Key]]] = field(default_factory=list)

    def add(self, key: Key, count: int, price: float = 1.0) -> Key:
        self.counts[key] = count
        self.prices[key] = price * (1 + count)
        return key

    def total(self, key: Key, parts: list[Key], price: float = 1.0) -> Key:
        self.sums.append((key, parts))
        return self.add(key, sum(self.counts[part] for part in parts), price)

    def hidden(self, threshold: int) -> set[Key]:
        place = {key: number for number, key in enumerate(self.counts)}
        sums = [
            Sum(place[total], tuple(place[part] for part in parts))
            for total, parts in self.sums
        ]
        counts = np.array(list(self.counts.values()), dtype=np.int64)
        prices = np.array(list(self.prices.values()), dtype=np.float64)
        left_out = hidden(counts, sums, threshold, prices)
        return {
            key for key, is_out in zip(self.counts, left_out, strict=True) if is_out
        }


def shown(
    fates: pl.DataFrame,
    quotas: pl.DataFrame | None,
    *,
    services: Sequence[str],
    threshold: int,
) -> Shown:
    """The counts and quotas of a batch as they may leave the product.

    Args:
        fates: typed `BatchFates`.
        quotas: typed `BatchCounts` whose rows are handed out, or None.
        services: every service that could be in a batch.
        threshold: counts below it are not told.
    """
    table = _Table()
    columns = OF_REFERENCES if quotas is None else OF_QUOTA
    _add_counts(table, fates, services, columns)
    if quotas is not None:
        _add_quotas(table, quotas, MAILED)
        _add_quotas(table, quotas, HELD_OUT)
    left_out = table.hidden(threshold)
    return Shown(
        _counts(table, left_out, services, columns),
        _quotas(table, left_out, MAILED),
        _quotas(table, left_out, HELD_OUT),
    )


def _add_counts(
    table: _Table,
    fates: pl.DataFrame,
    services: Sequence[str],
    columns: Sequence[tuple[str, str]],
) -> None:
    known = {tuple(row[:3]): row[3] for row in fates.iter_rows()}
    for service in services:
        parts = []
        for fate, reason in columns:
            price = NEEDED if fate in (MAILED, HELD_OUT) else 1.0
            count = known.get((service, fate, reason), 0)
            parts.append(table.add((service, _name(fate, reason)), count, price))
        table.total((service, ALL), parts)
    for name in [*(_name(*column) for column in columns), ALL]:
        table.total((ALL, name), [(service, name) for service in services])
    across = [(ALL, _name(*column)) for column in columns]
    table.sums.append(((ALL, ALL), list(across)))


def _name(fate: str, reason: str) -> str:
    return f"{fate}: {reason}" if reason else fate


def _add_quotas(table: _Table, quotas: pl.DataFrame, arm: str) -> None:
    """Cells below expiry weeks below the count of the service; held out, only weeks."""
    for (service,), rows in _by(quotas.filter(arm=arm), "service"):
        weeks: list[Key] = []
        for (week,), cells in _by(rows, "expiry_week"):
            key = (arm, service, week)
            if arm == HELD_OUT:
                weeks.append(table.add(key, int(cells["count"].sum())))
                continue
            names = cells.select("age_band", "district", "count").iter_rows()
            parts: list[Key] = [
                table.add((*key, band, district), count)
                for band, district, count in names
            ]
            weeks.append(table.total(key, parts, 2.0))
        table.sums.append(((service, arm), weeks))


def _by(
    frame: pl.DataFrame, column: str
) -> Iterator[tuple[tuple[object, ...], pl.DataFrame]]:
    yield from frame.sort(frame.columns).group_by(column, maintain_order=True)


def _counts(
    table: _Table,
    left_out: set[Key],
    services: Sequence[str],
    columns: Sequence[tuple[str, str]],
) -> pl.DataFrame:
    names = [*(_name(*column) for column in columns), ALL]
    rows = [
        {"service": service}
        | {
            name: None if (service, name) in left_out else table.counts[service, name]
            for name in names
        }
        for service in [*services, ALL]
    ]
    schema = {"service": pl.String} | dict.fromkeys(names, pl.Int64)
    return pl.DataFrame(rows, schema=schema)


def _quotas(table: _Table, left_out: set[Key], arm: str) -> pl.DataFrame:
    """A row for each count that may be told; hidden ones are in that of the rest."""
    width = 5 if arm == MAILED else 3
    told: dict[Key, int] = {}
    for key, count in table.counts.items():
        if key[0] == arm and len(key) == width:
            row = _row_of(key, left_out)
            told[row] = told.get(row, 0) + count
    rows = [(*row, *[None] * (4 - len(row)), count) for row, count in told.items()]
    schema = {
        "service": pl.String,
        "expiry_week": pl.Date,
        "age_band": pl.String,
        "district": pl.String,
        "count": pl.Int64,
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.sort(frame.columns[:4], nulls_last=True)


def _row_of(key: Key, left_out: set[Key]) -> Key:
    """The lowest of a count and what it belongs to that may be told, without the arm."""
    while len(key) > 2 and key in left_out:
        key = key[:3] if len(key) > 3 else key[:2]
    return key[1:]
