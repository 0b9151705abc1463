"""Options that several commands share."""

from datetime import date
from typing import Annotated

import typer

SeedOption = Annotated[
    int, typer.Option(min=0, max=2**31 - 1, help="Seed of everything random.")
]


def monday_of(week: str) -> date:
    """The Monday of an ISO week, such as `2027-W02`."""
    from forecasting.calendar import parse_week

    return parse_week(week)
