"""What is known or expected elsewhere: planned letters, forecasts of others."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from forecasting.outside.applying import Applied, apply_outside
    from forecasting.outside.applying_letters import moved_applications, weeks_to_come
    from forecasting.outside.approved import BATCHES, letters_fingerprint
    from forecasting.outside.asking_letters import calls_on, phone_of, waves_of
    from forecasting.outside.fee_rise import (
        AssumedFees,
        assumed_fees,
        with_assumed_fees,
    )
    from forecasting.outside.following_letters import moved_collections
    from forecasting.outside.letters import (
        exposures_with_letters,
        known_by_now,
        with_letters,
    )
    from forecasting.outside.mail import Mail
    from forecasting.outside.reacting import reactions_fingerprint, reactions_of
    from forecasting.outside.reading import outside_forecasts, planned_letters
    from forecasting.outside.shifting import weeks_moved
    from forecasting.outside.years import (
        bent_outlook,
        both_told,
        months_with_letters,
        scaled,
    )

__all__ = [
    "BATCHES",
    "Applied",
    "AssumedFees",
    "Mail",
    "apply_outside",
    "assumed_fees",
    "bent_outlook",
    "both_told",
    "calls_on",
    "exposures_with_letters",
    "known_by_now",
    "letters_fingerprint",
    "months_with_letters",
    "moved_applications",
    "moved_collections",
    "outside_forecasts",
    "phone_of",
    "planned_letters",
    "reactions_fingerprint",
    "reactions_of",
    "scaled",
    "waves_of",
    "weeks_moved",
    "weeks_to_come",
    "with_assumed_fees",
    "with_letters",
]

__getattr__ = lazily(
    __name__,
    {
        "Applied": "applying",
        "AssumedFees": "fee_rise",
        "Mail": "mail",
        "apply_outside": "applying",
        "assumed_fees": "fee_rise",
        "bent_outlook": "years",
        "both_told": "years",
        "calls_on": "asking_letters",
        "exposures_with_letters": "letters",
        "known_by_now": "letters",
        "BATCHES": "approved",
        "letters_fingerprint": "approved",
        "months_with_letters": "years",
        "moved_applications": "applying_letters",
        "moved_collections": "following_letters",
        "outside_forecasts": "reading",
        "phone_of": "asking_letters",
        "planned_letters": "reading",
        "reactions_fingerprint": "reacting",
        "reactions_of": "reacting",
        "scaled": "years",
        "waves_of": "asking_letters",
        "weeks_moved": "shifting",
        "weeks_to_come": "applying_letters",
        "with_assumed_fees": "fee_rise",
        "with_letters": "letters",
    },
)
