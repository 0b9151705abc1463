"""How long a town of many series takes, in how much memory, and what two workers save."""

import json
import sys

from tests.benches.memory import run_watched

SERIES = 300
SUBSET = 40
TURNS = 2
LIMIT_S, LIMIT_GIB, LEAST_GAIN = 600.0, 3.0, 1.7


def measure(
    series: int = SERIES, subset: int = SUBSET, turns: int = TURNS
) -> dict[str, object]:
    """Seconds and peak memory of the whole town, and the gain of a second worker.

    One and two workers take turns on the same subset; their seconds are those of the
    fan-out alone, the fastest turn of each. All works run in processes of their own.
    """
    ratios = [(_run(subset, 1), _run(subset, 2)) for _ in range(turns)]
    alone, paired = (min(_predict_s(turn[i]) for turn in ratios) for i in (0, 1))
    whole = _run(series, 2)
    return {
        "town": whole,
        "within_limits": bool(
            _number(whole, "seconds") < LIMIT_S
            and _number(whole, "peak_gib") < LIMIT_GIB
        ),
        "cpu_s_per_series": round(_number(whole, "cpu_s") / series, 2),
        "subset": subset,
        "one_worker_s": alone,
        "two_workers_s": paired,
        "two_workers_gain": round(alone / paired, 2),
        "gain_is_enough": alone / paired >= LEAST_GAIN,
    }


def _run(series: int, workers: int) -> dict[str, object]:
    command = [sys.executable, "-m", "tests.benches.forecast.big_town"]
    output, seconds, peak = run_watched([*command, str(series), str(workers)])
    found: dict[str, object] = json.loads(output)
    return {**found, "seconds": round(seconds, 1), "peak_gib": round(peak, 2)}


def _predict_s(done: dict[str, object]) -> float:
    return _number(done, "predict_s")


def _number(done: dict[str, object], name: str) -> float:
    value = done[name]
    if not isinstance(value, int | float):
        raise TypeError(f"expected a number as {name}, came {value!r}")
    return float(value)
