"""Whether the history suffices for a run: something to learn from, and late enough."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from forecasting.errors import InputError
from forecasting.pipeline.town import Town
from forecasting.planner import standing_exclusions
from forecasting.rolling.tasks import Task
from forecasting.series.panel import first_and_last
from forecasting.workspace import Workspace

MOST_NAMED = 5


def day_of(town: Town, now: datetime) -> date:
    """The day on the town's clock."""
    return now.astimezone(ZoneInfo(town.calendar.zone)).date()


def age_if_stale(town: Town, today: date) -> int | None:
    """How many days ago the history ended, where that is over the setting `stale_days`."""
    age = (today - town.last_day).days
    return age if age > town.tuning.stale_days else None


def check_history_left(workspace: Workspace, town: Town) -> None:
    """Something is left to learn from.

    Raises:
        InputError: exclusions cover the whole history; they are named.
    """
    if not town.trained.is_empty():
        return
    notes = [
        f"exclusion {note.id} ({note.first} to {note.last})"
        for note in standing_exclusions(workspace)
    ]
    policy = [
        f"{period.first} to {period.last} of calendar.toml"
        for period in town.calendar.excluded
    ]
    raise InputError(
        "expected a history to learn from, came one that is left out from "
        f"{first_and_last(town.demand['start'])[0]} to {town.last_day}: "
        f"{_few([*notes, *policy])}",
        remedy="Let one hold no longer: piekwijzer exclusions list, then "
        "piekwijzer exclusions withdraw NUMBER.",
    )


def check_reaches(town: Town, today: date) -> None:
    """Something of the horizon is still to come.

    Raises:
        InputError: the history ended so long ago that all of it has passed.
    """
    end = town.last_day + timedelta(days=town.tuning.horizon_days)
    if end < today:
        raise InputError(
            f"expected data of late, came a history that ends {town.last_day}: a forecast "
            f"of {town.tuning.horizon_days} days would end {end}, before {today}",
            remedy="Import newer exports, or look from an earlier day with --as-of.",
        )


def check_opens(town: Town, tasks: list[Task]) -> None:
    """Some series has an open period to come.

    Raises:
        InputError: none has.
    """
    if not tasks:
        raise InputError(
            "expected a series with an open period in the "
            f"{town.tuning.horizon_days} days after {town.last_day}, came none",
            remedy="See horizon_days in forecast.toml and the hours in calendar.toml.",
        )


def _few(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    shown = ", ".join(names[:MOST_NAMED])
    return f"{shown} and {more} more" if more > 0 else shown
