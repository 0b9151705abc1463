"""What residents were promised, week by week beside what they got, and how sure that is."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from staffing.promises.sampling import Interval, intervals
    from staffing.promises.tables import PromiseDays, PromiseExpected, PromiseWeeks
    from staffing.promises.weeks import promise_weeks

__all__ = [
    "Interval",
    "PromiseDays",
    "PromiseExpected",
    "PromiseWeeks",
    "intervals",
    "promise_weeks",
]

__getattr__ = lazily(
    __name__,
    {
        "Interval": "sampling",
        "PromiseDays": "tables",
        "PromiseExpected": "tables",
        "PromiseWeeks": "tables",
        "intervals": "sampling",
        "promise_weeks": "weeks",
    },
)
