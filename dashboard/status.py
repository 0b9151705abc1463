"""The state of a home folder in figures: what `piekwijzer status` prints."""

from forecasting.calendar import week_name
from forecasting.records import RunRecord
from forecasting.runs import Figures
from forecasting.workspace import Workspace
from staffing.publish.versions import Version, versions

TAKEN_FROM = {
    "series": "forecast",
    "horizon_days": "forecast",
    "wape": "forecast",
    "wape_last_year": "forecast",
    "forecast_warnings": "forecast",
    "required_hours": "roster",
    "rostered_hours": "roster",
    "hard_violations": "roster",
    "within_25s": "simulate",
    "peak_week": "reminders",
    "peak_load_hours": "reminders",
    "weeks_over_capacity": "reminders",
    "letters_planned": "reminders",
}
"""Headline figures and the kind of run that stored them."""


def read_status(workspace: Workspace) -> Figures:
    """Headline figures of the newest runs; null for what has not run yet."""
    imports = workspace.ledger.imports()
    kinds = sorted(set(TAKEN_FROM.values()))
    newest = {kind: workspace.ledger.latest(kind, {}) for kind in kinds}
    roster = newest["roster"]
    return {
        "rows_imported": sum(record.rows_imported for record in imports),
        "rows_rejected": sum(record.rows_rejected for record in imports),
        "week": roster.parameters["week"] if roster else None,
        **{name: _figure(newest[kind], name) for name, kind in TAKEN_FROM.items()},
        "rosters": _rosters(workspace),
        "standards_kept": {
            one.skill: f"{one.target:g} in {one.threshold_s:g} s"
            for one in workspace.ledger.kept_standards()
        },
    }


def _rosters(workspace: Workspace) -> dict[str, str]:
    """Per week the newest version with its state, and the published one if another."""
    found = versions(workspace)
    newest = {version.week: version for version in found}
    public = {version.week: version for version in found if version.is_published}
    told = {}
    for week, version in newest.items():
        shown = {version.number: version, **_by_number(public.get(week))}
        told[week_name(week)] = "; ".join(_said(one) for one in shown.values())
    return told


def _by_number(version: Version | None) -> dict[int, Version]:
    return {} if version is None else {version.number: version}


def _said(version: Version) -> str:
    when = f" {version.last.at:%Y-%m-%d} by {version.last.by}"
    return f"version {version.number} {version.state}{when}"


def _figure(run: RunRecord | None, name: str) -> object:
    return None if run is None else run.figures.get(name)


def status_text(figures: Figures) -> str:
    """The same figures, one on a line."""
    lines = []
    for name, value in figures.items():
        shown = value
        if isinstance(value, dict):
            shown = ", ".join(f"{part} {_number(v)}" for part, v in value.items())
        if isinstance(value, list) and value:
            shown = ", ".join(value)
        lines.append(f"{name:<18} {_number(shown)}")
    return "\n".join(lines)


def _number(value: object) -> str:
    if value is None:
        return "not known yet"
    if isinstance(value, list):
        return " ".join(value) or "none"
    return (
        f"{value:.3f}".rstrip("0").rstrip(".")
        if isinstance(value, float)
        else str(value)
    )
