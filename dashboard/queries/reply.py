"""How residents are thought to renew and react: each number with range and source."""

from dataclasses import dataclass

from forecasting.reactions.assumption import Assumption
from forecasting.workspace import Workspace
from staffing.pipeline.counter_load import forecast_of
from staffing.pipeline.response_inputs import reminder_settings, response_known
from staffing.reminders.response import Response
from staffing.reminders.timing import first_of

ACTS, HALF_LIFE, RENEWS = "acts", "half_life_weeks", "renews"


@dataclass(frozen=True)
class Taken:
    """A number the plan goes by, of a channel or service, and what was assumed of it.

    `band` is the age band, where these were told apart.
    """

    what: str
    of: str
    taken: Assumption
    assumed: Assumption | None
    band: str = ""

    @property
    def is_measured(self) -> bool:
        """Whether a measurement took the place of the assumption."""
        return self.assumed is not None and self.assumed != self.taken


def taken(workspace: Workspace) -> list[Taken]:
    """What the next plan would go by: reaction per channel, renewing per service."""
    requirement = workspace.ledger.latest("requirement", {})
    forecast = None if requirement is None else forecast_of(workspace, requirement)
    assumed = reminder_settings(workspace).response
    known = response_known(workspace, forecast).response
    return [*_reactions(assumed, known), *_renewals(assumed, known)]


def _reactions(assumed: Response, known: Response) -> list[Taken]:
    found = []
    for name, channel in known.channel.items():
        before = assumed.channel.get(name)
        for what in (ACTS, HALF_LIFE):
            old = getattr(before, what, None)
            found.append(Taken(what, name, getattr(channel, what), old))
    return found


def _renewals(assumed: Response, known: Response) -> list[Taken]:
    """Per service, and per age band where these were told apart."""
    found = []
    for one in known.timing:
        band = ", ".join(one.age_bands)
        old = first_of(assumed.timing, one.service, band)
        before = None if old is None else old.renews
        found.append(Taken(RENEWS, one.service, one.renews, before, band))
    return found
