"""What is known or expected elsewhere: planned letters, forecasts of others."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from forecasting.outside.applying import Applied, apply_outside
    from forecasting.outside.approved import letters_fingerprint
    from forecasting.outside.fee_rise import (
        AssumedFees,
        assumed_fees,
        with_assumed_fees,
    )
    from forecasting.outside.letters import (
        exposures_with_letters,
        known_by_now,
        with_letters,
    )
    from forecasting.outside.reading import outside_forecasts, planned_letters
    from forecasting.outside.years import (
        bent_outlook,
        both_told,
        months_with_letters,
        scaled,
    )

__all__ = [
    "Applied",
    "AssumedFees",
    "apply_outside",
    "assumed_fees",
    "bent_outlook",
    "both_told",
    "exposures_with_letters",
    "known_by_now",
    "letters_fingerprint",
    "months_with_letters",
    "outside_forecasts",
    "planned_letters",
    "scaled",
    "with_assumed_fees",
    "with_letters",
]

__getattr__ = lazily(
    __name__,
    {
        "Applied": "applying",
        "AssumedFees": "fee_rise",
        "apply_outside": "applying",
        "assumed_fees": "fee_rise",
        "bent_outlook": "years",
        "both_told": "years",
        "exposures_with_letters": "letters",
        "known_by_now": "letters",
        "letters_fingerprint": "approved",
        "months_with_letters": "years",
        "outside_forecasts": "reading",
        "planned_letters": "reading",
        "scaled": "years",
        "with_assumed_fees": "fee_rise",
        "with_letters": "letters",
    },
)
