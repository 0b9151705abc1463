"""Documents that expire: who renews, loses or first gets one, week by week for ten years."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from forecasting.models.expiry.decade import outlook
    from forecasting.models.expiry.estimation import Estimate, estimate_timing
    from forecasting.models.expiry.exposing import exposures
    from forecasting.models.expiry.origin_months import issued
    from forecasting.models.expiry.reporting import renewal_timing
    from forecasting.models.expiry.standing import Standing, standings

__all__ = [
    "Estimate",
    "Standing",
    "estimate_timing",
    "exposures",
    "issued",
    "outlook",
    "renewal_timing",
    "standings",
]

__getattr__ = lazily(
    __name__,
    {
        "Estimate": "estimation",
        "estimate_timing": "estimation",
        "exposures": "exposing",
        "issued": "origin_months",
        "outlook": "decade",
        "renewal_timing": "reporting",
        "Standing": "standing",
        "standings": "standing",
    },
)
