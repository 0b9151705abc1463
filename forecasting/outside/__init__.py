"""What is known or expected elsewhere: planned letters, forecasts of others."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from forecasting.outside.applying import Applied, apply_outside
    from forecasting.outside.letters import (
        exposures_with_letters,
        with_letters,
    )
    from forecasting.outside.reading import outside_forecasts, planned_letters

__all__ = [
    "Applied",
    "apply_outside",
    "exposures_with_letters",
    "outside_forecasts",
    "planned_letters",
    "with_letters",
]

__getattr__ = lazily(
    __name__,
    {
        "Applied": "applying",
        "apply_outside": "applying",
        "exposures_with_letters": "letters",
        "outside_forecasts": "reading",
        "planned_letters": "reading",
        "with_letters": "letters",
    },
)
