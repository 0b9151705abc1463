"""How a letter, or a message in another channel, is read and acted upon."""

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from forecasting.policy import Policy
from forecasting.reactions.assumption import Assumption, Share
from forecasting.reactions.questions import Questions

FloatArray = npt.NDArray[np.float64]


LAST_WEEK = 260
"""Five years: whatever is read later was not read."""


class Fallback(Policy):
    """Who has not read the message `after_weeks` weeks after it gets one in `channel`."""

    channel: str
    after_weeks: int = Field(ge=1, le=LAST_WEEK)


class Channel(Policy):
    """How a letter, or a message in another channel, is read and acted upon.

    `read` gives (weeks after mailing, share that has read it by then), joined by
    straight lines. `acts` is the share of readers who come because of it when it
    arrives in the week of expiry; every `half_life_weeks` of lead halve that. `delay`
    is the share of them per week from reading to the first appointment they would take.
    Who gets the `fallback` reads that instead. `questions` tells who phones about it.
    What is on `paper` is printed and posted.
    """

    read: tuple[tuple[int, float], ...] = Field(min_length=1)
    acts: Share
    half_life_weeks: Assumption
    delay: tuple[float, ...] = Field(min_length=1)
    fallback: Fallback | None = None
    questions: Questions | None = None
    paper: bool = True
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _check_shares(self) -> "Channel":
        weeks, shares = zip(*self.read, strict=True)
        if list(weeks) != sorted(set(weeks)) or weeks[0] < 1 or weeks[-1] > LAST_WEEK:
            raise ValueError(f"read must be in order of week, from 1 to {LAST_WEEK}")
        if list(shares) != sorted(shares) or shares[0] < 0 or shares[-1] > 1:
            raise ValueError("read must rise, between 0 and 1")
        if min(self.delay) < 0 or abs(sum(self.delay) - 1) > 1e-6:
            raise ValueError("delay must be shares that add up to 1")
        if self.half_life_weeks.low <= 0:
            raise ValueError("half_life_weeks must be above 0")
        return self

    def reads(self) -> FloatArray:
        """Share that reads it in the week of mailing, the week after, and so on."""
        weeks, shares = zip(*self.read, strict=True)
        by = np.interp(range(weeks[-1] + 1), (0, *weeks), (0.0, *shares))
        return np.diff(by)

    def acting(self, lead_weeks: float) -> float:
        """Share of readers who come because of it, `lead_weeks` before expiry."""
        return self.acts.value * float(0.5 ** (lead_weeks / self.half_life_weeks.value))

    def reached(self, until: int | None = None) -> FloatArray:
        """Share by weeks since mailing that has read it and would come then, if acting.

        With `until` only what is read in the first `until` weeks counts.
        """
        return np.convolve(self.reads()[:until], self.delay)
