"""Times the proof of a week of 10,000 contacts, simulated 200 times.

`make bench NAME=proving` prints one JSON line per case: what chance alone takes, with
people away, and both with futures, as `simulate --week` runs them one after the other.
Seconds of the core are disturbed less by other work on the machine than those of the clock.
"""

import json
import math
import platform
import sys
import time
from dataclasses import replace

import numpy as np
import polars as pl

from staffing.proving.absence import Away
from staffing.proving.floors import Floor
from staffing.proving.weeks import Chances, live_week
from staffing.standards import Shrinkage
from tests.staffing.proving_cases import Place, floors, standards, work

REPLICATIONS, DAYS, TURNS = 200, 5, 5
SHARES = {"centre": 0.4, "north": 0.3, "south": 0.2, "mill": 0.1}
CALLS, VISITS, BOOKED = 40.0, 12.5, 10.0
"""Contacts of the town in a quarter-hour: 10,000 in a week of 160."""
LOST = {
    "sickness": Shrinkage(share=0.05, per="day", source="bench"),
    "training": Shrinkage(share=0.06, per="hour", source="bench"),
    "not_ready": Shrinkage(share=0.01, per="moment", source="bench"),
}


def town() -> tuple[list[Floor], dict[Place, int]]:
    """Four locations with a phone and a counter each, and so many people at each."""
    parts, people = [], {}
    for location, share in SHARES.items():
        calls, visits = CALLS * share, (VISITS + BOOKED) * share
        phone, counter = (location, "phone"), (location, "counter")
        parts += [
            work(phone, walk_ins=calls, days=DAYS, noise=0.1),
            work(counter, walk_ins=VISITS * share, booked=BOOKED * share,
                 handling_s=600.0, cv=0.6, days=DAYS),
        ]  # fmt: skip
        people[phone] = math.ceil(calls * 200 / 900 * 1.2 + 2)
        people[counter] = math.ceil(visits * 600 / 900 * 1.2 + 1)
    return floors(pl.concat(parts), people, standards(shrinkage=LOST)), people


def cases(week: list[Floor]) -> dict[str, Chances]:
    """The three simulations of a proof."""
    rng = np.random.default_rng(0)
    lines = {(i.location, i.skill, floor.day) for floor in week for i in floor.lines}
    chance = Chances(standards(shrinkage=LOST), REPLICATIONS, seed=0)
    absence = replace(chance, away=Away.of(LOST))
    factors = {key: rng.gamma(100, 0.01, REPLICATIONS) for key in sorted(lines)}
    return {
        "chance alone": chance,
        "and absence": absence,
        "and futures": replace(absence, futures=factors),
    }


def main() -> None:
    """Time each case, the median of turns; the first turn compiles."""
    week, people = town()
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    for name, chances in cases(week).items():
        times = []
        for _ in range(TURNS + 1):
            begin = np.array([time.perf_counter(), time.process_time()])
            result = live_week(week, chances).result
            end = np.array([time.perf_counter(), time.process_time()])
            times.append(end - begin)
        seconds, of_core = np.median(times[1:], axis=0).tolist()
        told = {
            "bench": "proving",
            "case": name,
            "replications": REPLICATIONS,
            "contacts_a_week": round(result.overall.offered.mean),
            "people": sum(people.values()),
            "within": round(result.overall.within_share.mean, 4),
            "seconds": round(seconds, 2),
            "core_seconds": round(of_core, 2),
            "wanted_seconds": 3,
            "contacts_per_core_second": round(float(result.offered.sum()) / of_core),
            "machine": machine,
        }
        sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
