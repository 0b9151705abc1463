"""What was imported and simulated, as the service promises are reckoned from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

import polars as pl

from forecasting.calendar import Calendar, monday, parse_week
from forecasting.errors import MissingStepError
from forecasting.policy import load_policy
from forecasting.records import RunRecord
from forecasting.sources import Source, read_source
from forecasting.tables import BookedDays, Contacts
from forecasting.workspace import Workspace
from staffing import store
from staffing.agenda import AgendaPolicy
from staffing.standards import Promises, Standards

BACK_OFFICE = "back_office"


@dataclass(frozen=True)
class PromiseInputs:
    """The imports of a home, over the `weeks` asked for and those they are learned from."""

    workspace: Workspace
    weeks: int

    @cached_property
    def standards(self) -> Standards:
        """The standards, with what is promised."""
        return store.standards(self.workspace)

    @property
    def policy(self) -> Promises:
        """What is promised."""
        return self.standards.promise

    @cached_property
    def agenda(self) -> AgendaPolicy:
        """The promise of the first free appointment."""
        file = self.workspace.settings.config / "agenda.toml"
        return load_policy(file, AgendaPolicy)

    @cached_property
    def calendar(self) -> Calendar:
        """The town's calendar."""
        return store.calendar(self.workspace)

    @cached_property
    def sources(self) -> dict[str, Source]:
        """What the mapping of each source of contacts says."""
        config = self.workspace.settings.config
        return {name: read_source(config, name) for name in self.ends["source"]}

    @cached_property
    def ends(self) -> pl.DataFrame:
        """Per source the moment `until` which it tells, with that `last_day` here.

        A source that says when visits were asked for was exported at its last request;
        one that says when something was done, not before that.
        """
        slots = self._slots
        seen = slots.group_by("source").agg(
            pl.coalesce(pl.col("requested").max(), pl.col("start").max()).alias("seen"),
            pl.col("waited").sum(),
        )
        done = self._contacts.group_by("source").agg(_done().max().alias("done"))
        both = seen.join(done, on="source", how="left").collect()
        until = pl.max_horizontal("seen", "done")
        day = until.dt.convert_time_zone(self.calendar.zone).dt.date()
        found = both.select(
            "source", until.alias("until"), day.alias("last_day"), "waited"
        )
        return found.sort("source")

    @cached_property
    def last(self) -> date:
        """The Monday of the last week of which any source tells.

        Raises:
            MissingStepError: nothing was imported that happened.
        """
        newest = self.ends["last_day"].max()
        if not isinstance(newest, date):
            raise MissingStepError(
                "Expected imported contacts, found none. "
                "Import a file first: piekwijzer import FILE --source NAME."
            )
        return monday(newest)

    @cached_property
    def since(self) -> date:
        """The Monday of the first week that counts: told, or learned from."""
        return self.last - timedelta(weeks=self.weeks + self.policy.weeks_alike)

    @cached_property
    def slots(self) -> pl.LazyFrame:
        """Counts per quarter-hour of those weeks."""
        return self._slots.filter(pl.col("start") >= self._midnight)

    @cached_property
    def contacts(self) -> pl.LazyFrame:
        """Rows of those weeks, as far as they are kept."""
        return self._contacts.filter(pl.col("start") >= self._midnight)

    @cached_property
    def bookings(self) -> pl.LazyFrame:
        """Bookings asked for or visited in those weeks."""
        if not self.workspace.has_imported("bookings"):
            return BookedDays.create_empty().lazy()
        return self.workspace.imported("bookings").filter(pl.col("visit") >= self.since)

    @property
    def callbacks(self) -> pl.LazyFrame:
        """Rows of the sources that say when a request was done."""
        known = self.ends.filter(pl.col("waited") > 0)["source"]
        telling = [
            name
            for name, source in self.sources.items()
            if source.tells_waits or name in known
        ]
        return self.contacts.filter(pl.col("source").is_in(telling))

    def until(self, rows: pl.LazyFrame) -> dict[str, datetime]:
        """Per location the moment until which the sources of these rows tell of it."""
        found = rows.select("source", "location").unique().collect()
        ends = found.join(self.ends, on="source").group_by("location")
        return dict(ends.agg(pl.col("until").max()).sort("location").iter_rows())

    def thresholds(self, calls: pl.LazyFrame) -> dict[str, list[float | None]]:
        """Per location the seconds within which each source counted its calls."""
        names = calls.select("location", "source").unique().collect()
        found: dict[str, list[float | None]] = {}
        for location, source in names.sort("location", "source").iter_rows():
            found.setdefault(location, []).append(self.sources[source].threshold_s)
        return found

    @cached_property
    def simulations(self) -> dict[date, RunRecord]:
        """The newest simulation of each week."""
        runs = reversed(self.workspace.ledger.runs("simulate"))
        named = {str(run.parameters["week"]): run for run in runs if _has_week(run)}
        return {parse_week(week): named[week] for week in sorted(named)}

    @cached_property
    def agendas(self) -> list[RunRecord]:
        """The agendas that were opened, oldest first."""
        return list(reversed(self.workspace.ledger.runs("agenda")))

    @property
    def used(self) -> list[str]:
        """What a run on this has among its inputs."""
        datasets = ("slots", "contacts", "bookings", *("opening", "closures"))
        held = [self.workspace.holders(name) for name in datasets]
        runs = [run.id for run in (*self.simulations.values(), *self.agendas)]
        return sorted({*runs, *(name for names in held for name in names)})

    @property
    def _midnight(self) -> datetime:
        return datetime.combine(self.since, time(), self.calendar.tz).astimezone(UTC)

    @cached_property
    def _slots(self) -> pl.LazyFrame:
        return self.workspace.imported("slots")

    @cached_property
    def _contacts(self) -> pl.LazyFrame:
        if not self.workspace.has_imported("contacts"):
            return Contacts.create_empty().lazy()
        return self.workspace.imported("contacts")


def spread_of(run: RunRecord, skill: str) -> Mapping[str, float] | None:
    """The bounds of single weeks that a simulation told of a skill."""
    skills = run.figures.get("skills")
    told = skills.get(skill) if isinstance(skills, dict) else None
    weeks = told.get("weeks") if isinstance(told, dict) else None
    return weeks if isinstance(weeks, dict) else None


def _has_week(run: RunRecord) -> bool:
    return "week" in run.parameters


def _done() -> pl.Expr:
    return pl.col("start") + pl.duration(microseconds=pl.col("wait_s") * 1e6)
