"""Erlang formulas against exact values, a second implementation and their own laws."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.errors import InputError
from staffing.queueing import (
    abandonment,
    mean_wait,
    occupancy,
    required_agents,
    service_level,
    wait_probability,
)

ORACLE = Path(__file__).parents[3] / "shared" / "oracle" / "erlang.json"
oracle = pytest.mark.skipif(
    not ORACLE.exists(), reason="exact values ../shared/oracle are not here"
)


def table(part: str) -> dict[str, np.ndarray]:
    rows = json.loads(ORACLE.read_text("utf-8"))[part]
    return {name: np.array([row[name] for row in rows], float) for name in rows[0]}


def per_hour(load: float | np.ndarray, handling_s: float | np.ndarray) -> np.ndarray:
    return np.asarray(load) * 3600 / handling_s


def markov_chain(
    load: float, handling_s: float, agents: int, patience_s: float
) -> tuple[float, float]:
    """P(wait) and share given up from the stationary law of the birth-death chain."""
    states = np.arange(1, 4000)
    death = np.minimum(states, agents) / handling_s
    death = death + np.maximum(states - agents, 0) / patience_s
    logs = np.concatenate([[0.0], np.cumsum(np.log(load / handling_s / death))])
    law = np.exp(logs - logs.max())
    law /= law.sum()
    queue = np.maximum(np.arange(law.size) - agents, 0)
    lost = (law * queue).sum() / patience_s / (load / handling_s)
    return float(law[agents:].sum()), float(lost)


@oracle
def test_every_exact_erlang_c_value_is_met() -> None:
    exact = table("erlC")
    rate, handling = per_hour(exact["erlang"], exact["aht_s"]), exact["aht_s"]
    for target in (70, 80, 90):
        agents = required_agents(rate, handling, 25, target / 100)
        np.testing.assert_array_equal(agents, exact[f"n_{target}_25s"])
    people = exact["n_80_25s"]
    level = service_level(rate, handling, people, 25)
    np.testing.assert_allclose(level, exact["SL_at_n80"], rtol=0, atol=1e-9)
    waits = wait_probability(rate, handling, people)
    np.testing.assert_allclose(waits, exact["Pw"], rtol=0, atol=1e-9)
    wait = mean_wait(rate, handling, people)
    np.testing.assert_allclose(wait, exact["ASA_s"], rtol=1e-9)


@oracle
def test_every_exact_erlang_a_value_is_met() -> None:
    exact = table("erlA")
    handling = exact["aht_s"]
    basic = per_hour(exact["a"], handling), handling, exact["n"]
    patience = exact["patience_s"]
    found = {
        "SL": service_level(*basic, exact["T_s"], patience),
        "Pw": wait_probability(*basic, patience),
        "Pab": abandonment(*basic, patience),
        "Wq": mean_wait(*basic, patience),
        "occ": occupancy(*basic, patience),
    }
    found["Lq"] = found["Wq"] * exact["a"] / handling
    found["SL_of_answered"] = found["SL"] / (1 - found["Pab"])
    for name, values in found.items():
        np.testing.assert_allclose(values, exact[name], rtol=0, atol=1e-8, err_msg=name)


@pytest.mark.parametrize(
    ("agents", "load", "exact"),
    [
        (1, 0.5, 0.5),
        (2, 1, 1 / 3),
        (5, 4, 0.554112554112554),
        (14, 10, 0.17413193359505),
        (55, 50, 0.384547317932929),
        (110, 100, 0.237007500285053),
        (1030, 1000, 0.248908785843602),
    ],
)
def test_probability_of_waiting_is_exact(
    agents: int, load: float, exact: float
) -> None:
    found = wait_probability(per_hour(load, 180), 180, agents)
    assert found == pytest.approx(exact, abs=1e-12)


def test_erlang_b_recursion_is_exact() -> None:
    from staffing.queueing.kernels import more_agents

    assert more_agents(1.0, 10.0, 0, 10) == pytest.approx(0.214582343107347, abs=1e-14)


def test_service_level_of_ten_erlang_is_exact() -> None:
    levels = service_level(200, 180, [13, 14, 15], 20)
    exact = [0.795594788417783, 0.888350019179467, 0.941452842869022]
    np.testing.assert_allclose(levels, exact, atol=1e-12)
    levels = service_level(200, 180, [12, 14], 25)
    np.testing.assert_allclose(levels, [0.659604090981825, 0.900091207440217])
    assert mean_wait(200, 180, 14) == pytest.approx(7.835937, abs=1e-6)
    sizes = required_agents(200, 180, [20, 25, 25], [0.8, 0.8, 0.9])
    assert sizes.tolist() == [14, 13, 14]


def test_patience_gives_the_exact_values_of_fifty_agents() -> None:
    calls = 2880, 60, 50
    assert abandonment(*calls, 120) == pytest.approx(0.030912249162, abs=1e-12)
    assert wait_probability(*calls, 120) == pytest.approx(0.467774068554, abs=1e-12)
    assert mean_wait(*calls, 120) == pytest.approx(3.709469899, abs=1e-9)
    assert occupancy(*calls, 120) == pytest.approx(0.930324, abs=1e-6)


def test_long_threshold_at_high_load_does_not_underflow() -> None:
    assert service_level(2000, 180, 98, 900, 300) == pytest.approx(0.954734, abs=1e-6)


def test_one_agent_is_enough_for_half_an_erlang_in_fifteen_minutes() -> None:
    assert required_agents(per_hour(0.55, 300), 300, 900, 0.8) == 1
    assert service_level(per_hour(0.55, 300), 300, 1, 900) == pytest.approx(
        0.857, abs=1e-3
    )


def test_no_arrivals_are_a_level_of_one_and_need_nobody() -> None:
    assert service_level(0, 180, [0, 3], 25).tolist() == [1, 1]
    assert required_agents(0, [0, 180], 25, 0.8).tolist() == [0, 0]
    assert mean_wait(0, 180, 0) == 0
    assert occupancy(0, 180, [0, 2]).tolist() == [0, 0]


def test_arrivals_without_agents_are_a_level_of_zero() -> None:
    assert service_level(10, 180, 0, 3600) == 0
    assert service_level(10, 180, 0, 3600, 60) == 0
    assert abandonment(10, 180, 0, 60) == 1
    assert mean_wait(10, 180, 0, 60) == 60


def test_overload_without_patience_waits_for_ever() -> None:
    assert service_level(200, 180, [5, 10], 25).tolist() == [0, 0]
    assert mean_wait(200, 180, 10) == np.inf
    assert occupancy(200, 180, [5, 10]).tolist() == [1, 1]


def test_overload_with_patience_loses_what_does_not_fit() -> None:
    assert abandonment(per_hour(400, 180), 180, 100, 180) == pytest.approx(
        0.75, abs=1e-6
    )


@pytest.mark.parametrize("load", [1e-3, 0.5, 30, 1e3, 1e5])
@pytest.mark.parametrize("threshold", [1, 25, 3600])
@pytest.mark.parametrize("patience", [5, 300, 1e5, np.inf])
def test_levels_stay_shares_and_rise_with_agents(
    load: float, threshold: float, patience: float
) -> None:
    around = np.maximum(1, load + np.sqrt(load) * np.arange(-4, 5)).round()
    level = service_level(per_hour(load, 200), 200, around, threshold, patience)
    assert np.isfinite(level).all()
    assert ((level >= 0) & (level <= 1 + 1e-12)).all()
    assert (np.diff(level) >= -1e-9).all()


def test_much_patience_tends_to_erlang_c() -> None:
    patient = service_level(200, 180, [11, 12, 14], 25, 1e9)
    np.testing.assert_allclose(
        patient, service_level(200, 180, [11, 12, 14], 25), atol=1e-5
    )


def test_a_part_agent_lies_between_whole_ones() -> None:
    low, part, high = service_level(200, 180, [12, 12.25, 13], 25, 180)
    assert part == pytest.approx(0.75 * low + 0.25 * high)


@settings(max_examples=60, deadline=None)
@given(
    load=st.floats(0.05, 60),
    spare=st.integers(-8, 8),
    handling_s=st.floats(30, 1200),
    patience_s=st.floats(20, 2000),
)
def test_abandonment_agrees_with_the_markov_chain(
    load: float, spare: int, handling_s: float, patience_s: float
) -> None:
    agents = max(1, round(load) + spare)
    waits, lost = markov_chain(load, handling_s, agents, patience_s)
    rate = load * 3600 / handling_s
    assert wait_probability(rate, handling_s, agents, patience_s) == pytest.approx(
        waits, abs=1e-9
    )
    assert abandonment(rate, handling_s, agents, patience_s) == pytest.approx(
        lost, abs=1e-9
    )


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("arrivals_per_hour", (-1, 180, 25, 0.8)),
        ("arrivals_per_hour", (np.nan, 180, 25, 0.8)),
        ("handling_time_s", (10, -5, 25, 0.8)),
        ("handling_time_s", (10, 0, 25, 0.8)),
        ("threshold_s", (10, 180, -1, 0.8)),
        ("target", (10, 180, 25, 0)),
        ("target", (10, 180, 25, 1)),
        ("patience_s", (10, 180, 25, 0.8, 0)),
        ("arrival_cv", (10, 180, 25, 0.8, 60, -0.1)),
    ],
)
def test_a_value_out_of_range_is_named(name: str, arguments: tuple[float, ...]) -> None:
    with pytest.raises(InputError, match=name):
        required_agents(*arguments)


def test_fewer_agents_than_none_are_refused() -> None:
    with pytest.raises(InputError, match="agents"):
        service_level(10, 180, -1, 25)


def test_shapes_that_do_not_agree_are_refused() -> None:
    with pytest.raises(InputError, match="broadcast"):
        service_level([1, 2, 3], 180, [1, 2], 25)


def test_importing_the_formulas_does_not_load_numba() -> None:
    code = "import sys, staffing.queueing; sys.exit('numba' in sys.modules)"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, check=False)
    assert done.returncode == 0
