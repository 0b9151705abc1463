"""A quick reckoning of the plan that other choices would give."""

from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.pipeline.mailing_inputs import MailingInputs, mailing_inputs
from staffing.pipeline.response_inputs import reminder_settings
from staffing.reminders.batches.stored import standing_batches
from staffing.reminders.choices import Choices
from staffing.reminders.policy import MailingPolicy
from staffing.reminders.quick import Reckoned, reckon_quickly

WEEKS = 52
"""Weeks of a plan for which nobody asked others."""


def in_force(workspace: Workspace, run: RunRecord) -> MailingPolicy:
    """The policy that a plan was made with: that of the settings, as was chosen."""
    settings = reminder_settings(workspace)
    choices = Choices.told_by(run.parameters)
    return choices.applied(settings.plan, settings.response.channel)


def channels(workspace: Workspace) -> list[str]:
    """The channels that the settings describe."""
    return list(reminder_settings(workspace).response.channel)


def mailed_state(workspace: Workspace) -> tuple[str, ...]:
    """What approved batches there are: a new plan leaves out what they hold."""
    return tuple(batch.name for batch in standing_batches(workspace))


def weeks_of(run: RunRecord) -> int:
    """The weeks ahead that a plan was asked for."""
    return int(run.parameters.get("weeks", WEEKS))


def inputs(workspace: Workspace, run: RunRecord, weeks: int) -> MailingInputs:
    """What a plan over so many weeks would be made of now, with the seed of a plan."""
    return mailing_inputs(workspace, weeks=weeks, seed=run.seed, choices=Choices())


def answer(given: MailingInputs, policy: MailingPolicy, seed: int) -> Reckoned:
    """About what the plan of a policy would gain."""
    load, response = given.load, given.response.response
    return reckon_quickly(
        given.stock, load.hours, load.capacity, response, policy, seed=seed
    )
