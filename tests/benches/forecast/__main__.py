"""Measures the forecast, part by part, and prints one JSON line.

`make bench NAME=forecast` runs all parts; `python -m tests.benches.forecast --only
accuracy` one of them. With `--cache DIR` the answers of the peers are kept there.
"""

import argparse
import json
import platform
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

PARTS = (
    "accuracy",
    "heldout",
    "town",
    "planted",
    "small",
    "visits",
    "intraday",
    "scale",
)
CACHED = ("accuracy", "heldout")


def main() -> None:
    """Run the parts that are asked for."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--only", choices=PARTS, action="append")
    wanted.add_argument("--cache", type=Path)
    asked = wanted.parse_args()
    if asked.cache:
        asked.cache.mkdir(parents=True, exist_ok=True)
    found = {name: _measured(name, asked.cache) for name in asked.only or PARTS}
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    result = {"bench": "forecast", **found, "machine": machine}
    sys.stdout.write(json.dumps(result) + "\n")


def _measured(name: str, cache: Path | None) -> dict[str, object]:
    """One part; its module is loaded only when it is measured."""
    measure: Callable[..., dict[str, object]]
    measure = import_module(f"tests.benches.forecast.{name}").measure
    return measure(cache=cache) if name in CACHED else measure()


if __name__ == "__main__":
    main()
