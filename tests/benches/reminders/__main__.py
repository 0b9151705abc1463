"""Plans letters at full size, in worlds unlike the assumed one, and measures what they do.

`make bench NAME=reminders` prints one JSON line per case; `python -m
tests.benches.reminders recovery` runs one part. Timings mean something only on a machine
that rests.
"""

import importlib
import json
import os
import platform
import sys

PARTS = ("plan", "worlds", "recovery", "effect")


def main(parts: list[str]) -> None:
    """Measure the parts named, or all: each is a module with `measure() -> lines`."""
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    for part in parts or PARTS:
        module = importlib.import_module(f"tests.benches.reminders.{part}")
        for line in module.measure():
            load = {"load": round(os.getloadavg()[0], 2), "machine": machine}
            told = {"bench": "reminders", "part": part, **line, **load}
            sys.stdout.write(json.dumps(told) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
