"""Civil-affairs weeks of 40, 150 and 400 people, and a direct model beside them.

Every rule is on (see `made_weeks`). A case counts when no hard rule is broken and the gap
is at most 1% in the time. `direct_objective` leaves blocks of activity and presence out,
so it is flattered.
"""

import time
from collections.abc import Iterator
from pathlib import Path

from forecasting.policy import load_policy
from staffing.roster import solve, verify
from staffing.roster.week.readying import make_ready
from staffing.rules import LabourRules, RosterPolicy
from tests.benches.roster.direct_weeks import solve_directly
from tests.benches.roster.made_weeks import Made

CONFIG = Path(__file__).parents[3] / "config"
WORKERS = 2
CASES = ((40, 20.0), (40, 60.0), (150, 60.0), (400, 60.0))
SEEDS = (0, 1, 2)
WANTED = 0.01


def measure() -> Iterator[dict[str, object]]:
    """One line per size, time and seed."""
    policy = load_policy(CONFIG / "roster.toml", RosterPolicy)
    rules = load_policy(CONFIG / "labour.toml", LabourRules)
    make_ready(Made(CASES[0][0], 0, policy, rules).instance())  # not timed
    for people, seconds in CASES:
        for seed in SEEDS:
            yield _case(Made(people, seed, policy, rules), seconds)


def _case(made: Made, seconds: float) -> dict[str, object]:
    instance = made.instance()
    begun = time.monotonic()
    roster = solve(instance, time_limit_s=seconds, seed=0, workers=WORKERS)
    took = time.monotonic() - begun
    hard = sum(found.hard for found in verify(instance, roster))
    direct = solve_directly(instance, time_limit_s=seconds, workers=WORKERS)
    return {
        "people": made.people,
        "seed": made.seed,
        "limit_s": seconds,
        "took_s": round(took, 1),
        "status": roster.status,
        "hard_violations": hard,
        "objective": round(roster.objective.total, 2),
        "bound": round(roster.bound, 2),
        "unavoidable": round(roster.unavoidable, 2),
        "gap": None if roster.gap is None else round(roster.gap, 5),
        "reached": hard == 0 and roster.gap is not None and roster.gap <= WANTED,
        "direct_objective": None if direct is None else round(direct, 2),
    }
