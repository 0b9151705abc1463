"""Letters of the next weeks: how many are to go out, and how far these came.

A week with a batch sends what was approved of it; any other week sends what the newest
plan says, once somebody approves it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dashboard.queries.approvals import to_approve
from dashboard.queries.chain import newest_run
from dashboard.queries.planning_day import planning_day, planning_week
from forecasting.calendar import week_name
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.reminders.batches.stored import APPROVED, EXPORTED, standing_batches

WEEKS = 8
"""How far the overview and `piekwijzer status` look ahead."""


@dataclass(frozen=True)
class LettersAhead:
    """Letters from the week of `first` on, over some weeks.

    `exported` are in files made for the registry, `approved` wait for these, and of the
    weeks in `waiting` nobody approved the letters yet.
    """

    first: date
    weeks: int
    exported: int
    approved: int
    waiting: Mapping[date, int]

    @property
    def unapproved(self) -> int:
        """Letters that wait for a decision."""
        return sum(self.waiting.values())

    @property
    def wanted(self) -> int:
        """All of them."""
        return self.exported + self.approved + self.unapproved

    def as_figures(self) -> dict[str, object]:
        """The same for programs; weeks by name."""
        return {
            "first": week_name(self.first),
            "weeks": self.weeks,
            "wanted": self.wanted,
            "exported": self.exported,
            "approved": self.approved,
            "waiting": self.unapproved,
            "waiting_weeks": [week_name(week) for week in self.waiting],
        }


def letters_ahead(
    workspace: Workspace, run: RunRecord, first: date, weeks: int = WEEKS
) -> LettersAhead:
    """What a plan and the batches send in some weeks from a Monday on."""
    end = first + timedelta(weeks=weeks)
    sent = dict.fromkeys((EXPORTED, APPROVED), 0)
    for batch in standing_batches(workspace):
        if first <= batch.mailing_week < end:
            sent[batch.state] += batch.letters
    open_weeks = to_approve(workspace, run, first)
    waiting = {week: count for week, count in open_weeks.items() if week < end}
    return LettersAhead(first, weeks, sent[EXPORTED], sent[APPROVED], waiting)


def letters_of_status(workspace: Workspace, now: datetime) -> dict[str, object] | None:
    """What `piekwijzer status` tells of them; None before there is a plan."""
    run = newest_run(workspace, "reminders")
    if run is None:
        return None
    first = planning_week(planning_day(workspace, now))
    return letters_ahead(workspace, run, first).as_figures()
