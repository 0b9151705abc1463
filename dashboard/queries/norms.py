"""Which standard a requirement was worked out for, and which one somebody keeps."""

from dashboard.queries.chain import figure
from forecasting.records import KeptStandardRecord, RunRecord
from forecasting.workspace import Workspace
from staffing.standards import Standard


def worked_for(run: RunRecord, skill: str, of_settings: Standard) -> Standard:
    """The standard that a requirement holds for.

    One that does not tell is of before standards could be kept: that of the settings.
    """
    told = {
        name: figure(run, "standards", skill, name)
        for name in ("target", "threshold_s")
    }
    if None in told.values():
        return of_settings
    return of_settings.model_copy(update=told)


def is_same(one: Standard, other: Standard) -> bool:
    """Whether two standards ask the same."""
    return (one.target, one.threshold_s) == (other.target, other.threshold_s)


def kept(workspace: Workspace, skill: str) -> KeptStandardRecord | None:
    """The standard that somebody keeps for a skill; None where that of the settings holds."""
    found = (one for one in workspace.ledger.kept_standards() if one.skill == skill)
    return next(found, None)
