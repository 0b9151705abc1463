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
from forecasting.history.gaps import NO_GAPS
from forecasting.history.leaving import LeftOut, is_left_out
from forecasting.history.opening import known_days as opening_days
from forecasting.history.opening import places
from forecasting.opening import load_calendar
from forecasting.pipeline.training import training_demand
from forecasting.planner import standing_exclusions
from forecasting.policy import load_policy
from forecasting.rolling.tasks import Task, origin_tasks, tasks_of
from forecasting.series.cadence import PERIOD_DAYS
from forecasting.series.knowndays import Known, known_days
from forecasting.series.openness import after_end, ends, since_gap
from forecasting.series.panel import Panel, as_date, to_panel
from forecasting.tuning import Tuning, load_tuning
from forecasting.workspace import Workspace

USUAL_LEAD = timedelta(days=28)
"""Most bookings are made no longer than this ahead."""

ELECTION_DAYS = 14
"""Questions and voting passes come in the two weeks up to polling day."""


@dataclass(frozen=True)
class Town:
    """What a run knows before it forecasts; `demand` is dated by visit.

    `left_out` are the periods that do not train, by the calendar and the planner; `gaps`
    is what is not known of the past, `censored` what was asked for in vain.
    """

    calendar: Calendar
    catalogue: Catalogue
    tuning: Tuning
    demand: pl.DataFrame
    left_out: tuple[LeftOut, ...] = ()
    gaps: pl.DataFrame = field(default_factory=lambda: NO_GAPS)
    censored: Censored | None = None

    @classmethod
    def read(cls, workspace: Workspace, counts: Counts, *, seed: int = 0) -> "Town":
        """Policy of the workspace, what its contacts add up to, and what they hide."""
        config = workspace.settings.config
        calendar = load_calendar(workspace)
        catalogue = load_policy(config / "catalogue.toml", Catalogue)
        tuning = load_tuning(config)
        left_out = periods_left_out(workspace, calendar)
        past = read_history(
            counts, calendar, catalogue, left_out=left_out, tuning=tuning.gaps
        )
        censored = unmet_demand(
            counts,
            past.demand,
            calendar,
            tuning.censored,
            left_out=(*left_out, *_asked_before(past.gaps)),
            seed=seed,
        )
        return cls(
            calendar, catalogue, tuning, past.demand, left_out, past.gaps, censored
        )

    @cached_property
    def panels(self) -> list[Panel]:
        """Training history by cadence, without the periods that are left out."""
        kept = self.training.filter(~self._is_left_out()).sort("series", "start")
        parts = kept.partition_by("cadence", as_dict=True)
        return [to_panel(parts[key], str(key[0])) for key in sorted(parts)]

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
            known = self._known(panel, horizon_days)
            if future:
                wanted = self._open(panel, horizon_days)
                tasks += tasks_of(panel, wanted, known, self.tuning, origins)
            else:
                tasks += origin_tasks(panel, horizon_days, known, self.tuning, origins)
        return tasks

    def _known(self, panel: Panel, horizon_days: int) -> Known:
        first = as_date(min(series.starts[0] for series in panel.series)).year
        last = as_date(panel.last) + timedelta(days=horizon_days)
        votes = pl.DataFrame({"end": self.calendar.elections}, schema={"end": pl.Date})
        events = votes.select(
            pl.lit("election").alias("name"),
            pl.col("end").dt.offset_by(f"-{ELECTION_DAYS - 1}d").alias("start"),
            "end",
        )
        return known_days(
            self.calendar.country,
            None,
            (first, last.year + 1),
            events=events,
            school_region=self.calendar.school_region,
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


def periods_left_out(workspace: Workspace, calendar: Calendar) -> tuple[LeftOut, ...]:
    """Periods that do not train: those of the calendar, and those the planner noted."""
    noted = standing_exclusions(workspace)
    return (
        *(LeftOut(p.first, p.last, _all_of(p.location)) for p in calendar.excluded),
        *(LeftOut(note.first, note.last, note.series) for note in noted),
    )


def _asked_before(gaps: pl.DataFrame) -> list[LeftOut]:
    """Days of asking of which bookings are missing, for their visits were in a gap."""
    missing = gaps.filter(pl.col("kind") != "series")
    days = missing.select("first", "last", "series")
    return [
        LeftOut(first - USUAL_LEAD, last, name)
        for first, last, name in days.iter_rows()
    ]


def _all_of(location: str | None) -> str:
    """The pattern of all series of a location; of all where none is named."""
    return f"{location}/*" if location else ""
