"""What letters gain in futures of demand and of how residents react: with and without.

Each future of the load is paired with one response. Load with and without letters is
that of the same pair, so that the change is free of what they share.
"""

import dataframely as dy
import numpy as np
import polars as pl

from staffing.reminders.load import Load
from staffing.reminders.policy import MailingPolicy
from staffing.reminders.response import FloatArray
from staffing.tables import MailingGains

INTERVAL = (0.05, 0.95)
PEAK, SHARE, HOURS, STAFF = MEASURES = (
    "peak_load_hours",
    "share_of_weeks_over",
    "hours_above_capacity",
    "staff_hours",
)
HELPS = "letters help"
NO_NEED = "no hours above capacity are expected"
NO_HELP = "letters do not help"


def paired(load: Load, moved: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Futures x weeks of hours without letters, and with them.

    Args:
        load: what comes without letters.
        moved: responses x weeks, the hours that letters move into each week.
    """
    number = max(len(load.futures), len(moved))
    before = load.futures[np.arange(number) % len(load.futures)]
    after = np.maximum(0.0, before + moved[np.arange(number) % len(moved)])
    return before, after


def gains(load: Load, moved: FloatArray) -> dy.DataFrame[MailingGains]:
    """Each measure without letters, with them, and the change, with 90% intervals.

    Args:
        load: what comes without letters.
        moved: responses x weeks, the hours that letters move into each week.
    """
    before, after = paired(load, moved)
    without, with_ = _measured(load, before), _measured(load, after)
    rows: list[dict[str, float | str]] = [
        {"measure": measure}
        | _told("before", without[measure])
        | _told("after", with_[measure])
        | _told("change", with_[measure] - without[measure])
        for measure in MEASURES
    ]
    return MailingGains.validate(pl.DataFrame(rows))


def verdict(gained: pl.DataFrame, policy: MailingPolicy) -> str:
    """Whether letters help: `HELPS`, `NO_NEED` or `NO_HELP`.

    They do when the expected peak is no higher with them, and when they take
    `least_hours` off the hours above capacity, off staff hours, or off a peak that has
    hours above capacity.
    """
    rows = {row["measure"]: row for row in gained.iter_rows(named=True)}
    needed = rows[HOURS]["before"] >= policy.least_hours
    measures = (HOURS, STAFF, PEAK) if needed else (HOURS, STAFF)
    saved = max(-rows[measure]["change"] for measure in measures)
    if saved > 0 and saved >= policy.least_hours and rows[PEAK]["change"] <= 0:
        return HELPS
    return NO_HELP if needed else NO_NEED


def _measured(load: Load, hours: FloatArray) -> dict[str, FloatArray]:
    """Each measure per future, of futures x weeks of hours."""
    above = np.maximum(0.0, hours - load.capacity)
    return {
        PEAK: hours.max(axis=1),
        SHARE: (above > 0).mean(axis=1),
        HOURS: above.sum(axis=1),
        STAFF: load.staff.hours(hours).sum(axis=1),
    }


def _told(name: str, values: FloatArray) -> dict[str, float | str]:
    low, high = np.quantile(values, INTERVAL).tolist()
    return {name: float(values.mean()), f"{name}_low": low, f"{name}_high": high}
