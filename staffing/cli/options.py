"""Options that several commands share."""

from datetime import date, timedelta
from typing import Annotated

import typer

MOST_WEEKS = 53

SeedOption = Annotated[
    int, typer.Option(min=0, max=2**31 - 1, help="Seed of everything random.")
]


def monday_of(week: str) -> date:
    """The Monday of an ISO week, such as `2027-W02`."""
    from forecasting.calendar import parse_week

    return parse_week(week)


def mondays_between(first: date, last: date) -> list[date]:
    """The Mondays from the first to the last, at most `MOST_WEEKS` of them.

    Raises:
        InputError: the last lies before the first, or too many weeks away.
    """
    from forecasting.calendar import week_name
    from forecasting.errors import InputError

    number = (last - first).days // 7 + 1
    if not 1 <= number <= MOST_WEEKS:
        raise InputError(
            f"expected weeks A..B with B not before A, at most {MOST_WEEKS} of them, "
            f"came {week_name(first)}..{week_name(last)}"
        )
    return [first + timedelta(weeks=i) for i in range(number)]
