"""Values that a mapping gives by itself: what a row could not hold is refused."""

import math

from forecasting.errors import PolicyError
from forecasting.targets import Field

NUMBERS = frozenset({"number", "whole"})
"""Types of fields that hold a number."""

MOST_DIGITS = 1e15


def check_value(where: str, field: Field, value: str | float) -> None:
    """Check a constant, or what a text is translated to; `where` names it.

    Raises:
        PolicyError: the field is of another type, or does not allow this value.
    """
    if field.type not in {*NUMBERS, "text"}:
        raise PolicyError(f"{where}: expected a column, no constant.")
    if isinstance(value, str) or field.type == "text":
        if (field.type == "text") != isinstance(value, str):
            noun = "text" if field.type == "text" else "a number"
            raise PolicyError(f"{where}: expected {noun}.")
        return
    low = -math.inf if field.minimum is None else field.minimum
    high = math.inf if field.maximum is None else field.maximum
    if not (math.isfinite(value) and low <= value <= high):
        raise PolicyError(f"{where}: expected {low:g} to {high:g}, came {value:g}.")
    if field.type == "whole" and value != int(value):
        raise PolicyError(f"{where}: expected a whole number, came {value:g}.")


def plain(number: float) -> str:
    """A number as people write it: 10,000,000, not 1e+07."""
    whole = float(number).is_integer() and abs(number) < MOST_DIGITS
    return f"{number:,.0f}" if whole else f"{number:g}"
