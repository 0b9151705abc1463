"""What the town allows and pays: limits, leads and prices of a mailing plan."""

import math

from pydantic import Field, model_validator

from forecasting.policy import Policy
from staffing.reminders.batches.policy import BatchPolicy
from staffing.reminders.effect_policy import EffectPolicy
from staffing.reminders.response import Response

WORKING_DAYS = 5


class LoadStep(Policy):
    """What an hour of counter load costs beyond a share of the capacity, in euros.

    Prices of the steps below a load add up: an hour far above capacity costs more.
    """

    above: float = Field(ge=0)
    price: float = Field(ge=0)


class MailingPolicy(Policy):
    """Limits, leads and prices of a mailing plan (`plan` in `config/reminders.toml`).

    `price_peak_hour` is the price of each hour of the busiest week, the week to which
    the counter has to be staffed. `silent_weeks` are ISO week numbers without letters.
    """

    channel: str
    weekly_quota: int = Field(ge=0)
    budget: int = Field(ge=0)
    earliest_lead_weeks: int = Field(ge=1)
    appointment_wait_weeks: int = Field(ge=0)
    production_days: int = Field(ge=0)
    margin_weeks: int = Field(ge=0)
    held_out: float = Field(default=0.10, ge=0, lt=1)
    minimum_cohort: int = Field(default=20, ge=1)
    small_cell: int = Field(default=5, ge=1)
    price_letter: float = Field(ge=0)
    price_peak_hour: float = Field(ge=0)
    load_step: tuple[LoadStep, ...]
    silent_weeks: tuple[int, ...] = ()

    @property
    def latest_lead_weeks(self) -> int:
        """Whole weeks before expiry in which the last letter goes.

        Appointment wait + production (in working days) + margin, and at least one.
        """
        production = math.ceil(self.production_days / WORKING_DAYS)
        return max(1, self.appointment_wait_weeks + production + self.margin_weeks)

    @model_validator(mode="after")
    def _check_leads(self) -> "MailingPolicy":
        if self.earliest_lead_weeks < self.latest_lead_weeks:
            raise ValueError(
                f"earliest_lead_weeks ({self.earliest_lead_weeks}) must be at least "
                f"wait + production + margin ({self.latest_lead_weeks} weeks)"
            )
        return self


class ReminderSettings(Policy):
    """The whole of `config/reminders.toml`."""

    plan: MailingPolicy
    effect: EffectPolicy
    response: Response
    batch: BatchPolicy

    @model_validator(mode="after")
    def _check_channel(self) -> "ReminderSettings":
        if self.plan.channel not in self.response.channel:
            raise ValueError(f"plan.channel '{self.plan.channel}' is not described")
        return self
