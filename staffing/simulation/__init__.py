"""Discrete-event simulation of a staffed week."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from staffing.simulation.distributions import Distribution
    from staffing.simulation.engine import simulate
    from staffing.simulation.network import NetworkResult, simulate_network
    from staffing.simulation.network_parts import (
        Again,
        CallBack,
        Group,
        NotReady,
        Planned,
        Queue,
    )
    from staffing.simulation.outcomes import Estimate, Simulation
    from staffing.simulation.replaying import replay

__all__ = [
    "Again",
    "CallBack",
    "Distribution",
    "Estimate",
    "Group",
    "NetworkResult",
    "NotReady",
    "Planned",
    "Queue",
    "Simulation",
    "replay",
    "simulate",
    "simulate_network",
]

__getattr__ = lazily(
    __name__,
    {
        "Again": "network_parts",
        "CallBack": "network_parts",
        "Distribution": "distributions",
        "Estimate": "outcomes",
        "Group": "network_parts",
        "NetworkResult": "network",
        "NotReady": "network_parts",
        "Planned": "network_parts",
        "Queue": "network_parts",
        "Simulation": "outcomes",
        "replay": "replaying",
        "simulate": "engine",
        "simulate_network": "network",
    },
)
