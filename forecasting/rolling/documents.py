"""The documents behind the series of a panel, at the moments a forecast looks at them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import polars as pl

from forecasting.catalogue import Catalogue
from forecasting.errors import InputError
from forecasting.models.expiry import exposures
from forecasting.models.expiry.applications import service_of
from forecasting.models.expiry.standing import expiring
from forecasting.models.expiry.stocks import checked_expiries
from forecasting.policy import load_policy
from forecasting.rolling.attempts import Attempts, warn_of
from forecasting.rolling.beside import Besides, besides_of
from forecasting.rolling.tasks import Task
from forecasting.series.cadence import last_day
from forecasting.series.checking import as_frame
from forecasting.series.exposure import Exposure
from forecasting.series.panel import Panel, as_date
from forecasting.settings import Settings
from forecasting.tuning import Tuning

Exposures = Mapping[str, tuple[Exposure, ...]]


@dataclass(frozen=True)
class Documents:
    """Checked expiries, or none where the stock is to be rebuilt from applications."""

    catalogue: Catalogue
    expiries: pl.DataFrame | None = None

    @classmethod
    def given(cls, expiries: pl.DataFrame | None, country: str) -> "Documents | None":
        """Those of a caller, with the rules of the catalogue of the settings.

        None where none are given and the rules (of the Netherlands) do not hold.

        Raises:
            InputError: the expiries cannot be used.
        """
        if expiries is not None:
            checked = checked_expiries(as_frame(expiries, "expiries"))
            return cls(catalogue_of_settings(), checked)
        return cls(catalogue_of_settings()) if country == "NL" else None

    def behind(
        self,
        tasks: Sequence[Task],
        tuning: Tuning,
        attempts: Attempts | None = None,
    ) -> Exposures:
        """What documents call for, by name of the series that follows them.

        They are reckoned from applications; what else belongs to the service (collections,
        questions) follows them too. Known are the expiries at the origins of all tasks,
        and at their end. A service of which the documents cannot be reckoned is named
        among the failures of `attempts`, in a warning where none are given, and its
        series go without.

        Raises:
            InputError: expiries are given, and no series follows them.
        """
        applied = self._applied(tasks, tuning)
        mine = [task for task in tasks if task.series.name in applied]
        if not mine:
            return {}
        rows = pl.concat(_rows(task, applied[task.series.name]) for task in mine)
        demand = rows.group_by("series", "start").agg(pl.col("count").sum())
        days = moments(mine, tuning.expiry.moment_days)
        until = max(_last(task) for task in tasks)
        stock, rules = self.expiries, self.catalogue
        found: dict[str, tuple[Exposure, ...]] = {}
        tried = attempts or Attempts()
        for of in expiring(rules):
            work = partial(
                exposures, demand, stock, rules, days, until, tuning, services=(of,)
            )
            found |= tried.at(of, work) or {}
        if attempts is None:
            warn_of(tried.failures, "documents of")
        owners = {**self._owners(tasks, None), **applied}
        return {
            name: tuple(replace(e, close=name in applied) for e in found[of])
            for name, of in owners.items()
            if of in found
        }

    def _applied(self, tasks: Sequence[Task], tuning: Tuning) -> dict[str, str]:
        """The service that the series of applications follow."""
        applied = self._owners(tasks, tuning.expiry.steps)
        if self.expiries is not None and not applied:
            held = ", ".join(sorted(set(self.expiries["service"])))
            raise InputError(
                f"expected series that follow the expiries, none names one of: {held}",
                column="series",
                remedy="Name series location/service/step/channel, or by their service.",
            )
        return applied

    def _owners(
        self, tasks: Sequence[Task], steps: tuple[str, ...] | None
    ) -> dict[str, str]:
        """The service that each series follows by one of the steps (None: by any)."""
        services = set(expiring(self.catalogue))
        names = [task.series.name for task in tasks]
        if self.expiries is None:
            names = [name for name in names if name.count("/") == 3]
        else:
            services &= set(self.expiries["service"])
            if len(names) == len(services) == 1:
                return {names[0]: min(services)}
        found = {name: service_of(name, services, steps) for name in names}
        return {name: service for name, service in found.items() if service}


def catalogue_of_settings() -> Catalogue:
    """The catalogue in the folder of the settings."""
    return load_policy(Settings().config / "catalogue.toml", Catalogue)


def besides_with(
    documents: Documents | None, panel: Panel, tasks: Sequence[Task], tuning: Tuning
) -> Besides:
    """What stands beside each series, documents among it.

    `tasks` tell at which moments the documents are looked at.
    """
    if documents is None:
        return besides_of(panel)
    besides = besides_of(panel, catalogue=documents.catalogue)
    return besides.with_exposures(documents.behind(tasks, tuning))


def moments(tasks: Iterable[Task], least_days: int) -> list[date]:
    """When the documents are looked at: at the origins of tasks, and at their end.

    Origins closer together than `least_days` share the first of them, for each look
    costs a fit and none may see later.
    """
    days = {
        last_day(as_date(origin), task.cadence)
        for task in tasks
        for origin in (*task.origins, task.series.starts[-1])
    }
    kept: list[date] = []
    for day in sorted(days):
        if not kept or (day - kept[-1]).days >= least_days or day == max(days):
            kept.append(day)
    return kept


def _last(task: Task) -> date:
    """The last day that a task knows or wants."""
    days = task.future if task.future.size else task.series.starts
    return last_day(as_date(days[-1]), task.cadence)


def _rows(task: Task, service: str) -> pl.DataFrame:
    """The counts of a task under the name of its service; cadences stay apart."""
    name, series = f"{service}/{task.cadence}", task.series
    return pl.DataFrame(
        {"series": name, "start": series.starts, "count": series.counts},
        schema_overrides={"start": pl.Date},
    )
