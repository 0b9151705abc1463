"""The weekly roster: instance, solver, verifier."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from staffing.roster.building import build
    from staffing.roster.instance import Instance
    from staffing.roster.result import Roster
    from staffing.roster.solving import solve
    from staffing.roster.verifying import verify
    from staffing.roster.violation import Violation

_PLACES = {
    "build": "building",
    "Instance": "instance",
    "Roster": "result",
    "solve": "solving",
    "verify": "verifying",
    "Violation": "violation",
}

__all__ = ["Instance", "Roster", "Violation", "build", "solve", "verify"]


def __getattr__(name: str) -> object:
    """Load the module of a public name when it is first asked for."""
    if name not in _PLACES:
        raise AttributeError(f"module 'staffing.roster' has no attribute '{name}'")
    return getattr(import_module(f"staffing.roster.{_PLACES[name]}"), name)
