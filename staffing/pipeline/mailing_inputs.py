"""What a mailing plan is made of, as stored: stock, load, response and policy."""

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from forecasting.errors import MissingStepError
from forecasting.outside import BATCHES, letters_fingerprint
from forecasting.records import RunRecord
from forecasting.tables import Expiries
from forecasting.workspace import Workspace
from staffing.pipeline.already_mailed import after_batches, without_batches
from staffing.pipeline.counter_load import CounterLoad, counter_load, forecast_of
from staffing.pipeline.online_history import shares_online, timing_with_online
from staffing.pipeline.response_inputs import Known, reminder_settings, response_known
from staffing.pipeline.second_letters import may_be_mailed_again
from staffing.reminders.choices import Choices
from staffing.reminders.online import at_the_counter
from staffing.reminders.policy import MailingPolicy
from staffing.reminders.response import Response


@dataclass(frozen=True)
class MailingInputs:
    """The stock that letters can go to, and all else that a plan reads.

    `stock` holds those never written to (`unwritten`) and those that may be written to
    `again`. Of all `documents`, `expired` did so before the plan begins; `in_batches` are
    written to or held out already; `load_knows_them` unless the forecast was made
    of other batches than those that stand now. `response` asks of the counter what an average renewal
    does, `renewing` what one there does; `online` is the share of renewals online by
    service. `runs` name what it rests on.
    """

    stock: pl.DataFrame
    unwritten: pl.DataFrame
    again: pl.DataFrame
    load: CounterLoad
    response: Known
    renewing: Response
    online: dict[str, float]
    policy: MailingPolicy
    as_of: date
    documents: int
    expired: int
    in_batches: int
    load_knows_them: bool
    runs: tuple[str, ...]


def mailing_inputs(
    workspace: Workspace, *, weeks: int, seed: int, choices: Choices
) -> MailingInputs:
    """Of the newest stock and requirement, less what approved batches hold.

    Raises:
        MissingStepError: no stock of expiries, no requirement or no counter load.
        InputError: what was chosen cannot be.
    """
    settings = reminder_settings(workspace)
    policy = choices.applied(settings.plan, settings.response.channel)
    known, owners = _stock(workspace)
    as_of: date = known.item(0, "as_of")
    requirement = workspace.latest("requirement")
    load = counter_load(workspace, requirement, as_of, weeks=weeks, seed=seed)
    first: date = load.hours.item(0, "week")
    due = known.filter(pl.col("expiry_week") >= first)
    unwritten, mailed = without_batches(workspace, due)
    forecast = forecast_of(workspace, requirement)
    known_response = response_known(workspace, forecast)
    renewing = known_response.response
    online = shares_online(workspace, forecast, renewing.document)
    response = replace(
        known_response, response=_at_the_counter(workspace, renewing, online)
    )
    again = may_be_mailed_again(workspace, due, policy, response.response, first)
    stock = unwritten.with_columns(pl.col("count") + again["again"])
    documents = int(known["count"].sum())
    return MailingInputs(
        stock=stock,
        unwritten=unwritten,
        again=again,
        load=load,
        response=response,
        renewing=renewing,
        online=online,
        policy=after_batches(workspace, policy, response.response, first),
        as_of=as_of,
        documents=documents,
        expired=documents - int(due["count"].sum()),
        in_batches=int(due["count"].sum()) - int(stock["count"].sum()),
        load_knows_them=_knows_batches(workspace, forecast),
        runs=(requirement.id, *owners, *response.runs, *mailed),
    )


def _knows_batches(workspace: Workspace, forecast: RunRecord) -> bool:
    """Whether a forecast moved visits by the very letters that are approved now."""
    known = {name for name in forecast.inputs if name.startswith(BATCHES)}
    return known == set(letters_fingerprint(workspace))


def _at_the_counter(
    workspace: Workspace, renewing: Response, online: dict[str, float]
) -> Response:
    """What an average renewal asks, of services whose timing counts renewals online."""
    counting = timing_with_online(workspace, renewing)
    services = {one.service for one in renewing.timing if one.source in counting}
    shares = {name: share for name, share in online.items() if name in services}
    return at_the_counter(renewing, shares)


def _stock(workspace: Workspace) -> tuple[pl.DataFrame, list[str]]:
    """Outstanding documents on the newest `as_of`, and the imports they come from."""
    if not workspace.has_imported("expiries"):
        raise MissingStepError(
            "Expected imported expiries (documents by week of expiry), found none. "
            "Import the registry's selection first: piekwijzer import FILE --source NAME."
        )
    outstanding = workspace.imported("expiries").filter(
        pl.col("basis") == "outstanding"
    )
    newest = outstanding.select(pl.col("as_of").max()).collect().item()
    if newest is None:
        raise MissingStepError(
            "Expected imported expiries with basis 'outstanding', found none. "
            "Export documents not yet renewed by week of expiry, and import that file."
        )
    rows = outstanding.filter(pl.col("as_of") == newest).select(Expiries.column_names())
    frame = rows.collect().unique(
        Expiries.primary_key(), keep="last", maintain_order=True
    )
    return frame, workspace.holders("expiries")
