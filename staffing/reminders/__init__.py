"""Which letters go out when.

    from staffing.reminders import plan
    plan(expiries, demand, capacity, response, policy, seed=0) -> MailingPlan

Names are loaded on first use, so that the command line starts without the solver.
"""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from staffing.reminders.effect import effects as effects
    from staffing.reminders.effect_learning import measure_response as measure_response
    from staffing.reminders.estimating import Estimate as Estimate
    from staffing.reminders.estimating import estimate_timing as estimate_timing
    from staffing.reminders.mailing import MailingPlan as MailingPlan
    from staffing.reminders.mailing import Tally as Tally
    from staffing.reminders.outcomes import watch as watch
    from staffing.reminders.planning import plan as plan
    from staffing.reminders.policy import MailingPolicy as MailingPolicy
    from staffing.reminders.policy import ReminderSettings as ReminderSettings
    from staffing.reminders.response import Response as Response
    from staffing.reminders.showing import mailing_table as mailing_table

__getattr__ = lazily(
    __name__,
    {
        "effects": "effect",
        "measure_response": "effect_learning",
        "Estimate": "estimating",
        "estimate_timing": "estimating",
        "MailingPlan": "mailing",
        "Tally": "mailing",
        "watch": "outcomes",
        "plan": "planning",
        "MailingPolicy": "policy",
        "ReminderSettings": "policy",
        "Response": "response",
        "mailing_table": "showing",
    },
)
