"""The chain as stored: which step ran when, and what has changed since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from forecasting.calendar import parse_week
from forecasting.planner import notes_since
from forecasting.policy import fingerprint
from forecasting.records import RunRecord
from forecasting.workspace import Workspace

FEEDS = {
    "forecast": None,
    "requirement": "forecast",
    "what_if": "requirement",
    "agenda": "requirement",
    "roster": "requirement",
    "simulate": "roster",
    "reminders": "requirement",
    "promises": None,
}
"""Steps of the chain and the step each one reads; those of none read the imports."""


@dataclass(frozen=True)
class Step:
    """One step: its newest run, and whether what it read has been renewed since."""

    kind: str
    run: RunRecord | None
    is_stale: bool


def steps(workspace: Workspace) -> list[Step]:
    """Every step of the chain in order."""
    newest = {kind: workspace.ledger.latest(kind, {}) for kind in FEEDS}
    files = fingerprint(workspace.settings.config)
    return [
        Step(kind, newest[kind], _is_stale(workspace, newest, kind, files))
        for kind in FEEDS
    ]


def _is_stale(
    workspace: Workspace,
    newest: Mapping[str, RunRecord | None],
    kind: str,
    files: str,
) -> bool:
    run, feed = newest[kind], FEEDS[kind]
    if run is None:
        return False
    if run.config_hash != workspace.policy_hash(kind, files):
        return True
    if kind == "forecast" and notes_since(workspace, run.at):
        return True
    if feed is None:
        return any(record.at > run.at for record in workspace.ledger.imports())
    source = newest[feed]
    return source is not None and source.at > run.at


def newest_run(workspace: Workspace, kind: str, **parameters: str) -> RunRecord | None:
    """The newest run of a step, or None when it has not run."""
    return workspace.ledger.latest(kind, parameters)


def is_older(workspace: Workspace, run: RunRecord, kind: str) -> bool:
    """Whether a step that a run reads has run again since."""
    source = newest_run(workspace, kind)
    return source is not None and source.at > run.at


def weeks_of(workspace: Workspace, kind: str) -> list[str]:
    """The weeks for which a step has run, in order."""
    runs = workspace.ledger.runs(kind)
    return sorted({run.parameters["week"] for run in runs if "week" in run.parameters})


def figure(run: RunRecord | None, *path: str) -> float | None:
    """A number among the figures of a run; None when run or figure is missing."""
    value: object = None if run is None else run.figures
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return float(value) if isinstance(value, int | float) else None


def figure_names(run: RunRecord | None, *path: str) -> list[str]:
    """The names under which a run keeps figures of one kind."""
    found: object = None if run is None else run.figures
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return list(found) if isinstance(found, Mapping) else []


def figure_week(run: RunRecord | None, *path: str) -> date | None:
    """A week among the figures of a run, as its Monday; weeks are stored by name."""
    value: object = None if run is None else run.figures
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    if not isinstance(value, str):
        return None
    return parse_week(value) if "W" in value else date.fromisoformat(value)


def aware(at: datetime) -> datetime:
    """A stored time with its zone: SQLite gives UTC back without saying so."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)
