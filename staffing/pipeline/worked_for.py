"""The standard that a stored requirement was worked out for."""

from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.standards import Standard
from staffing.store import standards_of_settings


def worked_for(workspace: Workspace, run: RunRecord, skill: str) -> Standard | None:
    """The standard of a skill that a requirement holds for; None for work without one.

    One that does not tell is of before standards could be kept: that of the settings.
    """
    of_settings = standards_of_settings(workspace).skill.get(skill)
    told = _told(run, skill)
    if of_settings is None or None in told.values():
        return of_settings
    return of_settings.model_copy(update=told)


def _told(run: RunRecord, skill: str) -> dict[str, float | None]:
    standards = run.figures.get("standards")
    of_skill = standards.get(skill) if isinstance(standards, dict) else None
    found = of_skill if isinstance(of_skill, dict) else {}
    return {name: found.get(name) for name in ("target", "threshold_s")}
