"""What a planner may choose for one plan, instead of what the policy says."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from pydantic import Field

from forecasting.errors import InputError
from forecasting.policy import Policy
from staffing.reminders.policy import MailingPolicy

READ: dict[str, Callable[[str], Any]] = {
    "budget": int,
    "earliest_lead_weeks": int,
    "channel": str,
    "letters_per_hour": float,
}
"""How each choice is read from the parameters of a run."""


class Choices(Policy):
    """Budget, earliest lead, channel and worth of a letter; None: as the policy says."""

    budget: int | None = Field(default=None, ge=0)
    earliest_lead_weeks: int | None = Field(default=None, ge=1)
    channel: str | None = None
    letters_per_hour: float | None = Field(default=None, ge=0.001, le=1_000_000)

    def told(self) -> dict[str, str]:
        """What was chosen, for the parameters of a run."""
        chosen = self.model_dump(exclude_none=True)
        return {name: f"{value}" for name, value in chosen.items()}

    @classmethod
    def told_by(cls, parameters: Mapping[str, str]) -> "Choices":
        """What a run's parameters tell was chosen: the other way round."""
        return cls(
            **{name: read(parameters[name]) for name, read in READ.items()
               if name in parameters}
        )  # fmt: skip

    def applied(
        self, policy: MailingPolicy, channels: Collection[str]
    ) -> MailingPolicy:
        """The policy as chosen.

        Raises:
            InputError: a channel that is not described, or a lead shorter than the last
                letter needs.
        """
        chosen = self.model_dump(exclude_none=True)
        changed = policy.model_copy(update=chosen)
        if changed.channel not in channels:
            raise InputError(
                f"expected a channel of {', '.join(channels)}, came '{changed.channel}'",
                remedy="Describe it in config/reminders.toml ([response.channel]).",
            )
        if changed.earliest_lead_weeks < changed.latest_lead_weeks:
            raise InputError(
                f"expected an earliest lead of {changed.latest_lead_weeks} weeks or more "
                f"(wait, production and margin), came {changed.earliest_lead_weeks}"
            )
        return changed
