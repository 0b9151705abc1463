"""The main job on the reference town: seconds, memory, and whether it repeats itself.

Run with `make bench NAME=demo`; prints one JSON line. Memory is the sum of the
proportional set sizes of the whole process tree, sampled five times a second.
"""

import json
import platform
import sys
import tempfile
from pathlib import Path

from tests.benches.memory import run_watched

COMMAND = [sys.executable, "-m", "dashboard.cli"]


def run_demo(home: Path) -> tuple[float, float, dict[str, object]]:
    """Seconds, peak GiB and figures of one demonstration."""
    command = [*COMMAND, "demo", "--home", str(home), "--json"]
    output, seconds, peak = run_watched(command)
    return seconds, peak, json.loads(output)


def main() -> None:
    """Run the demonstration twice in new folders and compare."""
    with tempfile.TemporaryDirectory() as folder:
        runs = [run_demo(Path(folder) / name) for name in ("first", "second")]
    result = {
        "bench": "demo",
        "seconds": [round(seconds, 1) for seconds, _, _ in runs],
        "peak_gib": [round(peak, 2) for _, peak, _ in runs],
        "same_figures": runs[0][2] == runs[1][2],
        "figures": runs[0][2],
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
    }
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
