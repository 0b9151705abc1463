"""Measures the simulation, part by part, and prints one JSON line.

`make bench NAME=simulation` runs all parts; `python -m tests.benches.simulation --only
speed` one of them. All runs on one core; compiling is done before the clock starts, and
a time is the best of several repeats.
"""

import argparse
import json
import platform
import sys
from collections.abc import Callable
from importlib import import_module

PARTS = ("speed", "week", "exactness")


def main() -> None:
    """Run the parts that are asked for."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--only", choices=PARTS, action="append")
    asked = wanted.parse_args()
    found = {name: _measured(name) for name in asked.only or PARTS}
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    result = {"bench": "simulation", **found, "machine": machine}
    sys.stdout.write(json.dumps(result) + "\n")


def _measured(name: str) -> dict[str, object]:
    """One part; its module is loaded only when it is measured."""
    measure: Callable[[], dict[str, object]]
    measure = import_module(f"tests.benches.simulation.{name}").measure
    return measure()


if __name__ == "__main__":
    main()
