"""The step `agenda`: from a stored forecast to places, days with waits, and people."""

from datetime import date, datetime

from forecasting.errors import InputError
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing import store
from staffing.agenda import AgendaPolicy, open_agenda
from staffing.agenda.headlines import headlines
from staffing.pipeline.agenda_inputs import AgendaInputs
from staffing.pipeline.agenda_supply import supply_of


def run_agenda(
    workspace: Workspace, *, now: datetime, weeks: int = 8, seed: int = 0
) -> RunRecord:
    """Open the agenda from the day after the history on, and store it.

    Stores `agenda`, `agenda_days` and `agenda_staff`; the figures name each promise that
    cannot be kept, since when and by which limit.

    Raises:
        MissingStepError: no forecast or requirement was made yet.
        InputError: nothing is asked for by appointment, or a limit names no known place.
        PolicyError: agenda.toml names a service that the catalogue lacks.
    """
    given = AgendaInputs(workspace, store.forecast_run(workspace), weeks, seed)
    _check(given)
    opened = open_agenda(
        given.products,
        given.demand,
        supply_of(given),
        first=given.first,
        weeks=weeks,
        policy=given.policy,
        seed=seed,
    )
    imports = sorted({*store.supply_imports(workspace), *given.booking_imports})
    inputs = [given.forecast_run.id, given.requirement_run.id, *imports]
    inputs += [run.id for run in given.rosters]
    key = workspace.key("agenda", inputs, {"weeks": str(weeks)}, seed)
    tables = {
        "agenda": opened.agenda,
        "agenda_days": opened.days,
        "agenda_staff": opened.staff,
    }
    figures = headlines(opened, first=given.first, weeks=weeks)
    unknown = {"not_opened": given.not_opened, "policy": _told(given.policy)}
    return workspace.store(key, tables, {**figures, **unknown}, now=now)


def _told(policy: AgendaPolicy) -> dict[str, object]:
    return {"within_days": policy.within_days, "share": policy.share}


def _check(inputs: AgendaInputs) -> None:
    """Refuse a limit of a place that nobody knows, and an agenda beyond the forecast."""
    known = store.calendar(inputs.workspace).locations
    for place in sorted(set(store.limits(inputs.workspace)["location"]) - known):
        raise InputError(
            f"limits: unknown location '{place}'; known: {', '.join(sorted(known))}",
            remedy="Mend the sheet of limits and import the template again.",
        )
    end = inputs.forecast["start"].max()
    if isinstance(end, date) and end < inputs.last:
        raise InputError(
            f"expected a forecast up to {inputs.last}, came one up to {end}",
            remedy="Open fewer weeks (--weeks), or forecast further ahead.",
        )
