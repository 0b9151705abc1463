"""What leaves the product of a batch's counts: small ones hidden, and who protects them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from staffing.reminders.batches.count_table import CountTable, Key
from staffing.reminders.batches.tables import (
    AGAIN,
    HELD_OUT,
    MAILED,
    NOT_CHOSEN,
    OTHER_COHORT,
    QUOTA_ARMS,
    REASONS,
    SMALL,
    SUPPRESSED,
)

ALL = "all"
Row = dict[str, object]

OF_QUOTA = ((MAILED, ""), (HELD_OUT, ""), (AGAIN, ""), (SMALL, ""))
OF_REFERENCES = (
    (MAILED, ""),
    (HELD_OUT, ""),
    (AGAIN, ""),
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
    `suppressed: objected`), `all`. `mailed`, `held_out` and `again` are the quotas
    (`service, expiry_week, age_band, district, count`), no rows where references were chosen: where
    `age_band` and `district` are null the row is of all cohorts of that week without a
    row of their own, and where `expiry_week` is too, of all such weeks of the service.
    """

    counts: pl.DataFrame
    mailed: pl.DataFrame
    held_out: pl.DataFrame
    again: pl.DataFrame

    def of(self, arm: str) -> pl.DataFrame:
        """The quotas of an arm."""
        return {MAILED: self.mailed, HELD_OUT: self.held_out, AGAIN: self.again}[arm]


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
    table = CountTable()
    columns = OF_REFERENCES if quotas is None else OF_QUOTA
    _add_counts(table, fates, services, columns)
    if quotas is not None:
        for arm in QUOTA_ARMS:
            _add_quotas(table, quotas, arm)
    left_out = table.hidden(threshold)
    return Shown(
        _counts(table, left_out, services, columns),
        *(_quotas(table, left_out, arm) for arm in QUOTA_ARMS),
    )


def _add_counts(
    table: CountTable,
    fates: pl.DataFrame,
    services: Sequence[str],
    columns: Sequence[tuple[str, str]],
) -> None:
    known = {tuple(row[:3]): row[3] for row in fates.iter_rows()}
    for service in services:
        parts = []
        for fate, reason in columns:
            price = NEEDED if fate in QUOTA_ARMS else 1.0
            count = known.get((service, fate, reason), 0)
            parts.append(table.add((service, _name(fate, reason)), count, price))
        table.total((service, ALL), parts)
    for name in [*(_name(*column) for column in columns), ALL]:
        table.total((ALL, name), [(service, name) for service in services])
    across = [(ALL, _name(*column)) for column in columns]
    table.sums.append(((ALL, ALL), list(across)))


def _name(fate: str, reason: str) -> str:
    return f"{fate}: {reason}" if reason else fate


def _add_quotas(table: CountTable, quotas: pl.DataFrame, arm: str) -> None:
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
    table: CountTable,
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


def _quotas(table: CountTable, left_out: set[Key], arm: str) -> pl.DataFrame:
    """A row for each count that may be told; hidden ones are in that of the rest."""
    width = 3 if arm == HELD_OUT else 5
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
