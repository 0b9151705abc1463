"""Measured effects: elections, fee changes and channels, each with a 90% interval."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from forecasting.models.effects.channels import channel_effects
    from forecasting.models.effects.elections import election_effects
    from forecasting.models.effects.fees import fee_effects
    from forecasting.models.effects.measuring import effects_of
    from forecasting.models.effects.planned import fee_adjustment

__all__ = [
    "channel_effects",
    "effects_of",
    "election_effects",
    "fee_adjustment",
    "fee_effects",
]

__getattr__ = lazily(
    __name__,
    {
        "channel_effects": "channels",
        "effects_of": "measuring",
        "election_effects": "elections",
        "fee_adjustment": "planned",
        "fee_effects": "fees",
    },
)
