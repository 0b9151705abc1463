"""The newest forecast as the steps of staffing read it."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from forecasting.catalogue import Catalogue
from forecasting.records import RunRecord
from forecasting.sampling import samples
from forecasting.tables import SlotForecast, StoredForecast
from forecasting.workspace import Workspace
from staffing import store
from staffing.requirement.sharing import (
    join_shared,
    join_shared_futures,
    shared_places,
)
from staffing.standards import Standards
from staffing.workload import (
    Bookings,
    Evidence,
    day_futures,
    match_series,
    slot_workload,
    with_bookings,
)
from staffing.workload.periods import days_of_periods


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
    def _matched(self) -> tuple[pl.DataFrame, list[str]]:
        names = pl.concat([self.forecast["series"], self.slots["series"]])
        return match_series(
            names,
            self.catalogue,
            no_show=self.standards.no_show,
            punctuality=self.standards.punctuality,
            evidence=self.evidence,
        )

    @property
    def work(self) -> pl.DataFrame:
        """The work of each series (`SeriesWork`).

        Raises:
            InputError: the catalogue knows no series of the forecast.
        """
        return self._matched[0]

    @cached_property
    def _all_slots(self) -> tuple[pl.DataFrame, list[str]]:
        return self._slot_workload(self.work)

    @property
    def workload(self) -> pl.DataFrame:
        """The `SlotWorkload` of all work, with visits booked where they are."""
        return self._all_slots[0]

    @property
    def unstaffed(self) -> list[str]:
        """Series that the catalogue or the opening hours do not know."""
        return self._matched[1] + self._all_slots[1]

    @cached_property
    def joint_workload(self) -> pl.DataFrame:
        """The workload with one queue for locations that share the work of a skill."""
        return join_shared(self.workload, self.standards)

    def joint_futures(self, drawn: pl.DataFrame) -> pl.DataFrame:
        """The `DayFutures` of it, from samples of the forecast."""
        apart = self.futures(self.work, drawn)
        return join_shared_futures(self.workload, apart, self.standards)

    @property
    def shared(self) -> dict[str, str]:
        """The location at which the queue of each shared skill stands."""
        return shared_places(self.workload, self.standards)

    def workload_of(self, work: pl.DataFrame) -> pl.DataFrame:
        """The `SlotWorkload` of some of the work."""
        return self._slot_workload(work)[0]

    def _slot_workload(self, work: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
        skills = self.standards.skill.items()
        return slot_workload(
            self.slots,
            self.forecast,
            work,
            store.calendar(self.workspace),
            arrival_cv={name: one.arrival_cv for name, one in skills},
            bookings=Bookings.of(self.evidence, self.standards.no_show),
        )

    @cached_property
    def dependence(self) -> pl.DataFrame | None:
        """How errors of the forecast hang together; None where that was not measured."""
        told = self.workspace.lake.scan("dependence", self.forecast_run.id)
        return None if told is None else told.collect()

    @cached_property
    def settled(self) -> pl.DataFrame:
        """The forecast with what is booked already."""
        return with_bookings(self.forecast, self.evidence.ahead, "mean")

    def drawn(self, seed: int) -> pl.DataFrame:
        """Samples of the forecast, likewise: as many as the standards ask for."""
        number = self.standards.futures
        plain = samples(self.forecast_run, number, seed, workspace=self.workspace)
        return with_bookings(plain, self.evidence.ahead, "count")

    def futures(self, work: pl.DataFrame, drawn: pl.DataFrame) -> pl.DataFrame:
        """The `DayFutures` of some of the work."""
        calendar = store.calendar(self.workspace)
        return day_futures(drawn, self.settled, self.slots, work, calendar)

    def futures_within(
        self, days: tuple[date, date], number: int, seed: int
    ) -> pl.DataFrame:
        """The `DayFutures` of all queues from the first to the last of `days`.

        Only what those days hold is drawn: as many futures as asked for.
        """
        queued = self.work.filter(~pl.col("booked") & ~pl.col("waits"))
        held = days_of_periods(self.forecast).filter(pl.col("day").is_between(*days))
        periods = held.join(queued, on="series", how="semi").select("series", "start")
        asked = self.forecast.join(periods, on=["series", "start"], how="semi")
        drawn = samples(asked, number, seed, dependence=self.dependence)
        return day_futures(
            with_bookings(drawn, self.evidence.ahead, "count"),
            with_bookings(asked, self.evidence.ahead, "mean"),
            self.slots,
            self.work,
            store.calendar(self.workspace),
            days=days,
        )
