"""How long a mailing plan of the reference municipality takes, and how near the optimum."""

import time
from collections.abc import Iterator

import polars as pl

from staffing.reminders import MailingPlan, plan
from tests.benches.reminders.town import Town, reference_town

WANTED_S = 20.0
WANTED_GAP = 0.001


def measure(seed: int = 0) -> Iterator[dict[str, object]]:
    """A line for the policy that ships, one with twice the budget, and one with half."""
    town = reference_town(seed)
    for times in (1.0, 2.0, 0.5):
        budget = round(times * town.policy.budget)
        quota = round(times * town.policy.weekly_quota)
        changed = {"budget": budget, "weekly_quota": quota}
        policy = town.policy.model_copy(update=changed)
        begin, worked = time.perf_counter(), time.process_time()
        made = plan(
            town.expiries, town.demand, town.at_hand, town.response, policy, seed=seed
        )
        seconds = {
            "seconds": round(time.perf_counter() - begin, 2),
            "cpu_seconds": round(time.process_time() - worked, 2),
        }
        yield {"budget": budget, **seconds, **_told(town, made)}


def _told(town: Town, made: MailingPlan) -> dict[str, object]:
    gains = {
        row["measure"]: [round(row[name], 3) for name in ("before", "after", "change")]
        for row in made.gains.iter_rows(named=True)
    }
    sizes = town.expiries.select(pl.col("service", "age_band", "district").n_unique())
    return {
        "wanted_s": WANTED_S,
        "weeks": made.smoothing.height,
        **dict(zip(("services", "bands", "districts"), sizes.row(0), strict=True)),
        "documents": made.tally.expiries,
        "letters": made.letters_planned,
        "gap": made.gap,
        "wanted_gap": WANTED_GAP,
        "rounding_loss_h": round(made.rounding_loss, 4),
        "unequal_weeks": made.unequal_weeks,
        "verdict": made.verdict,
        **gains,
    }
