"""Whether a file is good enough to import: how many of its rows are rejected, and why."""

from collections.abc import Mapping

import polars as pl

from forecasting.errors import InputError
from forecasting.ingest.checking import COMES_AGAIN, rejects
from forecasting.ingest.drafting import Tally
from forecasting.ingest.identity import ROW_ID
from forecasting.ingest.laying import Layout
from forecasting.ingest.order import Order
from forecasting.ingest.readers.lines import LINE

MOST_REASONS = 5


def rejects_of(layout: Layout, order: Order) -> pl.DataFrame:
    """The rows that are rejected, when they are few enough.

    Raises:
        InputError: there are no rows, or too many are rejected; names the first place.
    """
    tally = layout.tally
    if tally.read == 0:
        left = f" (left out: {tally.left_out})" if tally.left_out else ""
        raise InputError(f"expected rows, found none{left}", file=order.file)
    broken = pl.scan_parquet(layout.refused)
    too_many = tally.rejected > order.max_rejects * tally.read
    if too_many:
        broken = broken.bottom_k(1, by=LINE)
    found = rejects(broken.collect(), layout.draft.checks, order.source, order.file)
    if too_many:
        raise _too_many(found.row(0, named=True), tally, order)
    return found


def _too_many(first: Mapping[str, object], tally: Tally, order: Order) -> InputError:
    value = f", came '{first['value']}'" if first["value"] is not None else ""
    remedy = "Mend the file, or allow more with --max-rejects."
    if first["reason"] == COMES_AGAIN:
        remedy = _of_doubles(order)
    line = first["line"]
    return InputError(
        f"{first['reason']}{value} ({tally.rejected} of {tally.read} rows "
        f"rejected, at most {100 * order.max_rejects:g}% allowed{_by_reason(tally)})",
        file=order.file,
        line=line if isinstance(line, int) else None,
        column=str(first["column"]),
        remedy=remedy,
    )


def _of_doubles(order: Order) -> str:
    """What to do about rows that come again: their kind may name rows by itself."""
    key, fields = order.target.key, order.mapping.fields
    if key == (ROW_ID,):
        return (
            "Name the columns that tell such rows apart as 'identity' in its mapping."
        )
    columns = [name for field in key if field in fields for name in fields[field].names]
    return (
        "Give one row for each combination of "
        f"{', '.join(columns)}: add such rows up, or leave one out."
    )


def _by_reason(tally: Tally) -> str:
    """The reasons with their number, where there is more than one."""
    if len(tally.reasons) < 2:
        return ""
    ordered = sorted(tally.reasons.items(), key=lambda item: -item[1])
    shown = [f"{number} x {reason}" for reason, number in ordered[:MOST_REASONS]]
    more = ["..."] if len(ordered) > MOST_REASONS else []
    return f": {'; '.join([*shown, *more])}"
