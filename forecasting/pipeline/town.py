"""What a run forecasts: tasks per series, with the open periods by the town's calendar."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import polars as pl

from forecasting.calendar import Calendar
from forecasting.catalogue import Catalogue
from forecasting.counting import Counts
from forecasting.history import open_days, read_history, unmet_demand
from forecasting.history.censored import Censored
from forecasting.history.cutoffs import PARTIAL
from forecasting.history.gaps import NO_GAPS
from forecasting.history.leaving import LeftOut, is_left_out
from forecasting.history.opening import known_days as opening_days
from forecasting.history.opening import places
from forecasting.insight_tables import Effects
from forecasting.models.effects.measuring import effects_of
from forecasting.opening import load_calendar
from forecasting.pipeline.happenings import known_of, with_events
from forecasting.pipeline.leftout import asked_before, periods_left_out
from forecasting.pipeline.training import training_demand
from forecasting.planner import standing_events
from forecasting.policy import load_policy
from forecasting.records import EventRecord
from forecasting.rolling.beside import besides_of
from forecasting.rolling.tasks import Task, origin_tasks, tasks_of
from forecasting.series.cadence import PERIOD_DAYS
from forecasting.series.openness import after_end, ends, since_gap
from forecasting.series.panel import Panel, as_date, first_and_last, to_panel
from forecasting.tuning import Tuning, load_tuning
from forecasting.workspace import Workspace


@dataclass(frozen=True)
class Town:
    """What a run knows before it forecasts; `demand` is dated by visit.

    `left_out` are the periods that do not train, by the calendar and the planner; `gaps`
    is what is not known of the past, `censored` what was asked for in vain. `events` are
    those that the planner noted; `partial` the days that an export tells in part.
    """

    calendar: Calendar
    catalogue: Catalogue
    tuning: Tuning
    demand: pl.DataFrame
    left_out: tuple[LeftOut, ...] = ()
    gaps: pl.DataFrame = field(default_factory=lambda: NO_GAPS)
    censored: Censored | None = None
    events: tuple[EventRecord, ...] = ()
    partial: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PARTIAL))

    @classmethod
    def read(cls, workspace: Workspace, counts: Counts, *, seed: int = 0) -> "Town":
        """Policy of the workspace, what its contacts add up to, and what they hide."""
        config = workspace.settings.config
        calendar = load_calendar(workspace)
        catalogue = load_policy(config / "catalogue.toml", Catalogue)
        tuning = load_tuning(config)
        left_out = periods_left_out(workspace, calendar)
        past = read_history(
            counts,
            calendar,
            catalogue,
            left_out=left_out,
            tuning=tuning.gaps,
            imported={one.source: one.at for one in workspace.ledger.imports()},
        )
        censored = unmet_demand(
            counts,
            past.demand,
            calendar,
            tuning.censored,
            left_out=(*left_out, *asked_before(past.gaps)),
            seed=seed,
        )
        return cls(
            calendar,
            catalogue,
            tuning,
            past.demand,
            left_out,
            past.gaps,
            censored,
            tuple(standing_events(workspace)),
            past.partial,
        )

    @cached_property
    def panels(self) -> list[Panel]:
        """Training history by cadence, without the periods that are left out."""
        parts = self.trained.partition_by("cadence", as_dict=True)
        return [to_panel(parts[key], str(key[0])) for key in sorted(parts)]

    @cached_property
    def trained(self) -> pl.DataFrame:
        """The demand that is learnt from, without the periods that are left out."""
        return self.training.filter(~self._is_left_out()).sort("series", "start")

    @property
    def last_day(self) -> date:
        """The last day known."""
        days = pl.col("cadence").replace_strict(PERIOD_DAYS, return_dtype=pl.Int64)
        ends = self.demand.select(
            pl.when(pl.col("cadence") == "month")
            .then(pl.col("start").dt.month_end())
            .otherwise(pl.col("start") + pl.duration(days=days - 1))
        )
        return first_and_last(ends.to_series())[1]

    @property
    def training(self) -> pl.DataFrame:
        """The demand to learn from, by the setting `train_on`."""
        if self.censored is None:
            return self.demand
        setting = self.tuning.censored.train_on
        return training_demand(self.demand, self.censored.unmet, setting)

    def _is_left_out(self) -> pl.Expr:
        """Whether a period overlaps one that is left out of training."""
        days = pl.col("cadence").replace_strict(PERIOD_DAYS, return_dtype=pl.Int64)
        end = pl.col("start") + pl.duration(days=days - 1)
        return is_left_out(self.left_out, self.demand["series"].unique(), end=end)

    @cached_property
    def places(self) -> pl.DataFrame:
        """Location and skill of every series, and whether its hours are known."""
        names = self.demand["series"].unique()
        return places(names, self.calendar, self.catalogue)

    @property
    def cadences(self) -> pl.DataFrame:
        """`series, cadence`."""
        return self.demand.select("series", "cadence").unique()

    def tasks(self, *, future: bool, horizon_days: int, origins: int) -> list[Task]:
        """One task per series, with the coming open periods or with origins only."""
        tasks = []
        for panel in self.panels:
            known = known_of(self.calendar, panel, horizon_days)
            beside = besides_of(panel, catalogue=self.catalogue)
            if future:
                wanted = self._open(panel, horizon_days)
                tasks += tasks_of(panel, wanted, known, self.tuning, origins, beside)
            else:
                tasks += origin_tasks(
                    panel, horizon_days, known, self.tuning, origins, beside
                )
        return [with_events(task, self.events) for task in tasks]

    @cached_property
    def effects(self) -> pl.DataFrame:
        """What elections, fees and channels did, as an `Effects` table."""
        daily = [panel for panel in self.panels if panel.cadence == "day"]
        if not daily:
            return Effects.create_empty()
        return effects_of(
            daily,
            known_of(self.calendar, daily[0], self.tuning.horizon_days),
            self.calendar.fee_changes,
            self.catalogue,
            self.tuning.effects,
        )

    def _open(self, panel: Panel, horizon_days: int) -> pl.DataFrame:
        """Open periods to come: by opening hours, else by the pattern of the past."""
        begins = ends(panel, self.tuning.stale_days)
        first = as_date(min(begins.values()))
        last = as_date(max(begins.values())) + timedelta(days=horizon_days)
        hours = self.places.filter("known") if panel.cadence == "day" else None
        by_hours = self._by_hours(hours, first, last)
        rest = [s for s in panel.series if s.name not in set(by_hours["series"])]
        parts = [by_hours]
        if rest:
            shut = (
                self.calendar.is_closed if panel.cadence == "day" else frozenset[date]()
            )
            rows = pl.concat(since_gap(series) for series in rest)
            parts.append(open_days(rows, first, last, closed=shut))
        return after_end(pl.concat(parts), begins, horizon_days)

    def _by_hours(
        self, hours: pl.DataFrame | None, first: date, last: date
    ) -> pl.DataFrame:
        if hours is None or hours.is_empty():
            return pl.DataFrame(schema={"series": pl.String, "start": pl.Date})
        opened = opening_days(hours, self.calendar, first, last)
        joined = hours.join(opened, on=["location", "skill"])
        return joined.select("series", "start")
