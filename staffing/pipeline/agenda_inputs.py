"""What earlier steps stored, as an agenda reads it: products, who asks, what is booked."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import polars as pl

from forecasting import samples
from forecasting.catalogue import Catalogue
from forecasting.errors import MissingStepError, PolicyError
from forecasting.policy import load_policy
from forecasting.records import RunRecord
from forecasting.tables import split_series
from forecasting.workspace import Workspace
from staffing import store
from staffing.agenda import AgendaPolicy, Demand, Product, VisitsBooked
from staffing.pipeline.forecast_inputs import ForecastInputs

BOOKED, APPLICATION = "appointment", "application"
BEYOND = timedelta(days=110)
"""Visits so long after the agenda are asked for within it."""
PRODUCT = ["location", "service", "step"]


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


@dataclass(frozen=True)
class AgendaInputs(ForecastInputs):
    """What earlier steps stored, as an agenda reads it."""

    weeks: int
    seed: int

    @cached_property
    def requirement_run(self) -> RunRecord:
        """The newest requirement."""
        return self.workspace.latest("requirement")

    @cached_property
    def policy(self) -> AgendaPolicy:
        """The policy of the agenda."""
        return agenda_policy(self.workspace, self.catalogue)

    @cached_property
    def first(self) -> date:
        """The day after the history: the first that may be opened."""
        last = self.forecast_run.figures.get("history_last")
        if not isinstance(last, str):
            raise MissingStepError(
                "Expected the forecast to name the end of its history, found none. "
                "Forecast again (piekwijzer forecast)."
            )
        return date.fromisoformat(last) + timedelta(days=1)

    @cached_property
    def last(self) -> date:
        """The last day of the agenda."""
        return self.first + timedelta(weeks=self.weeks, days=-1)

    @cached_property
    def _booked_work(self) -> pl.DataFrame:
        part = split_series().struct
        named = [part.field("service"), part.field("step")]
        return self.work.filter("booked").with_columns(*named)

    @cached_property
    def products(self) -> list[Product]:
        """What is asked for by appointment, where the opening hours are known."""
        calendar = store.calendar(self.workspace)
        rows = self._booked_work.select(
            *PRODUCT, "skill", "handling_s", "comes"
        ).iter_rows()
        return [self._product(*row) for row in rows if calendar.knows(row[0], row[3])]

    def _product(
        self,
        location: str,
        service: str,
        step: str,
        skill: str,
        handling_s: float,
        comes: float,
    ) -> Product:
        known = self.catalogue.find_step(service, step)
        spread = known.handling_cv if known else 0.0
        return Product(
            location=location,
            service=service,
            step=step,
            skill=skill,
            minutes=self.policy.place_minutes(service, handling_s, spread),
            work_s=handling_s * comes,
            within_days=self.policy.promised_days(service),
            least_per_day=self.policy.least_per_day(service),
            orders=self.catalogue.services[service].expires and step == APPLICATION,
        )

    @cached_property
    def not_opened(self) -> list[str]:
        """Series asked for by appointment at places whose hours are not known."""
        known = {f"{p.location}/{p.service}/{p.step}/{BOOKED}" for p in self.products}
        return sorted(set(self._booked_work["series"]) - known)

    @cached_property
    def booking_imports(self) -> list[str]:
        """The imports that tell when appointments were asked for."""
        return self.workspace.holders("bookings")

    @cached_property
    def demand(self) -> Demand:
        """Futures of visits, past bookings, and visits booked already."""
        booked = self.forecast.filter(
            pl.col("series").is_in(self._booked_work["series"].implode()),
            pl.col("start") <= self.last + BEYOND,
        )
        drawn = samples(
            booked, self.policy.samples, self.seed, dependence=self.dependence
        )
        cadence = booked.select("series", "cadence").unique("series")
        past = self._bookings()
        ahead = past.filter(
            pl.col("visit") >= self.first, pl.col("requested") < self.first
        )
        booked_ahead = ahead.group_by(*PRODUCT, pl.col("visit").alias("day")).agg(
            pl.col("count").sum().alias("booked")
        )
        return Demand(
            drawn.join(cadence, on="series"),
            past.filter(pl.col("requested") < self.first),
            VisitsBooked.validate(booked_ahead),
        )

    def _bookings(self) -> pl.DataFrame:
        columns = [*PRODUCT, "requested", "visit"]
        if not self.booking_imports:
            days = {"requested": pl.Date, "visit": pl.Date, "count": pl.Float64}
            return pl.DataFrame(schema={**dict.fromkeys(PRODUCT, pl.String), **days})
        booked = self.workspace.imported("bookings").filter(channel=BOOKED)
        return booked.group_by(columns).agg(pl.col("count").sum()).collect()

    @cached_property
    def rosters(self) -> list[RunRecord]:
        """The newest roster of each week."""
        runs = self.workspace.ledger.runs("roster")
        weeks = sorted({str(run.parameters.get("week")) for run in runs})
        return [self.workspace.latest("roster", week=week) for week in weeks]
