"""The main job on the reference town: seconds, memory, and whether it repeats itself.

Run with `make bench NAME=demo`; prints one JSON line. Memory is the sum of the
proportional set sizes of the whole process tree, sampled five times a second.
"""

import json
import platform
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

COMMAND = [sys.executable, "-m", "dashboard.cli"]


def run_demo(home: Path) -> tuple[float, float, dict[str, object]]:
    """Seconds, peak GiB and figures of one demonstration."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [*COMMAND, "demo", "--home", str(home), "--json"], stdout=subprocess.PIPE
    )
    peak = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    watcher.start()
    output, _ = process.communicate()
    seconds = time.perf_counter() - started
    if process.returncode:
        raise SystemExit(f"the demonstration failed with status {process.returncode}")
    return seconds, peak[0], json.loads(output)


def _watch(process: "subprocess.Popen[bytes]", peak: list[float]) -> None:
    while process.poll() is None:
        peak[0] = max(peak[0], sum(map(_gib, _tree(process.pid))))
        time.sleep(0.2)


def _tree(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text().split()]
            except OSError:
                continue
    return found


def _gib(pid: int) -> float:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    lines = dict(line.split(":", 1) for line in rollup.splitlines()[1:])
    return int(lines["Pss"].split()[0]) / 2**20


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
