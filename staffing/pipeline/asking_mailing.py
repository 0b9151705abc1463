"""The step `reminders what-if`: the mailing plan again, with one thing otherwise."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import partial

from forecasting.records import RunRecord
from forecasting.workers import Progress, side_by_side
from forecasting.workspace import Workspace
from staffing.pipeline.online_history import timing_with_online
from staffing.pipeline.other_forecasts import OtherForecasts
from staffing.pipeline.plan_basis import PlanBasis, plan_basis
from staffing.reminders.scenarios import (
    Scenario,
    as_planned,
    budget,
    channel,
    lead,
    mailing_scenarios,
    of_policy,
    online,
    worth,
)

KIND = "reminders_what_if"
TABLE = "mailing_scenarios"


@dataclass(frozen=True)
class Asked:
    """Which scenarios are asked for; all that the data allow, where none is."""

    leads: tuple[int, ...] = ()
    channels: tuple[str, ...] = ()
    budgets: tuple[int, ...] = ()
    worths: tuple[float, ...] = ()
    online: bool = False
    fees: bool = False
    outside: bool = False

    @property
    def everything(self) -> bool:
        """Whether nothing was chosen."""
        return not any(getattr(self, one.name) for one in fields(self))

    def parameters(self) -> dict[str, str]:
        """What was chosen, as parameters of a run."""
        told = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: str(value) for name, value in told.items() if value}


def run_mailing_what_if(
    workspace: Workspace,
    asked: Asked | None = None,
    *,
    now: datetime,
    seed: int = 0,
    weeks: int = 52,
    progress: Progress | None = None,
) -> RunRecord:
    """Make the plan again for each scenario, and store them as `mailing_scenarios`.

    The first is the plan as it stands, by the newest requirement and stock.

    Raises:
        MissingStepError: no stock of expiries, no requirement or no counter load.
        InputError: a lead, channel, budget or worth that cannot be was asked for.
    """
    wanted = asked or Asked()
    basis = plan_basis(workspace, weeks=weeks, seed=seed)
    scenarios = scenarios_of(workspace, basis, wanted)
    shared = partial(side_by_side, settings=workspace.settings, progress=progress)
    table = mailing_scenarios(scenarios, shared)
    imports = workspace.holders("outside_forecasts")
    parameters = {"weeks": str(weeks), **wanted.parameters()}
    key = workspace.key(KIND, [*basis.runs, *imports], parameters, seed)
    reckoned = table["verdict"].is_not_null()
    figures = {
        "scenarios": int(reckoned.sum()),
        "not_reckoned": int((~reckoned).sum()),
        "letters_planned": table["letters"][0],
        "as_of": basis.as_of.isoformat(),
    }
    return workspace.store(key, {TABLE: table}, figures, now=now)


def scenarios_of(
    workspace: Workspace, basis: PlanBasis, asked: Asked
) -> list[Scenario]:
    """The plan as it stands, then the scenarios that are asked for."""
    inputs, every = basis.inputs, asked.everything
    others = OtherForecasts(workspace, basis)
    found = [as_planned(inputs)]
    found += of_policy(inputs) if every else []
    found += [lead(inputs, weeks) for weeks in dict.fromkeys(asked.leads)]
    found += [channel(inputs, name) for name in dict.fromkeys(asked.channels)]
    spent = sum(number for _, number in inputs.policy.due)
    found += [budget(inputs, n, spent=spent) for n in dict.fromkeys(asked.budgets)]
    found += [worth(inputs, letters) for letters in dict.fromkeys(asked.worths)]
    found += _online(workspace, basis) if every or asked.online else []
    found += [others.fees()] if every or asked.fees else []
    found += [others.outside()] if every or asked.outside else []
    return found


def _online(workspace: Workspace, basis: PlanBasis) -> list[Scenario]:
    every_renewal_a_visit = replace(basis.inputs, response=basis.renewing)
    counting = timing_with_online(workspace, basis.renewing)
    return online(every_renewal_a_visit, basis.online, counting)
