"""Sizings and levels a second on one core, ours and our peers' in turns."""

import statistics
import time
from collections.abc import Callable

import numpy as np

from staffing.queueing import required_agents, service_level
from tests.benches.queueing import peers

SIZINGS, THEIRS, TURNS = 200_000, 2_000, 5
CIW_CONTACTS, CIW_LOAD = 20_000, 10.0


def measure() -> list[dict[str, object]]:
    """One line per case; every ratio is of works timed in this run."""
    loads = _loads(SIZINGS)
    few = loads[:THEIRS]
    rest = peers.HANDLING_S, peers.THRESHOLD_S, peers.TARGET
    works: dict[str, tuple[int, Callable[[], object]]] = {
        "a": (
            SIZINGS,
            lambda: required_agents(_rate(loads), *rest, peers.PATIENCE_S),
        ),
        "c": (SIZINGS, lambda: required_agents(_rate(loads), *rest)),
        "one": (THEIRS, lambda: [required_agents(r, *rest) for r in _rate(few)]),
        "pyworkforce": (THEIRS, lambda: peers.sized_by_pyworkforce(few)),
    }
    rates = _rates(works)
    return [
        {
            "case": "sizings, Erlang A, 80% in 25 s, 0.25 to 50 Erlang",
            "per_second": rates["a"],
            "wanted_per_second": 200_000,
        },
        {
            "case": "sizings, Erlang C, same loads",
            "per_second": rates["c"],
            "pyworkforce_per_second": rates["pyworkforce"],
            "times_pyworkforce": round(rates["c"] / rates["pyworkforce"], 1),
            "times_pyworkforce_one_at_a_time": round(
                rates["one"] / rates["pyworkforce"], 2
            ),
            **_agreement(few),
        },
        _beside_ciw(rates["a"]),
    ]


def _loads(size: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.exp(rng.uniform(np.log(0.25), np.log(50), size))


def _rate(loads: np.ndarray) -> np.ndarray:
    return loads * 3600 / peers.HANDLING_S


def _rates(works: dict[str, tuple[int, Callable[[], object]]]) -> dict[str, float]:
    """Cases a second, the median of turns; the first turn compiles and is left out."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(TURNS + 1):
        for name, (_, work) in works.items():
            begin = time.perf_counter()
            work()
            if turn:
                times[name].append(time.perf_counter() - begin)
    return {
        name: round(size / statistics.median(times[name]))
        for name, (size, _) in works.items()
    }


def _agreement(loads: np.ndarray) -> dict[str, object]:
    """Where pyworkforce gives another answer: it starts at round(load + 1)."""
    ours = required_agents(_rate(loads), peers.HANDLING_S, peers.THRESHOLD_S, 0.8)
    theirs = np.array(peers.sized_by_pyworkforce(loads))
    levels = service_level(_rate(loads), peers.HANDLING_S, theirs, peers.THRESHOLD_S)
    far = np.abs(levels - peers.levels_by_pyworkforce(loads, theirs))
    return {
        "pyworkforce_level_differs_by_at_most": float(far.max()),
        "pyworkforce_asks_more": int((theirs > ours).sum()),
        "pyworkforce_asks_less": int((theirs < ours).sum()),
        "cases": loads.size,
    }


def _beside_ciw(sizings_per_second: float) -> dict[str, object]:
    """One size by simulation: two trials, of which ciw must decide the right one."""
    rest = peers.HANDLING_S, peers.THRESHOLD_S
    rate = float(_rate(np.array([CIW_LOAD]))[0])
    agents = int(required_agents(rate, *rest, peers.TARGET, peers.PATIENCE_S))
    begin = time.perf_counter()
    found = peers.sized_by_ciw(CIW_LOAD, agents, CIW_CONTACTS)
    seconds = time.perf_counter() - begin
    exact = float(
        service_level(rate, peers.HANDLING_S, agents, rest[1], peers.PATIENCE_S)
    )
    return {
        "case": f"one size by simulating {CIW_CONTACTS} contacts a trial, 10 Erlang",
        "ciw_per_second": round(1 / seconds, 2),
        "times_ciw": round(sizings_per_second * seconds),
        "ours": agents,
        "ciw": found,
        "level": exact,
        "level_by_ciw": peers.level_by_ciw(CIW_LOAD, agents, CIW_CONTACTS, seed=1),
    }
