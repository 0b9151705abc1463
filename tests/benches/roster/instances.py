"""Shift cover: the benchmark's instances and larger seeded ones, beside the direct model.

Best known values are those of `best_known.csv` beside the instances. Every roster, ours
and the direct model's, is checked by the verifier.
"""

import csv
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from staffing.roster import Instance, Roster, read_instance, solve, verify
from staffing.roster.cover.readying import make_ready
from tests.benches.roster.direct import solve_directly
from tests.benches.roster.made import Size, text_of

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "roster"
SECONDS = {1: 60, 2: 60, 3: 60, 4: 60}
LONGER = 120
WORKERS = 2
MADE = (
    Size(people=50, weeks=4, shifts=6),
    Size(people=120, weeks=4, shifts=18),
    Size(people=45, weeks=6, shifts=6),
    Size(people=32, weeks=8, shifts=4),
    Size(people=40, weeks=12, shifts=5),
    Size(people=50, weeks=26, shifts=6),
    Size(people=150, weeks=52, shifts=32),
)


def measure() -> Iterator[dict[str, object]]:
    """One line per instance."""
    best = _best_known()
    make_ready(read_instance(FOLDER / "Instance1.txt"))  # not timed
    for number in sorted(best):
        instance = read_instance(FOLDER / f"Instance{number}.txt")
        line = _beside(instance, SECONDS.get(number, LONGER))
        over = float(str(line["objective"])) / best[number] - 1
        yield {
            "case": f"Instance{number}",
            **line,
            "best_known": best[number],
            "over_best_known": round(over, 5),
        }
    for size in MADE:
        case = f"made, {size.people} people, {size.weeks} weeks, {size.shifts} shifts"
        yield {"case": case, **_beside(_made(size), LONGER)}


def _best_known() -> dict[int, float]:
    with (FOLDER / "best_known.csv").open(encoding="utf-8") as file:
        return {
            int(row["instance"].removeprefix("Instance")): float(
                row["best_known_solution"]
            )
            for row in csv.DictReader(file)
        }


def _made(size: Size) -> Instance:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.txt"
        path.write_text(text_of(size, seed=1), encoding="utf-8")
        return read_instance(path)


def _beside(instance: Instance, seconds: float) -> dict[str, object]:
    """Ours, then the direct model, each with the same time and threads."""
    begun, used = time.monotonic(), time.process_time()
    ours = solve(instance, time_limit_s=seconds, workers=WORKERS)
    spent = {
        "wall_s": round(time.monotonic() - begun, 1),
        "cpu_s": round(time.process_time() - used, 1),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    theirs = solve_directly(instance, time_limit_s=seconds, workers=WORKERS)
    return {
        "limit_s": seconds,
        "objective": ours.objective.total,
        "bound": ours.bound,
        "gap": ours.gap,
        "status": ours.status,
        "violations": _breaches(instance, ours),
        **spent,
        "direct": None if theirs is None else theirs.objective.total,
        "direct_violations": None if theirs is None else _breaches(instance, theirs),
    }


def _breaches(instance: Instance, roster: Roster) -> int:
    return sum(found.hard for found in verify(instance, roster))
