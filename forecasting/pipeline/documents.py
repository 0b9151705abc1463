"""The documents of a town: what expiring ones call for, with letters, and for how long."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

import dataframely as dy
import polars as pl

from forecasting.insight_tables import Issued, Outlook, RenewalTiming
from forecasting.models.expiry import issued, outlook, renewal_timing, standings
from forecasting.models.expiry.applications import service_of
from forecasting.models.expiry.judging import Refused
from forecasting.models.expiry.periods import by_week
from forecasting.models.expiry.standing import Standing, expiring, refused
from forecasting.outside import (
    Mail,
    exposures_with_letters,
    known_by_now,
    planned_letters,
    reactions_of,
)
from forecasting.pipeline.fees import fees_to_come
from forecasting.pipeline.town import Town
from forecasting.pipeline.unlettered import tasks_of_history, unlettered
from forecasting.rolling.attempts import Attempts
from forecasting.rolling.documents import Documents
from forecasting.rolling.tasks import Task
from forecasting.series.exposure import Exposure
from forecasting.workspace import Workspace

EXPIRIES, LETTERS = "expiries", "letters"


@dataclass(frozen=True)
class Papers:
    """What is known of the documents behind a town's series.

    `timing` is a `RenewalTiming`; `exposures` are those of each series in order of when
    they were known, with the letters that went out by then; `mail` are the letters, None
    where there are none. `attempts` names the services of which the documents could not
    be reckoned, and why; `refused` are the stocks that are not used.
    """

    found: Mapping[str, Standing]
    timing: pl.DataFrame
    exposures: Mapping[str, tuple[Exposure, ...]] = field(default_factory=dict)
    mail: Mail | None = None
    attempts: Attempts = field(default_factory=Attempts)
    refused: tuple[Refused, ...] = ()

    def behind(self, tasks: Sequence[Task]) -> list[Task]:
        """The tasks with the exposures of their series."""
        none: tuple[Exposure, ...] = ()
        return [
            replace(
                task,
                beside=replace(
                    task.beside, exposures=self.exposures.get(task.series.name, none)
                ),
            )
            for task in tasks
        ]

    def tables(
        self, town: Town, effects: pl.DataFrame, seed: int
    ) -> Mapping[str, pl.DataFrame]:
        """The tables `outlook`, `issued` and `renewal_timing`.

        `effects` are those measured: they say what a fee to come will do.
        """
        fees = fees_to_come(town, effects)
        weeks = -(-town.tuning.horizon_days // 7)
        tuning, tried = town.tuning, self.attempts
        return {
            "outlook": of_each(
                self.found, lambda one: outlook(one, tuning, seed, fees), Outlook, tried
            ),
            "issued": of_each(
                self.found, lambda one: issued(one, weeks, tuning), Issued, tried
            ),
            "renewal_timing": self.timing,
        }


def papers_of(
    workspace: Workspace, town: Town, tasks: Sequence[Task], seed: int
) -> Papers:
    """The documents behind the series of some tasks, as known at their origins.

    Letters that went out are in the history: what residents do by themselves is learnt
    from it as it would have been without them.
    """
    services, steps = set(expiring(town.catalogue)), town.tuning.expiry.steps
    names = {task.series.name for task in tasks}
    owned = {service_of(name, services, steps) for name in names} - {None}
    if not owned:
        return Papers({}, RenewalTiming.create_empty())
    expiries = _expiries(workspace)
    if expiries is not None and owned.isdisjoint(expiries["service"]):
        expiries = None
    attempts = Attempts()
    mail = _mail(workspace, town, expiries)
    timed = partial(_timing, town, expiries, attempts, seed)
    history = town.trained
    if mail is not None:
        history = unlettered(history, mail, timed, steps, town.last_day)
        tasks = tasks_of_history(tasks, history)
    found = _standings(town, history, expiries, attempts)
    timing = _timing_of(found, seed, attempts)
    documents = Documents(town.catalogue, expiries)
    exposures = documents.behind(tasks, town.tuning, attempts)
    if mail is not None:
        exposures = _lettered(exposures, mail, timing, town.last_day, attempts)
    unused = _refused(town, expiries, attempts)
    return Papers(found, timing, exposures, mail, attempts, unused)


def _mail(
    workspace: Workspace, town: Town, expiries: pl.DataFrame | None
) -> Mail | None:
    """The letters that are known; None where there are none."""
    letters = known_by_now(planned_letters(workspace), town.last_day)
    if letters.is_empty():
        return None
    return Mail(letters, reactions_of(workspace), _counted(expiries))


def _lettered(
    exposures: Mapping[str, tuple[Exposure, ...]],
    mail: Mail,
    timing: pl.DataFrame,
    last: date,
    attempts: Attempts,
) -> Mapping[str, tuple[Exposure, ...]]:
    """The exposures of each series with letters in the weeks that are known."""
    moved: dict[int, tuple[Exposure, ...]] = {}
    for each in exposures.values():
        if id(each) not in moved:
            work = partial(exposures_with_letters, each, mail, timing, last=last)
            moved[id(each)] = attempts.at(each[0].service, work) or each
    return {name: moved[id(each)] for name, each in exposures.items()}


def _timing(
    town: Town,
    expiries: pl.DataFrame | None,
    attempts: Attempts,
    seed: int,
    demand: pl.DataFrame,
) -> pl.DataFrame:
    """When holders come by themselves, as a demand tells it."""
    return _timing_of(_standings(town, demand, expiries, attempts), seed, attempts)


def _timing_of(
    found: Mapping[str, Standing], seed: int, attempts: Attempts
) -> pl.DataFrame:
    return of_each(
        found, lambda one: renewal_timing(one, seed), RenewalTiming, attempts
    )


def _standings(
    town: Town,
    demand: pl.DataFrame,
    expiries: pl.DataFrame | None,
    attempts: Attempts,
) -> dict[str, Standing]:
    """What is known of each service with documents and applications."""
    found: dict[str, Standing] = {}
    known = demand, expiries, town.catalogue, town.last_day, town.tuning.expiry
    for name in expiring(town.catalogue):
        found |= attempts.at(name, partial(standings, *known, services=(name,))) or {}
    return found


def _refused(
    town: Town, expiries: pl.DataFrame | None, attempts: Attempts
) -> tuple[Refused, ...]:
    """The stocks of each service that are not used."""
    found: tuple[Refused, ...] = ()
    known = town.trained, expiries, town.catalogue, town.last_day, town.tuning.expiry
    for name in expiring(town.catalogue):
        found += attempts.at(name, partial(refused, *known, services=(name,))) or ()
    return found


def of_each(
    found: Mapping[str, Standing],
    work: Callable[[Mapping[str, Standing]], pl.DataFrame],
    schema: type[dy.Schema],
    attempts: Attempts,
) -> pl.DataFrame:
    """A table of all services, of which each is worked out alone; who fails has no row."""
    tried = [
        attempts.at(name, partial(work, {name: found[name]})) for name in sorted(found)
    ]
    parts = [part for part in tried if part is not None]
    return pl.concat(parts) if parts else schema.create_empty()


def _expiries(workspace: Workspace) -> pl.DataFrame | None:
    """The imported stock, added up over districts; None where none was imported."""
    if not workspace.has_imported(EXPIRIES):
        return None
    keys = ("as_of", "service", "expiry_week", "age_band", "basis")
    rows = workspace.imported(EXPIRIES).group_by(keys).agg(pl.col("count").sum())
    district = pl.lit("").alias("district")
    return by_week(rows.with_columns(district).sort(keys).collect())


def _counted(expiries: pl.DataFrame | None) -> list[date]:
    """The days on which it was counted what is still outstanding."""
    if expiries is None:
        return []
    outstanding = expiries.filter(pl.col("basis") == "outstanding")
    return outstanding["as_of"].unique().sort().to_list()
