"""What the town allows: limits, leads and aims of a mailing plan."""

import math
from datetime import date
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from forecasting.policy import Policy
from staffing.reminders.batches.policy import MOST_WEEKS, BatchPolicy
from staffing.reminders.effect_policy import EffectPolicy
from staffing.reminders.response import Response

WORKING_DAYS = 5
LEAST_CELL = 5
"""Counts below this could tell of a person: a town may hide more, never fewer."""


class MailingPolicy(Policy):
    """Limits, leads and aims of a mailing plan (`plan` in `config/reminders.toml`).

    Hours above each of the shares `top` of the busiest week's are *at the top*; they are
    added up so that one at the height of that week counts once. At most
    `letters_per_hour` letters are sent for an hour less above capacity, at the top, or
    of staff. Of what letters can
    gain for one aim, the share `give` at most is left where that serves the aims after
    it; a plan that gains fewer hours than `least_hours` is not made. `silent_weeks` are
    ISO week numbers without letters, `silent_dates` days whose week has none.
    `most_unequal_weeks` bounds the mean lead of a district or an age band against that
    of others whose documents expire together; `response_draws` is how many responses
    within the stated ranges a plan is made on. `weekly_quota`, `budget` and
    `price_letter` are of letters on paper; `due` are such letters (week, number) that
    approved batches print already. Counts below `small_cell` are not told. A document gets `letters_per_document` (1 or 2) at
    most, the second `weeks_between_letters` after the first or later.
    """

    channel: str
    weekly_quota: int = Field(ge=0)
    budget: int = Field(ge=0)
    earliest_lead_weeks: int = Field(ge=1)
    appointment_wait_weeks: int = Field(ge=0)
    production_days: int = Field(ge=0)
    margin_weeks: int = Field(ge=0)
    letters_per_document: int = Field(default=1, ge=1, le=2)
    weeks_between_letters: int = Field(default=8, ge=1, le=MOST_WEEKS)
    held_out: float = Field(default=0.10, ge=0, lt=1)
    minimum_cohort: int = Field(default=20, ge=1)
    small_cell: int = LEAST_CELL
    price_letter: float = Field(ge=0)
    top: tuple[float, ...] = (0.9, 0.95, 1.0, 1.05, 1.1)
    letters_per_hour: float = Field(default=100.0, ge=0.001, le=1_000_000)
    give: float = Field(default=0.01, ge=0, lt=1)
    least_hours: float = Field(default=1.0, ge=0)
    most_unequal_weeks: float = Field(default=0.25, gt=0)
    response_draws: int = Field(default=8, ge=1, le=50)
    silent_weeks: tuple[Annotated[int, Field(ge=1, le=53)], ...] = ()
    silent_dates: tuple[date, ...] = ()
    due: tuple[tuple[date, int], ...] = ()

    @property
    def latest_lead_weeks(self) -> int:
        """Whole weeks before expiry in which the last letter goes.

        Appointment wait + production (in working days) + margin, and at least one.
        """
        production = math.ceil(self.production_days / WORKING_DAYS)
        return max(1, self.appointment_wait_weeks + production + self.margin_weeks)

    @field_validator("small_cell")
    @classmethod
    def _check_small_cell(cls, few: int) -> int:
        if few < LEAST_CELL:
            raise ValueError(
                f"expected {LEAST_CELL} or more: smaller counts could tell of a person"
            )
        return few

    @model_validator(mode="after")
    def _check_leads(self) -> "MailingPolicy":
        if self.earliest_lead_weeks < self.latest_lead_weeks:
            raise ValueError(
                f"earliest_lead_weeks ({self.earliest_lead_weeks}) must be at least "
                f"wait + production + margin ({self.latest_lead_weeks} weeks)"
            )
        return self

    @model_validator(mode="after")
    def _check_aims(self) -> "MailingPolicy":
        low = min(self.top, default=0)
        if not 0 < low <= 1 or len(set(self.top)) < len(self.top):
            raise ValueError(
                "top must be shares above 0 of the busiest week, each once"
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

    @model_validator(mode="after")
    def _check_second_letters(self) -> "ReminderSettings":
        twice = self.plan.letters_per_document > 1
        if twice and self.plan.weeks_between_letters < self.effect.week:
            raise ValueError(
                "plan.weeks_between_letters must be effect.week or more: what a first "
                "letter did is judged before the second"
            )
        return self
