"""Runs the parts of a bench: each is a module with `measure() -> lines`."""

import importlib
import json
import os
import platform
import sys
from collections.abc import Sequence


def run_parts(bench: str, parts: Sequence[str]) -> None:
    """Measure parts of a bench, one JSON line per case, with the load of the machine."""
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    for part in parts:
        module = importlib.import_module(f"tests.benches.{bench}.{part}")
        for line in module.measure():
            load = {"load": round(os.getloadavg()[0], 2), "machine": machine}
            told = {"bench": bench, "part": part, **line, **load}
            sys.stdout.write(json.dumps(told) + "\n")
            sys.stdout.flush()
