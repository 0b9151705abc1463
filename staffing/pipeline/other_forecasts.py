"""Scenarios of other demand: a rise of fees, a forecast of others instead of ours."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import polars as pl

from forecasting.insight_tables import Effects
from forecasting.outside import (
    AssumedFees,
    apply_outside,
    assumed_fees,
    outside_forecasts,
    with_assumed_fees,
)
from forecasting.sampling import samples
from forecasting.tuning import Tuning, load_tuning
from forecasting.workspace import Workspace
from staffing import store
from staffing.pipeline.counter_load import SKILL
from staffing.pipeline.forecast_inputs import ForecastInputs
from staffing.pipeline.plan_basis import PlanBasis
from staffing.reminders.policy import WORKING_DAYS
from staffing.reminders.scenarios import (
    PlanInputs,
    Scenario,
    moved_capacity,
    moved_demand,
)
from staffing.workload import with_bookings

DAYS_A_WEEK = 7
SAME = 1e-6
NO_WORK = (
    "the requirement does not tell the work of each series; make it again: "
    "piekwijzer requirement"
)
NONE_OUTSIDE = (
    "no forecast of others about these documents was imported; import one first: "
    "piekwijzer import FILE --source rvig_outlook"
)
FOLLOWED = "the forecast follows it already, so the plan as it stands does"
MOVED = ("applied", "partly overtaken")


@dataclass(frozen=True)
class OtherForecasts:
    """The forecast behind a plan, and what the plan would be made from with another."""

    workspace: Workspace
    basis: PlanBasis

    @cached_property
    def _given(self) -> ForecastInputs:
        return ForecastInputs(self.workspace, self.basis.forecast)

    @cached_property
    def _tuning(self) -> Tuning:
        return load_tuning(self.workspace.settings.config)

    @cached_property
    def _work(self) -> pl.DataFrame | None:
        """The work of the counter, where the requirement tells it."""
        stored = self.workspace.lake.scan("work", self.basis.requirement.id)
        return (
            None
            if stored is None
            else stored.filter(pl.col("skill") == SKILL).collect()
        )

    @property
    def _services(self) -> set[str]:
        """The services whose documents are in the stock."""
        return set(self.basis.inputs.expiries["service"])

    def fees(self) -> Scenario:
        """The fees of documents rise on the next 1 January."""
        seen = date.fromisoformat(str(self.basis.forecast.figures["history_last"]))
        day = date(seen.year + 1, 1, 1)
        stored = self.workspace.lake.scan("effects", self.basis.forecast.id)
        fees = assumed_fees(
            self._services,
            day,
            seen,
            store.calendar(self.workspace),
            Effects.create_empty() if stored is None else stored.collect(),
            self._tuning.effects,
        )
        if not fees.changes:
            return Scenario("fees", str(day), None, _in_words(fees))
        policy = self.basis.inputs.policy
        moved = with_assumed_fees(
            self._given.forecast,
            fees,
            self._given.catalogue,
            self._tuning.effects,
            later_days=round(policy.production_days * DAYS_A_WEEK / WORKING_DAYS),
        )
        return self._scenario("fees", str(day), moved, _in_words(fees))

    def outside(self) -> Scenario:
        """What others expect of documents takes the place of our forecast."""
        told = _of_services(outside_forecasts(self.workspace), self._services)
        if told.is_empty():
            return Scenario("outside", "", None, NONE_OUTSIDE)
        value = ", ".join(told["said_by"].unique().sort())
        demand = self.workspace.table(self.basis.forecast, "demand").collect()
        done = apply_outside(
            self._given.forecast,
            demand,
            told.with_columns(mode=pl.lit("replace")),
            self._given.catalogue,
            self._tuning.outside,
        )
        note = _said(done.said)
        moved = done.said.filter(pl.col("state").is_in(MOVED))
        if moved.is_empty():
            return Scenario("outside", value, None, note)
        change = (moved["after"] - moved["before"]).abs()
        if (change <= SAME * moved["before"]).all():
            return Scenario("outside", value, None, f"{note}; {FOLLOWED}")
        return self._scenario("outside", value, done.forecast, note)

    def _scenario(
        self, kind: str, value: str, forecast: pl.DataFrame, note: str
    ) -> Scenario:
        if self._work is None:
            return Scenario(kind, value, None, NO_WORK)
        return Scenario(kind, value, self._inputs(forecast, self._work), note)

    def _inputs(self, forecast: pl.DataFrame, work: pl.DataFrame) -> PlanInputs:
        """Those of the plan, with the load of another forecast."""
        inputs, ahead = self.basis.inputs, self._given.evidence.ahead
        after = with_bookings(forecast, ahead, "mean")
        asked = after.join(work, on="series", how="semi")
        number, seed = self._given.standards.futures, inputs.seed
        drawn = samples(asked, number, seed, dependence=self._given.dependence)
        settled = with_bookings(drawn, ahead, "count")
        before = self._given.settled
        demand = moved_demand(inputs.demand, work, before, after, settled)
        capacity = moved_capacity(inputs.capacity, inputs.demand, demand)
        return replace(inputs, demand=demand, capacity=capacity)


def _of_services(told: pl.DataFrame, services: Collection[str]) -> pl.DataFrame:
    """What others say of some services; a pattern names its service in the second part."""
    parts = pl.col("subject").str.split("/")
    service = pl.when(parts.list.len() > 1).then(parts.list.get(1, null_on_oob=True))
    return told.filter(service.otherwise(pl.col("subject")).is_in(sorted(services)))


def _said(applied: pl.DataFrame) -> str:
    """What became of each statement, of an `OutsideApplied`."""
    rows = applied.select("subject", "period", "before", "after", "state")
    return "; ".join(
        f"{subject} {period}: {before:.0f} becomes {after:.0f}"
        if state in MOVED
        else f"{subject} {period}: {state}"
        for subject, period, before, after, state in rows.iter_rows()
    )


def _in_words(fees: AssumedFees) -> str:
    assumed, known, never = (
        ", ".join(fees.of(state))
        for state in ("assumed", "in the forecast", "never measured")
    )
    parts = [f"a rise on {fees.day} is assumed of {assumed}"] if assumed else []
    parts += [f"the forecast knows that of {known}"] if known else []
    parts += [f"of {never} no earlier change was measured"] if never else []
    return "; ".join(parts)
