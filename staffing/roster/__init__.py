"""The weekly roster: instance, solver, verifier."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from staffing.roster.building import build
    from staffing.roster.instance import Instance
    from staffing.roster.reading import read_instance
    from staffing.roster.replanning.editing import check_edit
    from staffing.roster.replanning.repairing import replan
    from staffing.roster.result import Roster
    from staffing.roster.solving import solve
    from staffing.roster.verifying import verify
    from staffing.roster.violation import Violation

__all__ = [
    "Instance",
    "Roster",
    "Violation",
    "build",
    "check_edit",
    "read_instance",
    "replan",
    "solve",
    "verify",
]

__getattr__ = lazily(
    __name__,
    {
        "build": "building",
        "check_edit": "replanning.editing",
        "Instance": "instance",
        "replan": "replanning.repairing",
        "read_instance": "reading",
        "Roster": "result",
        "solve": "solving",
        "verify": "verifying",
        "Violation": "violation",
    },
)
