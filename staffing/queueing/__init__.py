"""Erlang formulas: what a number of people buys."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from staffing.queueing.measures import (
        abandonment,
        mean_wait,
        occupancy,
        service_level,
        wait_probability,
    )
    from staffing.queueing.sizing import required_agents

_HOMES = {
    "abandonment": "measures",
    "mean_wait": "measures",
    "occupancy": "measures",
    "required_agents": "sizing",
    "service_level": "measures",
    "wait_probability": "measures",
}

__all__ = [
    "abandonment",
    "mean_wait",
    "occupancy",
    "required_agents",
    "service_level",
    "wait_probability",
]


def __getattr__(name: str) -> object:
    """Load a public function when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
