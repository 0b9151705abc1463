"""What the board says of promises and teams: figures of stored runs, nothing reckoned anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from dashboard.queries import agenda, chain, load, slots
from forecasting.calendar import parse_week
from forecasting.records import RunRecord
from forecasting.workspace import Workspace

FIRST_SKILL = "phone"


@dataclass(frozen=True)
class Estimate:
    """A mean and how sure it is: the ends of its 95% interval."""

    mean: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Served:
    """What a simulated week says of one task: the share in time, beside what was asked."""

    skill: str
    share: Estimate
    wait_s: Estimate | None
    target: float
    threshold_s: float

    @property
    def is_met(self) -> bool:
        """Whether the mean meets the target."""
        return self.share.mean >= self.target


@dataclass(frozen=True)
class Short:
    """Quarter-hours with fewer people than required, and where most of them are."""

    quarters: int
    location: str
    day: date


@dataclass(frozen=True)
class Promise:
    """How far places within the promised days go, and the product that falls short most."""

    kept: float
    promised: float
    first: date
    weeks: int
    worst: agenda.Unkept | None


@dataclass(frozen=True)
class Team:
    """The fullest of the next weeks of a team, and its next peak."""

    location: str
    skill: str
    week: date
    hours: float
    share: float | None
    peak: load.Peak | None


def estimate(run: RunRecord | None, *path: str) -> Estimate | None:
    """A mean with its interval among the figures of a run; None where it has none."""
    mean = chain.figure(run, *path, "mean")
    if mean is None:
        return None
    return Estimate(
        mean, chain.figure(run, *path, "low"), chain.figure(run, *path, "high")
    )


def served(run: RunRecord | None, skill: str) -> Served | None:
    """What a simulation says of a task; None where it does not."""
    path = ("skills", skill)
    share = estimate(run, *path, "within_target")
    target = chain.figure(run, *path, "target")
    threshold = chain.figure(run, *path, "threshold_s")
    if share is None or target is None or threshold is None:
        return None
    wait = estimate(run, *path, "mean_wait_s")
    return Served(skill, share, wait, target, threshold)


def promises(run: RunRecord | None) -> list[Served]:
    """All that a simulated week says, calls first."""
    names = chain.figure_names(run, "skills")
    ordered = sorted(names, key=lambda name: (name != FIRST_SKILL, name))
    found = (served(run, name) for name in ordered)
    return [one for one in found if one is not None]


def week_of(run: RunRecord) -> date:
    """The Monday of the week that a run is of."""
    return parse_week(run.parameters["week"])


def short(
    workspace: Workspace, run: RunRecord, skill: str, zone: str
) -> tuple[int, Short | None]:
    """How many quarter-hours are short of people for a task, and the worst place and day."""
    rows = slots.coverage(workspace, run, week_of(run), zone)
    low = rows.filter(pl.col("skill") == skill, pl.col("spare") < 0)
    if low.is_empty():
        return 0, None
    by_day = low.group_by("location", pl.col("local").dt.date().alias("day")).len()
    order = by_day.sort("len", "day", "location", descending=[True, False, False])
    top = order.row(0, named=True)
    return low.height, Short(top["len"], top["location"], top["day"])


def promise_of_places(run: RunRecord) -> Promise | None:
    """How many days keep the promise; None where an agenda did not tell."""
    kept, promised = (
        chain.figure(run, name) for name in ("days_kept", "days_promised")
    )
    first, weeks = run.figures.get("first"), chain.figure(run, "weeks")
    if kept is None or promised is None or weeks is None:
        return None
    worst = max(agenda.every_unkept(run), key=lambda one: one.days, default=None)
    return Promise(kept, promised, date.fromisoformat(str(first)), round(weeks), worst)


def teams(
    workspace: Workspace, run: RunRecord, *, first: date, weeks: int, most: int
) -> tuple[list[Team], int]:
    """The teams that are fullest in the next weeks, and how many there are.

    Teams with a peak to come go first, then the fullest; where no capacity is known, the
    week with most hours stands for the fullest.
    """
    rows = load.weekly_load(workspace, run, first=first, weeks=weeks)
    coming = load.peaks(workspace, run, first=first)
    found = [
        _team(part, coming)
        for part in rows.partition_by("location", "skill", maintain_order=True)
    ]
    found.sort(key=lambda team: (team.peak is None, -(team.share or 0.0)))
    return found[:most], len(found)


def _team(rows: pl.DataFrame, coming: Sequence[load.Peak]) -> Team:
    order = ["share", "hours", "week"]
    down = [True, True, False]
    top = rows.sort(order, descending=down, nulls_last=True).row(0, named=True)
    own = (top["location"], top["skill"])
    peak = next((p for p in coming if (p.location, p.skill) == own), None)
    return Team(*own, top["week"], top["hours"], top["share"], peak)


def last_week(first: date, weeks: int) -> date:
    """The Monday of the last of some weeks."""
    return first + timedelta(weeks=weeks - 1)
