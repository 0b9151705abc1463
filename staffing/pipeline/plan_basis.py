"""What the scenarios of a mailing plan start from: its inputs, and the runs behind them."""

from dataclasses import dataclass
from datetime import date

from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.pipeline.counter_load import forecast_of
from staffing.pipeline.mailing_inputs import mailing_inputs
from staffing.reminders.choices import Choices
from staffing.reminders.response import Response
from staffing.reminders.scenarios import PlanInputs


@dataclass(frozen=True)
class PlanBasis:
    """The inputs of the plan as it stands, and the requirement and forecast behind it.

    `renewing` is the response where every renewal is a visit, and `online` the share by
    service that is none. `runs` are all runs and imports that the plan rests on, `as_of`
    is of its stock.
    """

    inputs: PlanInputs
    renewing: Response
    online: dict[str, float]
    requirement: RunRecord
    forecast: RunRecord
    runs: tuple[str, ...]
    as_of: date


def plan_basis(workspace: Workspace, *, weeks: int, seed: int) -> PlanBasis:
    """All that a plan of the first full weeks after the history reads.

    Raises:
        MissingStepError: no stock of expiries, no requirement or no counter load.
    """
    given = mailing_inputs(workspace, weeks=weeks, seed=seed, choices=Choices())
    requirement = workspace.latest("requirement")
    inputs = PlanInputs(
        given.stock,
        given.load.hours,
        given.load.capacity,
        given.response.response,
        given.policy,
        seed,
    )
    forecast = forecast_of(workspace, requirement)
    return PlanBasis(
        inputs,
        given.renewing,
        given.online,
        requirement,
        forecast,
        given.runs,
        given.as_of,
    )
