"""What the mailing plan would be if one thing were otherwise."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from staffing.reminders.scenarios.inputs import PlanInputs, Scenario, as_planned
    from staffing.reminders.scenarios.moved_load import moved_capacity, moved_demand
    from staffing.reminders.scenarios.online_renewals import online
    from staffing.reminders.scenarios.policies import (
        budget,
        channel,
        lead,
        of_policy,
        worth,
    )
    from staffing.reminders.scenarios.reckoning import mailing_scenarios, reckoned
    from staffing.reminders.scenarios.tables import MailingScenarios

__all__ = [
    "MailingScenarios",
    "PlanInputs",
    "Scenario",
    "as_planned",
    "budget",
    "channel",
    "lead",
    "mailing_scenarios",
    "moved_capacity",
    "moved_demand",
    "of_policy",
    "online",
    "reckoned",
    "worth",
]

__getattr__ = lazily(
    __name__,
    {
        "MailingScenarios": "tables",
        "PlanInputs": "inputs",
        "Scenario": "inputs",
        "as_planned": "inputs",
        "budget": "policies",
        "channel": "policies",
        "lead": "policies",
        "mailing_scenarios": "reckoning",
        "moved_capacity": "moved_load",
        "moved_demand": "moved_load",
        "of_policy": "policies",
        "online": "online_renewals",
        "reckoned": "reckoning",
        "worth": "policies",
    },
)
