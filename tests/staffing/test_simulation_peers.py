"""The same small systems in ciw: another engine, other random numbers, the same means."""

import ciw
import numpy as np
import pytest

from staffing.simulation import (
    Distribution,
    Estimate,
    Group,
    Queue,
    simulate,
    simulate_network,
)
from tests.staffing.simulation_cases import agree

SLOTS, TRIALS = 6, 60
CLOSE = 900.0 * SLOTS
LAW = Distribution(240, 1.3)


def lognormal() -> ciw.dists.Lognormal:
    """The same law as ciw names it."""
    sigma = float(np.sqrt(np.log1p(LAW.cv**2)))
    return ciw.dists.Lognormal(float(np.log(LAW.mean)) - sigma**2 / 2, sigma)


def lived(network: object, seed: int) -> list[ciw.data_record.DataRecord]:
    """What ciw says of who came before closing."""
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(4 * CLOSE)
    return [row for row in simulation.get_all_records() if row.arrival_date < CLOSE]


def estimate(values: list[float]) -> Estimate:
    mean = float(np.mean(values))
    half = 2.02 * float(np.std(values, ddof=1)) / np.sqrt(len(values))
    return Estimate(mean, mean - half, mean + half)


@pytest.mark.parametrize("patience", [None, 200.0])
def test_one_queue_agrees_with_ciw(patience: float | None) -> None:
    reneging = [ciw.dists.Exponential(1 / patience)] if patience else None
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(1 / 90)],
        service_distributions=[lognormal()],
        number_of_servers=[3],
        reneging_time_distributions=reneging,
    )
    trials = [lived(network, seed) for seed in range(TRIALS)]
    ours = simulate(
        np.full(SLOTS, 10), np.full(SLOTS, 3), LAW, patience,
        slot_s=900, threshold_s=25, replications=2000, seed=1,
    ).overall  # fmt: skip
    waits = [float(np.sum([row.waiting_time for row in rows])) / 60 for rows in trials]
    per_contact = ours.mean_wait_s
    assert agree(estimate(waits), per_contact)
    left = [sum(row.record_type == "renege" for row in rows) / 60 for rows in trials]
    if patience:
        assert agree(estimate(left), ours.abandoned_share)


def test_two_classes_with_priority_agree_with_ciw() -> None:
    network = ciw.create_network(
        arrival_distributions={
            "first": [ciw.dists.Exponential(1 / 180)],
            "second": [ciw.dists.Exponential(1 / 180)],
        },
        service_distributions={"first": [lognormal()], "second": [lognormal()]},
        number_of_servers=[3],
        priority_classes={"first": 0, "second": 1},
    )
    trials = [lived(network, 1000 + seed) for seed in range(TRIALS)]
    names = ("first", "second")
    ours = simulate_network(
        [Queue(name, [5] * SLOTS, LAW, 25) for name in names],
        [Group("all", [3] * SLOTS, {"first": 0, "second": 1})],
        slot_s=900, replications=2000, seed=1,
    )  # fmt: skip
    for name in names:
        waits = [
            sum(row.waiting_time for row in rows if row.customer_class == name) / 30
            for rows in trials
        ]
        assert agree(estimate(waits), ours.queues[name].overall.mean_wait_s), name
