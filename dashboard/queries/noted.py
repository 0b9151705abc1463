"""What is noted of some series: periods not learned from, events, adjustments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from forecasting.calendar import Calendar
from forecasting.history.leaving import meant_by
from forecasting.notes import NOTES, Adjustment, Event, Exclusion
from forecasting.pipeline.happenings import ELECTION, ELECTION_DAYS
from forecasting.planner import all_notes, notes_since, standing
from forecasting.records import Note, RunRecord
from forecasting.workspace import Workspace


@dataclass(frozen=True)
class Noted:
    """A note that holds for `meant` of the series asked for.

    `number` is 0 for what stands in the settings of the town. `factor` and `plus` are
    those of an adjustment.
    """

    kind: str
    number: int
    first: date
    last: date
    series: str
    reason: str
    by: str
    meant: int
    at: datetime | None = None
    name: str = ""
    factor: float = 1.0
    plus: float = 0.0

    @property
    def is_of_settings(self) -> bool:
        """Whether it stands in the settings, and so is not the planner's to change."""
        return self.number == 0


def noted(
    workspace: Workspace, calendar: Calendar, series: Sequence[str]
) -> list[Noted]:
    """All that holds for any of some series, in order of time."""
    names = list(series)
    own = [
        _of(kind, record, names)
        for kind in NOTES
        for record in standing(workspace, kind)
    ]
    every = [*own, *_of_settings(calendar, names)]
    found = [note for note in every if note.meant]
    return sorted(found, key=lambda note: (note.first, note.kind, note.number))


def _of(kind: str, record: Note, names: list[str]) -> Noted:
    return Noted(
        kind=kind,
        number=record.id,
        first=record.first,
        last=record.last,
        series=record.series,
        reason=record.reason,
        by=record.by,
        at=record.at,
        meant=len(meant_by(record.series, names)),
        name=getattr(record, "name", ""),
        factor=getattr(record, "factor", 1.0),
        plus=getattr(record, "plus", 0.0),
    )


def _of_settings(calendar: Calendar, names: list[str]) -> list[Noted]:
    """Periods that the calendar leaves out, and polling days with the days before."""
    periods = [(p, f"{p.location}/*" if p.location else "") for p in calendar.excluded]
    left_out = [
        Noted(
            kind=Exclusion.kind,
            number=0,
            first=period.first,
            last=period.last,
            series=pattern,
            reason=period.name,
            by="",
            meant=len(meant_by(pattern, names)),
        )
        for period, pattern in periods
    ]
    before = timedelta(days=ELECTION_DAYS)
    votes = [
        Noted(Event.kind, 0, day - before, day, "", "", "", len(names), name=ELECTION)
        for day in calendar.elections
    ]
    return [*left_out, *votes]


def is_waiting(workspace: Workspace, run: RunRecord, series: Sequence[str]) -> bool:
    """Whether a note on some series was made or withdrawn since a forecast began."""
    names = list(series)
    newer = notes_since(workspace, run.at)
    return any(meant_by(record.series, names) for record in newer)


def adjustments_ever(workspace: Workspace, series: list[str]) -> dict[int, Noted]:
    """Adjustments of some series by number, also those that hold no longer."""
    records = all_notes(workspace, Adjustment.kind)
    every = [_of(Adjustment.kind, record, series) for record in records]
    return {note.number: note for note in every if note.meant}
