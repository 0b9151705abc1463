"""That nobody is lost: each document of a stock, or of a registry's file, is in one place."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

PLACES = (
    "expired",
    "in_batches",
    "letters_planned",
    "held_out",
    "not_chosen",
    "too_late",
    "not_due",
    "suppressed_small",
)
"""Where a plan leaves documents, by the figures of its run."""


@dataclass(frozen=True)
class Balance:
    """So many documents came, and so many are in each place."""

    whole: int
    places: Mapping[str, int]

    @property
    def lost(self) -> int:
        """Documents that are in no place; below 0: counted twice."""
        return self.whole - sum(self.places.values())


def balance_of(came: int, went: Mapping[str, object] | pl.DataFrame) -> Balance:
    """The balance of a plan by its figures, or of a batch by its `BatchFates`.

    Expired before the plan, mailed or held out by earlier batches, planned to be mailed,
    held out, not chosen, too late, not yet due, in too small a cohort; or in a batch mailed
    (again), held out, suppressed by each reason, not chosen, of another cohort, too few.
    """
    if isinstance(went, pl.DataFrame):
        rows = went.select("service", "fate", "reason", "count").iter_rows()
        told = {
            f"{service} {fate} {reason}".strip(): n for service, fate, reason, n in rows
        }
        return Balance(came, told)
    known = {name: went.get(name, 0) for name in PLACES}
    return Balance(came, {name: int(str(count)) for name, count in known.items()})
