"""Periods left out of training, for all series or for those that a pattern names."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl


@dataclass(frozen=True)
class LeftOut:
    """A period that does not train, both days included.

    `series` is a pattern with `*` on `location/service/step/channel`; empty means all.
    """

    first: date
    last: date
    series: str = ""


def is_left_out(
    periods: Sequence[LeftOut], names: Iterable[str], *, end: pl.Expr | None = None
) -> pl.Expr:
    """Whether the time from `start` to `end` (or that day) of a `series` is left out.

    `names` are the series there are.
    """
    known = sorted(set(names))
    last = pl.col("start") if end is None else end
    overlaps = [
        (last >= period.first)
        & (pl.col("start") <= period.last)
        & pl.col("series").is_in(meant_by(period.series, known))
        for period in periods
    ]
    return pl.any_horizontal(pl.lit(value=False), *overlaps)


def meant_by(pattern: str, names: list[str]) -> list[str]:
    """The names that a pattern with `*` means; all where it is empty."""
    if not pattern:
        return names
    wanted = ".*".join(re.escape(part) for part in pattern.split("*"))
    return [name for name in names if re.fullmatch(wanted, name)]
