"""Whether two standards are the same, and which one somebody keeps."""

from forecasting.records import KeptStandardRecord
from forecasting.workspace import Workspace
from staffing.standards import Standard


def is_same(one: Standard, other: Standard) -> bool:
    """Whether two standards ask the same."""
    return (one.target, one.threshold_s) == (other.target, other.threshold_s)


def kept(workspace: Workspace, skill: str) -> KeptStandardRecord | None:
    """The standard that somebody keeps for a skill; None where that of the settings holds."""
    found = (one for one in workspace.ledger.kept_standards() if one.skill == skill)
    return next(found, None)
