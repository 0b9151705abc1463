"""How far the formulas lie from exact values and from the smallest number."""

import json
from pathlib import Path

import numpy as np

from staffing.queueing import (
    abandonment,
    mean_wait,
    occupancy,
    required_agents,
    service_level,
    wait_probability,
)

ORACLE = Path(__file__).parents[4] / "shared" / "oracle" / "erlang.json"
CASES = 10_000


def measure() -> list[dict[str, object]]:
    """One line per kind of check; none for exact values that are not here."""
    exact = [_erlang_c(), _erlang_a()] if ORACLE.exists() else []
    return [*exact, _smallest()]


def _table(part: str) -> dict[str, np.ndarray]:
    rows = json.loads(ORACLE.read_text("utf-8"))[part]
    return {name: np.array([row[name] for row in rows], float) for name in rows[0]}


def _erlang_c() -> dict[str, object]:
    exact = _table("erlC")
    handling, people = exact["aht_s"], exact["n_80_25s"]
    rate = exact["erlang"] * 3600 / handling
    wrong = sum(
        int((required_agents(rate, handling, 25, t / 100) != exact[f"n_{t}_25s"]).sum())
        for t in (70, 80, 90)
    )
    far = {
        "SL_at_n80": service_level(rate, handling, people, 25),
        "Pw": wait_probability(rate, handling, people),
    }
    return {
        "case": "exact values, Erlang C",
        "rows": people.size,
        "sizes_wrong": wrong,
        "largest_error": _largest(far, exact),
        "allowed": 1e-9,
    }


def _erlang_a() -> dict[str, object]:
    exact = _table("erlA")
    handling, patience = exact["aht_s"], exact["patience_s"]
    given = exact["a"] * 3600 / handling, handling, exact["n"]
    far = {
        "SL": service_level(*given, exact["T_s"], patience),
        "Pw": wait_probability(*given, patience),
        "Pab": abandonment(*given, patience),
        "Wq": mean_wait(*given, patience),
        "occ": occupancy(*given, patience),
    }
    return {
        "case": "exact values, Erlang A",
        "rows": exact["n"].size,
        "largest_error": _largest(far, exact),
        "allowed": 1e-8,
    }


def _largest(found: dict[str, np.ndarray], exact: dict[str, np.ndarray]) -> float:
    return max(float(np.abs(v - exact[name]).max()) for name, v in found.items())


def _smallest() -> dict[str, object]:
    """Random cases in which the number found must be enough and one less must not."""
    rng = np.random.default_rng(11)
    rate = np.exp(rng.uniform(np.log(0.001), np.log(500), CASES)) * 15
    rest = rng.uniform(1, 3600, CASES), rng.uniform(20, 3000, CASES)
    target = rng.uniform(0.3, 0.99, CASES)
    agents = required_agents(rate, 240, rest[0], target, rest[1])
    enough = service_level(rate, 240, agents, *rest) >= target
    fewer = service_level(rate, 240, agents - 1, *rest) < target
    return {
        "case": "minimal and sufficient, Erlang A",
        "rows": CASES,
        "not_enough": int((~enough).sum()),
        "not_minimal": int((~fewer).sum()),
    }
