"""The newest forecast as the steps of staffing read it."""

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from forecasting.catalogue import Catalogue
from forecasting.records import RunRecord
from forecasting.sampling import samples
from forecasting.tables import SlotForecast, StoredForecast
from forecasting.workspace import Workspace
from staffing import store
from staffing.rules import Standards
from staffing.workload import (
    Bookings,
    Evidence,
    day_futures,
    match_series,
    slot_workload,
    with_bookings,
)


@dataclass(frozen=True)
class ForecastInputs:
    """A stored forecast with the catalogue and the standards that turn it into work."""

    workspace: Workspace
    forecast_run: RunRecord

    @cached_property
    def catalogue(self) -> Catalogue:
        """The catalogue of services."""
        return store.catalogue(self.workspace)

    @cached_property
    def standards(self) -> Standards:
        """The standards per skill."""
        return store.standards(self.workspace)

    @cached_property
    def forecast(self) -> pl.DataFrame:
        """The forecast, dated by visit."""
        frame = self.workspace.table(self.forecast_run, "forecast").collect()
        return StoredForecast.validate(frame)

    @cached_property
    def slots(self) -> pl.DataFrame:
        """The forecast per quarter-hour; empty where none was made."""
        stored = self.workspace.lake.scan("forecast_slots", self.forecast_run.id)
        if stored is None:
            return SlotForecast.create_empty()
        frame = stored.collect()
        if "cv" not in frame.columns:  # of a run that did not measure it
            frame = frame.with_columns(pl.lit(None, pl.Float64).alias("cv"))
        return SlotForecast.validate(frame)

    @cached_property
    def evidence(self) -> Evidence:
        """What was measured here of handling times, missed visits and bookings."""
        return Evidence.read(self.workspace, self.forecast_run)

    @cached_property
    def work(self) -> pl.DataFrame:
        """The work of each series (`SeriesWork`)."""
        names = pl.concat([self.forecast["series"], self.slots["series"]])
        work, _ = match_series(
            names,
            self.catalogue,
            no_show=self.standards.no_show,
            evidence=self.evidence,
        )
        return work

    def workload(self, work: pl.DataFrame) -> pl.DataFrame:
        """The `SlotWorkload` of some of the work, with visits booked where they are."""
        skills = self.standards.skill.items()
        load, _ = slot_workload(
            self.slots,
            self.forecast,
            work,
            store.calendar(self.workspace),
            arrival_cv={name: one.arrival_cv for name, one in skills},
            bookings=Bookings.of(self.evidence, self.standards.no_show),
        )
        return load

    def futures(self, work: pl.DataFrame, seed: int) -> pl.DataFrame:
        """The `DayFutures` of some of the work."""
        drawn = samples(
            self.forecast_run,
            self.standards.futures,
            seed,
            workspace=self.workspace,
        )
        ahead = self.evidence.ahead
        return day_futures(
            with_bookings(drawn, ahead, "count"),
            with_bookings(self.forecast, ahead, "mean"),
            self.slots,
            work,
            store.calendar(self.workspace),
        )
