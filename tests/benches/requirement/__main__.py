"""Times the requirement of a week, and of half a year with its simulations.

`make bench NAME=requirement`. The week is by the formulas, with 200 futures of every day,
noise and people away: of 40 pairs of location and skill whose work comes from four
channels each, and of 160 as if each channel were a skill of its own. In the same run the
public `required_agents` sizes the same slots as a yardstick: it knows neither futures nor
people away, and gives one number rather than what each number buys.
"""

import json
import platform
import statistics
import sys
import time
from collections.abc import Callable

import polars as pl

from staffing.queueing import required_agents
from staffing.requirement import requirement, work_out
from staffing.standards import Shrinkage, Standard, Standards
from tests.benches.requirement.town import day_futures, slot_work

SKILLS = ("phone", "counter")
TURNS = 5


def standards(check: str | None) -> Standards:
    """A phone and a counter, with a tenth of the time lost."""
    phone = {"target": 0.8, "threshold_s": 25, "patience_s": 180, "arrival_cv": 0.1}
    counter = {"target": 0.9, "threshold_s": 900, "minimum_people": 2}
    skills = {
        name: Standard.model_validate({**told, "check": check, "source": "bench"})
        for name, told in {"phone": phone, "counter": counter}.items()
    }
    sick = Shrinkage(share=0.05, per="day", source="bench")
    training = Shrinkage(share=0.06, per="hour", source="bench")
    return Standards(skill=skills, shrinkage={"sick": sick, "training": training})


def pairs(number: int) -> list[tuple[str, str]]:
    """So many pairs of location and skill, half of each skill."""
    return [(f"hall {i // 2:03d}", SKILLS[i % 2]) for i in range(number)]


def median_s(job: Callable[[], object], turns: int = TURNS) -> float:
    """The median of some runs, the first of which compiles and does not count."""
    job()
    taken = []
    for _ in range(turns):
        start = time.perf_counter()
        job()
        taken.append(time.perf_counter() - start)
    return round(statistics.median(taken), 3)


def week_of(number: int) -> dict[str, float]:
    """A week of pairs: seconds for the table, and for `required_agents` alone."""
    slots = slot_work(pairs(number), 5, seed=number)
    futures, told = day_futures(slots, 200, seed=1), standards("formula")
    return {
        "slots": slots.height,
        "seconds": median_s(lambda: requirement(slots, told, futures)),
        "required_agents_seconds": median_s(lambda: _plain(slots)),
    }


def _plain(slots: pl.DataFrame) -> object:
    """The smallest number for every slot, by the skill's standard."""
    told = []
    standards = {"phone": (25, 0.8, 180.0), "counter": (900, 0.9, float("inf"))}
    for skill, (threshold, target, patience) in standards.items():
        rows = slots.filter(pl.col("skill") == skill)
        handling = rows["handling_s"].to_numpy()
        per_hour = rows["load"].to_numpy() / handling * 3600
        told.append(
            required_agents(per_hour, handling, threshold, target, patience, 0.1)
        )
    return told


def half_a_year(halls: int, weeks: int) -> dict[str, float]:
    """All tables of a town, its counters set right by simulation."""
    slots = slot_work(pairs(2 * halls), 5 * weeks, seed=7)
    futures, told = day_futures(slots, 200, seed=2), standards(None)
    start = time.perf_counter()
    work_out(slots, told, futures)
    return {
        "halls": halls,
        "weeks": weeks,
        "slots": slots.height,
        "seconds": round(time.perf_counter() - start, 2),
    }


def main() -> None:
    """Print one JSON line."""
    told = {
        "bench": "requirement",
        "week_of_40_pairs": week_of(40),
        "week_of_160_pairs": week_of(160),
        "half_a_year_with_simulation": half_a_year(3, 26),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
    }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
