"""Discrete-event simulation of a staffed week."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from staffing.simulation.distributions import Distribution
    from staffing.simulation.engine import simulate
    from staffing.simulation.outcomes import Estimate, Simulation
    from staffing.simulation.replaying import replay

__all__ = ["Distribution", "Estimate", "Simulation", "replay", "simulate"]

__getattr__ = lazily(
    __name__,
    {
        "Distribution": "distributions",
        "Estimate": "outcomes",
        "Simulation": "outcomes",
        "replay": "replaying",
        "simulate": "engine",
    },
)
