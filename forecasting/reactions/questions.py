"""The phone questions that a letter, or a message in another channel, causes."""

import numpy as np
import numpy.typing as npt
from pydantic import Field, field_validator

from forecasting.policy import Policy
from forecasting.reactions.assumption import Share


class Questions(Policy):
    """Who phones about a message, and how soon.

    `share` is the part of those addressed who phone because of it; `days` are proportions
    by days on which the phone is open, from the Monday of the mailing week on.
    """

    share: Share
    days: tuple[float, ...] = Field(min_length=1)

    @field_validator("days")
    @classmethod
    def _check_days(cls, days: tuple[float, ...]) -> tuple[float, ...]:
        if min(days) < 0 or sum(days) <= 0:
            raise ValueError("days holds proportions of 0 or more, not all 0")
        return days

    def by_day(self) -> npt.NDArray[np.float64]:
        """Calls per message addressed, by open days; adds up to the share."""
        days = np.array(self.days, dtype=np.float64)
        return np.asarray(self.share.value * days / days.sum())
