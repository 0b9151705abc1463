"""What a mailing plan is made from, and one thing that is otherwise."""

from dataclasses import dataclass, replace

import polars as pl
from pydantic import ValidationError

from forecasting.errors import InputError
from staffing.reminders.mailing import MailingPlan
from staffing.reminders.planning import plan
from staffing.reminders.policy import MailingPolicy
from staffing.reminders.response import Response

AS_PLANNED = "as planned"
KINDS = (AS_PLANNED, "lead", "channel", "budget", "worth", "online", "fees", "outside")


@dataclass(frozen=True)
class PlanInputs:
    """All that `staffing.reminders.plan` takes."""

    expiries: pl.DataFrame
    demand: pl.DataFrame
    capacity: pl.DataFrame
    response: Response
    policy: MailingPolicy
    seed: int = 0

    def planned(self) -> MailingPlan:
        """The plan of these inputs."""
        return plan(
            self.expiries,
            self.demand,
            self.capacity,
            self.response,
            self.policy,
            seed=self.seed,
        )

    def with_policy(self, **changes: object) -> "PlanInputs":
        """The same with another policy.

        Raises:
            InputError: the policy breaks its own rules.
        """
        told = self.policy.model_dump() | changes
        try:
            return replace(self, policy=MailingPolicy.model_validate(told))
        except ValidationError as error:
            raise InputError(
                f"expected a policy that keeps its rules, came {changes}: "
                f"{error.errors()[0]['msg']}"
            ) from error


@dataclass(frozen=True)
class Scenario:
    """One thing that is otherwise: its `kind` (of `KINDS`) and `value`.

    Without `inputs` it cannot be reckoned: `note` tells why; else on what it rests.
    `renews_online` counts documents that left the stock because they need no letter.
    """

    kind: str
    value: str
    inputs: PlanInputs | None
    note: str = ""
    renews_online: int = 0


def as_planned(inputs: PlanInputs) -> Scenario:
    """The plan as it stands."""
    return Scenario(AS_PLANNED, "", inputs)
