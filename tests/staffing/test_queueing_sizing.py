"""Required agents: enough, and nobody too many, in ten thousand random cases."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.queueing import required_agents, service_level

BATCHES, CASES = 100, 100
ROUNDING = 1e-11
"""How far two ways to the same level may lie apart."""


def random_cases(seed: int) -> tuple[np.ndarray, ...]:
    """Rate, handling time, threshold, target, patience and cv of a batch of cases."""
    rng = np.random.default_rng(seed)
    load = np.exp(rng.uniform(np.log(1e-3), np.log(300), CASES))
    handling = rng.uniform(30, 1800, CASES)
    threshold = np.exp(rng.uniform(0, np.log(3600), CASES))
    target = rng.uniform(0.05, 0.995, CASES)
    patience = np.exp(rng.uniform(np.log(5), np.log(5000), CASES))
    patience[rng.random(CASES) < 0.25] = np.inf
    cv = rng.choice([0.0] * 6 + [0.1, 0.3], CASES)
    return load * 3600 / handling, handling, threshold, target, patience, cv


@settings(max_examples=BATCHES, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32 - 1))
def test_required_agents_are_minimal_and_sufficient(seed: int) -> None:
    rate, handling, threshold, target, patience, cv = random_cases(seed)
    agents = required_agents(rate, handling, threshold, target, patience, cv)
    given = rate, handling
    rest = threshold, patience, cv
    assert (service_level(*given, agents, *rest) >= target - ROUNDING).all()
    fewer = service_level(*given, agents - 1, *rest)
    assert (fewer < target + ROUNDING).all()


def test_no_smaller_number_at_all_is_enough() -> None:
    """Counted from nobody upwards, the first that reaches the target is the answer."""
    for seed in range(3):
        rate, handling, threshold, target, patience, cv = random_cases(seed)
        small = rate * handling / 3600 < 30
        cases = [a[small][:, None] for a in (rate, handling, threshold, patience)]
        rate, handling, threshold, patience = cases
        target, cv = target[small][:, None], np.minimum(cv[small], 0.1)[:, None]
        people = np.arange(90)[None, :]
        level = service_level(rate, handling, people, threshold, patience, cv)
        first = (level >= target - ROUNDING).argmax(axis=1)
        found = required_agents(rate, handling, threshold, target, patience, cv)
        np.testing.assert_array_equal(found[:, 0], first)
