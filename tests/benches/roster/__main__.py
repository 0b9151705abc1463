"""Solves shift cover and weeks at the town hall, ours beside a direct CP-SAT model.

`make bench NAME=roster` prints one JSON line per case; `python -m tests.benches.roster
instances` runs one part. Timings mean something only on a machine that rests.
"""

import importlib
import json
import os
import platform
import sys

PARTS = ("instances", "weeks", "contradictions")


def main(parts: list[str]) -> None:
    """Measure the parts named, or all: each is a module with `measure() -> lines`."""
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    for part in parts or PARTS:
        module = importlib.import_module(f"tests.benches.roster.{part}")
        for line in module.measure():
            load = {"load": round(os.getloadavg()[0], 2), "machine": machine}
            told = {"bench": "roster", "part": part, **line, **load}
            sys.stdout.write(json.dumps(told) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
