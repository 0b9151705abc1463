"""Prove a roster: simulate its week with all that may come between plan and outcome."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from staffing.proving.floors import Floor, lay_floors
    from staffing.proving.telling import tell
    from staffing.proving.weeks import Week, live_week

__all__ = ["Floor", "Week", "lay_floors", "live_week", "tell"]

__getattr__ = lazily(
    __name__,
    {
        "Floor": "floors",
        "Week": "weeks",
        "lay_floors": "floors",
        "live_week": "weeks",
        "tell": "telling",
    },
)
