"""Queues whose arrival rate is uncertain: drawn, integrated, and counted by contacts."""

import numpy as np
import pytest
from scipy.stats import gamma

from staffing.queueing import required_agents, service_level


def test_uncertain_rate_is_the_share_of_contacts() -> None:
    cv = [0, 0.05, 0.1, 0.2]
    assert required_agents(200, 180, 25, 0.8, arrival_cv=cv).tolist() == [
        13,
        13,
        14,
        15,
    ]
    assert required_agents(300, 240, 25, 0.8, arrival_cv=cv).tolist() == [
        24,
        25,
        25,
        28,
    ]


def test_uncertain_rate_agrees_with_drawing_it() -> None:
    rng = np.random.default_rng(3)
    cv = 0.25
    rates = 200 * rng.gamma(cv**-2, cv**2, 100_000)
    drawn = np.sum(rates * service_level(rates, 180, 13, 25, 200)) / rates.sum()
    mixed = service_level(200, 180, 13, 25, 200, arrival_cv=cv)
    assert mixed == pytest.approx(drawn, abs=3e-3)


@pytest.mark.parametrize(
    ("patience_s", "allowed"), [(180, 1e-5), (float("inf"), 5e-3)], ids=["A", "C"]
)
@pytest.mark.parametrize("cv", [0.05, 0.1, 0.3, 0.5])
@pytest.mark.parametrize("load", [0.5, 10, 150])
def test_an_uncertain_rate_agrees_with_brute_integration(
    load: float, cv: float, patience_s: float, allowed: float
) -> None:
    """A midpoint sum over the gamma law, in 20,000 strips of equal probability."""
    shares = (np.arange(20_000) + 0.5) / 20_000
    rates = load * 20 * gamma.ppf(shares, cv**-2 + 1, scale=cv**2)
    for agents in {1, round(load) + 1, round(1.3 * load) + 2}:
        mixed = service_level(load * 20, 180, agents, 25, patience_s, arrival_cv=cv)
        brute = service_level(rates, 180, agents, 25, patience_s).mean()
        assert mixed == pytest.approx(brute, abs=allowed)
