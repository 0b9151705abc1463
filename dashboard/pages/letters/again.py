"""Making the plan again: as it was asked for, or as the settings say."""

from collections.abc import Mapping

from dashboard.pages.tasks import start_button
from dashboard.pages.view import View
from dashboard.queries import batches, chain
from forecasting.records import RunRecord

PLAN = ("reminders", "plan")
OPTIONS = {
    "budget": "--budget",
    "earliest_lead_weeks": "--earliest-lead",
    "channel": "--channel",
    "letters_per_hour": "--letters-per-hour",
}
"""The option of the command for each choice."""


def plan_command(options: Mapping[str, str]) -> tuple[str, ...]:
    """The command that makes a plan with options."""
    return (*PLAN, *(word for pair in options.items() for word in pair))


def same_command(run: RunRecord) -> tuple[str, ...]:
    """The command that makes a plan as another was asked for, on what is known now."""
    names = OPTIONS | {"weeks": "--weeks"}
    asked = {
        option: run.parameters[name]
        for name, option in names.items()
        if name in run.parameters
    }
    return plan_command(asked | {"--seed": f"{run.seed}"})


def has_own_choices(run: RunRecord) -> bool:
    """Whether a plan was asked for with other choices than those of the settings."""
    return any(name in run.parameters for name in OPTIONS)


def is_behind(view: View, run: RunRecord) -> bool:
    """Whether the requirement or the batches changed since a plan was made."""
    older = chain.is_older(view.workspace, run, "requirement")
    return older or batches.approved_since(view.workspace, run)


def draw_again(view: View, run: RunRecord) -> None:
    """A button for the same choices and, where these are its own, one without them."""
    words = view.words
    start_button(view, words("job.again_reminders"), same_command(run), key="reminders")
    if has_own_choices(run):
        start_button(view, words("again.as_set"), PLAN, key="reminders_as_set")
