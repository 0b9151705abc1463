"""Times the Erlang formulas and their peers, and measures how exact they are.

`make bench NAME=queueing` prints one JSON line per case. Only ratios within one run mean
something on a machine that does other things as well.
"""

import json
import platform
import sys

from tests.benches.queueing import exactness, speed


def main() -> None:
    """Measure everything on one core."""
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    for line in [*exactness.measure(), *speed.measure()]:
        told = {"bench": "queueing", **line, "machine": machine}
        sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
