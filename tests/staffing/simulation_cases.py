"""What tests of the simulation share: long steady runs, and how far is too far."""

from dataclasses import fields

from numpy.typing import ArrayLike

from staffing.simulation import (
    Estimate,
    Group,
    NetworkResult,
    NotReady,
    Queue,
    Simulation,
    simulate_network,
)

STEADY = 40
"""Slots left out while a queue fills."""


def without_start(run: Simulation) -> Simulation:
    """The same simulation without its first slots."""
    return Simulation(*(getattr(run, f.name)[:, STEADY:] for f in fields(run)))


def error_of(estimate: Estimate) -> float:
    """The standard error of an estimate over some 40 replications."""
    return (estimate.high - estimate.low) / 2 / 2.02


def within_three_errors(estimate: Estimate, exact: float) -> bool:
    return bool(abs(estimate.mean - exact) <= 3 * error_of(estimate))


def agree(one: Estimate, other: Estimate) -> bool:
    """Whether two estimates differ by at most three combined standard errors."""
    error = (error_of(one) ** 2 + error_of(other) ** 2) ** 0.5
    return bool(abs(one.mean - other.mean) <= 3 * error)


def run(
    queues: list[Queue],
    agents: ArrayLike,
    *,
    replications: int = 40,
    seed: int = 5,
    exact: bool = False,
    not_ready: NotReady | None = None,
) -> NetworkResult:
    """A network of quarter-hours with one group that serves all queues in their order."""
    serves = {queue.name: rank for rank, queue in enumerate(queues)}
    group = Group("all", agents, serves, not_ready)
    return simulate_network(
        queues, [group], slot_s=900, replications=replications, seed=seed, exact=exact
    )
