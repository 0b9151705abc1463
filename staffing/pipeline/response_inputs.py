"""How residents respond, as far as it was measured here; what was not is assumed."""

from dataclasses import dataclass

import polars as pl

from forecasting.errors import PolicyError
from forecasting.policy import load_policy
from forecasting.reactions.measured import with_measured
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing import store
from staffing.reminders.policy import ReminderSettings
from staffing.reminders.response import Response
from staffing.reminders.timing import Timing, timings_of

EFFECT = "effect"
FROM_STOCK = "stock"
"""Basis of an outlook that rests on an exported stock; one rebuilt from applications
takes its timing from the assumption, and measures none."""


@dataclass(frozen=True)
class Known:
    """The response, and the runs besides the forecast that it rests on."""

    response: Response
    runs: tuple[str, ...] = ()

    def sources(self) -> dict[str, dict[str, str]]:
        """Where timing (per service) and reaction (per channel) come from."""
        timing: dict[str, str] = {}
        for one in self.response.timing:
            timing.setdefault(one.service, one.source)
        channels = self.response.channel.items()
        reaction = {name: how.acts.source for name, how in channels}
        return {"timing": timing, "reaction": reaction}


def reminder_settings(workspace: Workspace) -> ReminderSettings:
    """The town's settings of reminders.

    Raises:
        PolicyError: they cannot be read, or name a service that the catalogue has not.
    """
    file = workspace.settings.config / "reminders.toml"
    settings = load_policy(file, ReminderSettings)
    known = {service.id for service in store.catalogue(workspace).service}
    response = settings.response
    named = {one.service for one in response.timing} | {response.questions_to} - {""}
    if named - known:
        raise PolicyError(
            f"{file}: expected services of config/catalogue.toml, came "
            f"'{min(named - known):.40}'. Mend it there, or add the service."
        )
    return settings


def response_before(workspace: Workspace, forecast: RunRecord | None) -> Response:
    """The response without what letters taught: timing as the forecast measured it."""
    assumed = reminder_settings(workspace).response
    documents = assumed.with_documents(store.catalogue(workspace))
    return documents.with_timing(_measured_timing(workspace, forecast))


def response_known(workspace: Workspace, forecast: RunRecord | None) -> Known:
    """The response with all that was measured, for the plan of a forecast."""
    before = response_before(workspace, forecast)
    run = workspace.ledger.latest(EFFECT, {})
    if run is None:
        return Known(before)
    measured = workspace.table(run, "measured_response").collect()
    return Known(with_measured(before, measured), (run.id,))


def _measured_timing(
    workspace: Workspace, forecast: RunRecord | None
) -> tuple[Timing, ...]:
    """The timing that a forecast stored, of services whose stock was exported."""
    if forecast is None:
        return ()
    timing = workspace.lake.scan("renewal_timing", forecast.id)
    outlook = workspace.lake.scan("outlook", forecast.id)
    if timing is None or outlook is None:
        return ()
    stocked = outlook.filter(pl.col("basis") == FROM_STOCK).select(
        service=pl.col("series")
    )
    rows = timing.join(stocked.unique(), on="service", how="semi").collect()
    source = f"measured: by {forecast.id} from applications and stocks"
    return timings_of(rows, source)
