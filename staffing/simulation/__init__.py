"""Discrete-event simulation of a staffed week."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from staffing.simulation.distributions import Distribution
    from staffing.simulation.engine import simulate
    from staffing.simulation.outcomes import Estimate, Simulation
    from staffing.simulation.replaying import replay

_HOMES = {
    "Distribution": "distributions",
    "Estimate": "outcomes",
    "Simulation": "outcomes",
    "replay": "replaying",
    "simulate": "engine",
}

__all__ = ["Distribution", "Estimate", "Simulation", "replay", "simulate"]


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
