"""The channels in which a town writes, and who comes because of a message in one."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, model_validator

from forecasting.policy import Policy
from forecasting.reactions.channel import Channel, Fallback

FloatArray = npt.NDArray[np.float64]


class Channels(Policy):
    """How residents react to messages, by channel.

    Questions about a message go to the phone of its service; where that has none, to the
    one of the service `questions_to`.
    """

    channel: dict[str, Channel]
    questions_to: str = ""

    @model_validator(mode="after")
    def _check_fallbacks(self) -> Self:
        for name, how in self.channel.items():
            if how.fallback is None:
                continue
            after = self.channel.get(how.fallback.channel)
            if after is None or after.fallback is not None:
                raise ValueError(
                    f"the fallback of '{name}' must be a channel without a fallback, "
                    f"came '{how.fallback.channel}'"
                )
        return self

    def arrivals(self, channel: str, lead_weeks: int, wait_weeks: int) -> FloatArray:
        """Share of all addressed who come because of it, by weeks since mailing.

        `lead_weeks` lie between mailing and expiry; nobody gets an appointment within
        `wait_weeks` of reading. Who gets a second message instead is counted in.
        """
        own, late = self.reached(channel, lead_weeks)
        visits = self.channel[channel].acting(lead_weeks) * own
        fallback = self._fallback(channel, lead_weeks)
        if fallback is not None:
            left = lead_weeks - fallback.after_weeks
            again = self.channel[fallback.channel].acting(left) * late
            both = zip_longest(visits, again, fillvalue=0.0)
            visits = np.array([sum(pair) for pair in both])
        return np.concatenate([np.zeros(wait_weeks), visits])

    def reached(self, channel: str, lead_weeks: int) -> tuple[FloatArray, FloatArray]:
        """Share of all addressed who have read, and would come if they act, by week.

        Of the message itself, and of the one that follows where it was not read.
        """
        fallback = self._fallback(channel, lead_weeks)
        if fallback is None:
            return self.channel[channel].reached(), np.zeros(0)
        own = self.channel[channel].reached(fallback.after_weeks)
        share = self.second_share(channel, lead_weeks)
        later = share * self.channel[fallback.channel].reached()
        return own, np.concatenate([np.zeros(fallback.after_weeks), later])

    def second_share(self, channel: str, lead_weeks: int) -> float:
        """Share of all addressed who get a second message, for they did not read it."""
        fallback = self._fallback(channel, lead_weeks)
        if fallback is None:
            return 0.0
        read = self.channel[channel].reads()[: fallback.after_weeks].sum()
        return 1.0 - float(read)

    def calls(self, channel: str, lead_weeks: int) -> dict[int, FloatArray]:
        """Calls per message addressed, by open days of the phone.

        Keyed by the weeks from mailing to the Monday that the days count from: those of
        the message itself, and of the second one where it was not read.
        """
        found: dict[int, FloatArray] = {}
        own = self.channel[channel].questions
        if own is not None:
            found[0] = own.by_day()
        fallback = self._fallback(channel, lead_weeks)
        if fallback is None:
            return found
        later = self.channel[fallback.channel].questions
        if later is not None:
            share = self.second_share(channel, lead_weeks)
            found[fallback.after_weeks] = share * later.by_day()
        return found

    def _fallback(self, channel: str, lead_weeks: int) -> Fallback | None:
        """The second message, where it would still go out before expiry."""
        fallback = self.channel[channel].fallback
        inside = fallback is not None and fallback.after_weeks < lead_weeks
        return fallback if inside else None

    def with_channels(self, measured: Mapping[str, Channel]) -> Self:
        """The same, with channels as results have narrowed them."""
        return self.model_copy(update={"channel": {**self.channel, **measured}})


class _Sending(BaseModel):
    """What of the plan's settings decides when residents can come."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    channel: str
    appointment_wait_weeks: int = Field(ge=0)


class _Reacting(Channels):
    """The channels; how residents renew by themselves is read elsewhere."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Reactions(BaseModel):
    """What a forecast reads of `config/reminders.toml`: reactions, and the wait.

    The one statement of what is assumed: the mailing plan reads the same lines.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    plan: _Sending
    response: _Reacting

    @model_validator(mode="after")
    def _check_channel(self) -> Self:
        if self.plan.channel not in self.response.channel:
            raise ValueError(f"plan.channel '{self.plan.channel}' is not described")
        return self

    def named(self, channel: str | None) -> str:
        """The channel, or that of the plan where none is told or it is not described."""
        known = channel is not None and channel in self.response.channel
        return str(channel) if known else self.plan.channel

    def arrivals(self, channel: str | None, lead_weeks: int) -> FloatArray:
        """Share of all addressed who come because of it, by weeks since mailing."""
        wait = self.plan.appointment_wait_weeks
        return self.response.arrivals(self.named(channel), lead_weeks, wait)

    def calls(self, channel: str | None, lead_weeks: int) -> dict[int, FloatArray]:
        """Calls per message addressed, as `Channels.calls` tells them."""
        return self.response.calls(self.named(channel), lead_weeks)
