"""Erlang formulas: what a number of people buys."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from staffing.queueing.measures import (
        abandonment,
        mean_wait,
        occupancy,
        service_level,
        wait_probability,
    )
    from staffing.queueing.sizing import required_agents

__all__ = [
    "abandonment",
    "mean_wait",
    "occupancy",
    "required_agents",
    "service_level",
    "wait_probability",
]

__getattr__ = lazily(
    __name__,
    {
        "abandonment": "measures",
        "mean_wait": "measures",
        "occupancy": "measures",
        "required_agents": "sizing",
        "service_level": "measures",
        "wait_probability": "measures",
    },
)
