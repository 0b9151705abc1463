"""The documents of a town: what expiring ones call for, with letters, and for how long."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial

import dataframely as dy
import numpy as np
import polars as pl

from forecasting.insight_tables import Issued, Outlook, RenewalTiming
from forecasting.models.expiry import issued, outlook, renewal_timing, standings
from forecasting.models.expiry.applications import service_of
from forecasting.models.expiry.judging import Refused
from forecasting.models.expiry.periods import by_week
from forecasting.models.expiry.standing import Standing, expiring, refused
from forecasting.outside import (
    exposures_with_letters,
    known_by_now,
    planned_letters,
)
from forecasting.outside_tables import PlannedLetters
from forecasting.pipeline.fees import fees_to_come
from forecasting.pipeline.town import Town
from forecasting.rolling.attempts import Attempts
from forecasting.rolling.documents import Documents
from forecasting.rolling.tasks import Task
from forecasting.series.exposure import Exposure
from forecasting.workspace import Workspace

EXPIRIES, LETTERS = "expiries", "letters"


@dataclass(frozen=True)
class Papers:
    """What is known of the documents behind a town's series.

    `plain` are the exposures of each series before letters, `exposures` after them, both
    in order of when they were known; `timing` is a `RenewalTiming`. `letters` are those
    planned, `counted` the days on which outstanding documents were counted. `attempts`
    names the services of which the documents could not be reckoned, and why; `refused` are
    the stocks that are not used.
    """

    found: Mapping[str, Standing]
    timing: pl.DataFrame
    plain: Mapping[str, tuple[Exposure, ...]] = field(default_factory=dict)
    exposures: Mapping[str, tuple[Exposure, ...]] = field(default_factory=dict)
    letters: pl.DataFrame = field(default_factory=PlannedLetters.create_empty)
    counted: Sequence[date] = ()
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

    def split(self, effects: pl.DataFrame) -> pl.DataFrame:
        """Log effects with that of letters apart from that of expiring documents."""
        if not self._lettered:
            return effects
        parts = []
        for part in effects.partition_by("series", maintain_order=True):
            pair = self._lettered.get(part["series"][0])
            parts.append(part if pair is None else _apart(part, *pair))
        return pl.concat(parts)

    @cached_property
    def _lettered(self) -> dict[str, tuple[Exposure, Exposure]]:
        """The newest exposures without and with letters, where these differ."""
        pairs = {
            name: (self.plain[name][-1], moved[-1])
            for name, moved in self.exposures.items()
            if moved
        }
        return {
            name: (before, after)
            for name, (before, after) in pairs.items()
            if not np.array_equal(before.weekly, after.weekly)
        }


def papers_of(
    workspace: Workspace, town: Town, tasks: Sequence[Task], seed: int
) -> Papers:
    """The documents behind the series of some tasks, as known at their origins."""
    services, steps = set(expiring(town.catalogue)), town.tuning.expiry.steps
    names = {task.series.name for task in tasks}
    owned = {service_of(name, services, steps) for name in names} - {None}
    if not owned:
        return Papers({}, RenewalTiming.create_empty())
    expiries = _expiries(workspace)
    if expiries is not None and owned.isdisjoint(expiries["service"]):
        expiries = None
    attempts = Attempts()
    found = _standings(town, expiries, attempts)
    timing = of_each(
        found, lambda one: renewal_timing(one, seed), RenewalTiming, attempts
    )
    plain = Documents(town.catalogue, expiries).behind(tasks, town.tuning, attempts)
    letters = known_by_now(planned_letters(workspace), town.last_day)
    counted = _counted(expiries)
    moved: dict[int, tuple[Exposure, ...]] = {}
    for each in plain.values():
        if id(each) not in moved:
            work = partial(
                exposures_with_letters,
                each,
                letters,
                town.tuning.letters,
                timing,
                counted=counted,
            )
            moved[id(each)] = attempts.at(each[0].service, work) or each
    after = {name: moved[id(each)] for name, each in plain.items()}
    unused = _refused(town, expiries, attempts)
    return Papers(found, timing, plain, after, letters, counted, attempts, unused)


def _standings(
    town: Town, expiries: pl.DataFrame | None, attempts: Attempts
) -> dict[str, Standing]:
    """What is known of each service with documents and applications."""
    found: dict[str, Standing] = {}
    known = town.trained, expiries, town.catalogue, town.last_day, town.tuning.expiry
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


def _apart(effects: pl.DataFrame, before: Exposure, after: Exposure) -> pl.DataFrame:
    days = effects["start"].to_numpy()
    moved = np.log(after.rates(days)) - np.log(before.rates(days))
    every = effects.with_columns(pl.Series("moved", moved))
    own = pl.col("cause") == "expiries"
    of_letters = every.filter(own).with_columns(
        pl.lit(LETTERS).alias("cause"), pl.col("moved").alias("effect")
    )
    left = pl.when(own).then(pl.col("effect") - pl.col("moved"))
    kept = every.with_columns(left.otherwise("effect").alias("effect"))
    return pl.concat([kept, of_letters]).drop("moved")
