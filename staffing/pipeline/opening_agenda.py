"""The step `agenda`: from a stored forecast to places, days with waits, and people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

import polars as pl

from forecasting import samples
from forecasting.catalogue import Catalogue
from forecasting.errors import InputError, MissingStepError, PolicyError
from forecasting.policy import load_policy
from forecasting.records import RunRecord
from forecasting.tables import SlotForecast, StoredForecast, split_series
from forecasting.workspace import Workspace
from staffing import store
from staffing.agenda import AgendaPolicy, Demand, Product, Supply, open_agenda
from staffing.agenda.at_hand import hours_by_day
from staffing.agenda.headlines import headlines
from staffing.agenda.supplying import Key, by_slot
from staffing.requirement import requirement
from staffing.rules import Standards
from staffing.tables import People
from staffing.workload import match_series, slot_workload
from staffing.workload.periods import days_of_periods

BOOKED, WALK_IN, APPLICATION = "appointment", "walk_in", "application"
DESK_CHANNELS = {BOOKED, WALK_IN}
BEYOND = timedelta(days=110)
"""Visits so long after the agenda are asked for within it."""
DEPENDENCE = "dependence"


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
    made = _Inputs(workspace, store.forecast_run(workspace), weeks, seed)
    made.check()
    opened = open_agenda(
        made.products,
        made.demand,
        made.supply,
        first=made.first,
        weeks=weeks,
        policy=made.policy,
        seed=seed,
    )
    imports = sorted({*store.supply_imports(workspace), *made.booking_imports})
    inputs = [made.forecast_run.id, made.requirement_run.id, *imports]
    inputs += [run.id for run in made.rosters]
    key = workspace.key("agenda", inputs, {"weeks": str(weeks)}, seed)
    tables = {
        "agenda": opened.agenda,
        "agenda_days": opened.days,
        "agenda_staff": opened.staff,
    }
    figures = headlines(opened, first=made.first, weeks=weeks)
    unknown = {"not_opened": made.not_opened, "policy": _told(made.policy)}
    return workspace.store(key, tables, {**figures, **unknown}, now=now)


def agenda_policy(workspace: Workspace, catalogue: Catalogue) -> AgendaPolicy:
    """The policy of the agenda (`config/agenda.toml`).

    Raises:
        PolicyError: it names a service that the catalogue lacks.
    """
    file = workspace.settings.config / "agenda.toml"
    policy = load_policy(file, AgendaPolicy)
    if unknown := sorted(set(policy.service) - set(catalogue.services)):
        raise PolicyError(
            f"{file}: expected services of catalogue.toml, came '{unknown[0]}'. "
            f"Known: {', '.join(sorted(catalogue.services))}."
        )
    return policy


def _told(policy: AgendaPolicy) -> dict[str, object]:
    return {"within_days": policy.within_days, "share": policy.share}


@dataclass(frozen=True)
class _Inputs:
    """What earlier steps stored, as an agenda reads it."""

    workspace: Workspace
    forecast_run: RunRecord
    weeks: int
    seed: int

    @cached_property
    def requirement_run(self) -> RunRecord:
        return self.workspace.latest("requirement")

    @cached_property
    def catalogue(self) -> Catalogue:
        return store.catalogue(self.workspace)

    @cached_property
    def standards(self) -> Standards:
        return store.standards(self.workspace)

    @cached_property
    def policy(self) -> AgendaPolicy:
        return agenda_policy(self.workspace, self.catalogue)

    @cached_property
    def first(self) -> date:
        last = self.forecast_run.figures.get("history_last")
        if not isinstance(last, str):
            raise MissingStepError(
                "Expected the forecast to name the end of its history, found none. "
                "Forecast again (piekwijzer forecast)."
            )
        return date.fromisoformat(last) + timedelta(days=1)

    @cached_property
    def last(self) -> date:
        return self.first + timedelta(weeks=self.weeks, days=-1)

    @cached_property
    def forecast(self) -> pl.DataFrame:
        frame = self.workspace.table(self.forecast_run, "forecast").collect()
        return StoredForecast.validate(frame)

    @cached_property
    def slots(self) -> pl.DataFrame:
        stored = self.workspace.lake.scan("forecast_slots", self.forecast_run.id)
        if stored is None:
            return SlotForecast.create_empty()
        frame = stored.collect()
        if "cv" not in frame.columns:  # of a run that did not measure it
            frame = frame.with_columns(pl.lit(None, pl.Float64).alias("cv"))
        return SlotForecast.validate(frame)

    @cached_property
    def work(self) -> pl.DataFrame:
        names = pl.concat([self.forecast["series"], self.slots["series"]])
        work, _ = match_series(names, self.catalogue, no_show=self.standards.no_show)
        return work

    @cached_property
    def _booked_work(self) -> pl.DataFrame:
        part = pl.col("series").pipe(lambda _: split_series()).struct
        return self.work.filter("booked").with_columns(
            part.field("service").alias("service"), part.field("step").alias("step")
        )

    @cached_property
    def products(self) -> list[Product]:
        calendar = store.calendar(self.workspace)
        return [
            self._product(row)
            for row in self._booked_work.iter_rows(named=True)
            if calendar.knows(row["location"], row["skill"])
        ]

    def _product(self, row: Mapping[str, object]) -> Product:
        service, step = row["service"], row["step"]
        known = self.catalogue.find_step(service, step)
        if known is None:
            raise InputError(f"expected {service}/{step} in the catalogue, found none")
        return Product(
            location=row["location"],
            service=service,
            step=step,
            skill=row["skill"],
            minutes=self.policy.place_minutes(
                service, row["handling_s"], known.handling_cv
            ),
            work_s=row["handling_s"] * row["comes"],
            within_days=self.policy.promised_days(service),
            least_per_day=self.policy.least_per_day(service),
            orders=self.catalogue.services[service].expires and step == APPLICATION,
        )

    @cached_property
    def not_opened(self) -> list[str]:
        """Series asked for by appointment at places whose hours are not known."""
        known = {f"{p.location}/{p.service}/{p.step}/{BOOKED}" for p in self.products}
        return sorted(set(self._booked_work["series"]) - known)

    def check(self) -> None:
        """Refuse a limit of a place that nobody knows, and an agenda beyond the forecast."""
        known = store.calendar(self.workspace).locations
        for place in sorted(set(store.limits(self.workspace)["location"]) - known):
            raise InputError(
                f"limits: unknown location '{place}'; known: {', '.join(sorted(known))}",
                remedy="Mend the sheet of limits and import the template again.",
            )
        end = self.forecast["start"].max()
        if isinstance(end, date) and end < self.last:
            raise InputError(
                f"expected a forecast up to {self.last}, came one up to {end}",
                remedy="Open fewer weeks (--weeks), or forecast further ahead.",
            )

    @cached_property
    def booking_imports(self) -> list[str]:
        return self.workspace.holders("bookings")

    @cached_property
    def demand(self) -> Demand:
        booked = self.forecast.filter(
            pl.col("series").is_in(self._booked_work["series"].implode()),
            pl.col("start") <= self.last + BEYOND,
        )
        told = self.workspace.lake.scan(DEPENDENCE, self.forecast_run.id)
        drawn = samples(
            booked,
            self.policy.samples,
            self.seed,
            dependence=None if told is None else told.collect(),
        )
        cadence = booked.select("series", "cadence").unique("series")
        past = self._bookings()
        ahead = past.filter(
            pl.col("visit") >= self.first, pl.col("requested") < self.first
        )
        product = ["location", "service", "step"]
        return Demand(
            drawn.join(cadence, on="series"),
            past.filter(pl.col("requested") < self.first),
            ahead.group_by(*product, pl.col("visit").alias("day")).agg(
                pl.col("count").sum().alias("booked")
            ),
        )

    def _bookings(self) -> pl.DataFrame:
        product = ["location", "service", "step"]
        columns = [*product, "requested", "visit"]
        if not self.booking_imports:
            days = {"requested": pl.Date, "visit": pl.Date, "count": pl.Float64}
            return pl.DataFrame(schema={**dict.fromkeys(product, pl.String), **days})
        booked = self.workspace.imported("bookings").filter(channel=BOOKED)
        return booked.group_by(columns).agg(pl.col("count").sum()).collect()

    @cached_property
    def at_work(self) -> float:
        return 1 - self.standards.shrinkage

    @cached_property
    def rosters(self) -> list[RunRecord]:
        """The newest roster of each week."""
        runs = self.workspace.ledger.runs("roster")
        weeks = sorted({str(run.parameters.get("week")) for run in runs})
        return [self.workspace.latest("roster", week=week) for week in weeks]

    @cached_property
    def supply(self) -> Supply:
        workspace = self.workspace
        known = workspace.has_imported("people")
        people = store.people(workspace) if known else People.create_empty()
        load = workspace.table(self.requirement_run, "weekly_load").collect()
        return Supply(
            calendar=store.calendar(workspace),
            limits=store.limits(workspace),
            desk_skills=self._desk_skills(),
            walk_ins=self._walk_ins(),
            at_hand=hours_by_day(load, people, store.availability(workspace)),
            rostered=self._rostered(),
            ordered=self._ordered(),
        )

    def _desk_skills(self) -> frozenset[str]:
        steps = (step for service in self.catalogue.service for step in service.step)
        return frozenset(s.skill for s in steps if DESK_CHANNELS & set(s.channels))

    def _walk_ins(self) -> dict[Key, float]:
        """People at work whom walk-ins need, without a minimum: appointments fill it."""
        here = pl.col("skill").is_in(sorted(self._desk_skills()))
        work = self.work.filter(~pl.col("booked"), ~pl.col("waits"), here)
        if work.is_empty():
            return {}
        calendar = store.calendar(self.workspace)
        load, _ = slot_workload(self.slots, self.forecast, work, calendar)
        alone = {
            skill: standard.model_copy(update={"minimum_people": 0})
            for skill, standard in self.standards.skill.items()
        }
        standards = self.standards.model_copy(update={"skill": alone})
        inside = load.filter(pl.col("day") <= self.last + BEYOND)
        chosen = requirement(inside, standards).filter("chosen")
        needed = chosen.with_columns(pl.col("people") * self.at_work)
        return by_slot(needed, "people")

    def _rostered(self) -> dict[Key, float]:
        found: dict[Key, float] = {}
        for run in self.rosters:
            cover = self.workspace.table(run, "coverage").collect()
            there = cover.with_columns(pl.col("rostered") * self.at_work)
            found |= by_slot(there, "rostered")
        return found

    def _ordered(self) -> dict[tuple[str, date], float]:
        """Documents that walk-ins are expected to order, per location and day."""
        part = split_series().struct
        papers = [s.id for s in self.catalogue.service if s.expires]
        rows = self.forecast.filter(
            part.field("channel") == WALK_IN,
            part.field("step") == APPLICATION,
            part.field("service").is_in(papers),
        ).with_row_index("row")
        daily = days_of_periods(rows).with_columns(
            pl.col("mean") / pl.len().over("row"), part.field("location")
        )
        sums = daily.group_by("location", "day").agg(pl.col("mean").sum())
        return {(place, day): mean for place, day, mean in sums.iter_rows()}
