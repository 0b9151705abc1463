"""Memory of a whole process tree: proportional set sizes, sampled five times a second."""

import subprocess
import threading
import time
from pathlib import Path


def run_watched(command: list[str]) -> tuple[str, float, float]:
    """Output, seconds and peak GiB of a command; it must succeed."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    peak = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    watcher.start()
    output, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"{command[-1]} failed with status {process.returncode}")
    return output, time.perf_counter() - started, peak[0]


def _watch(process: "subprocess.Popen[str]", peak: list[float]) -> None:
    while process.poll() is None:
        peak[0] = max(peak[0], used_gib(process.pid))
        time.sleep(0.2)


def used_gib(pid: int) -> float:
    """What a process and all it started hold now."""
    return sum(map(_gib, _tree(pid)))


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
