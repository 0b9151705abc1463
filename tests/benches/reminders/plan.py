"""How long a mailing plan of the reference municipality takes, and how near the optimum."""

import math
import time
from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from staffing.reminders import MailingPlan, plan
from tests.benches.reminders.town import Town, reference_town, with_letters_for

WANTED_S = 20.0
WANTED_GAP = 0.001


def measure(seed: int = 0) -> Iterator[dict[str, object]]:
    """A line for what ships, for twice and half the letters, and for bands apart."""
    town = reference_town(seed)
    cases = {
        "as it ships": town,
        "twice the letters": with_letters_for(town, 2),
        "half the letters": with_letters_for(town, 0.5),
        "each age band renews otherwise": _with_bands_apart(town),
    }
    for name, case in cases.items():
        begin, worked = time.perf_counter(), time.process_time()
        made = plan(
            case.expiries, case.demand, case.at_hand, case.response, case.policy,
            seed=seed,
        )  # fmt: skip
        seconds = {
            "seconds": round(time.perf_counter() - begin, 2),
            "cpu_seconds": round(time.process_time() - worked, 2),
        }
        yield {"case": name, **seconds, **_told(case, made)}


def _with_bands_apart(town: Town) -> Town:
    """A timing of its own for each age band, as a town has that measured it."""
    bands = town.expiries["age_band"].unique().sort().to_list()
    apart = [
        timing.model_copy(
            update={
                "age_bands": (band,),
                "points": tuple(
                    (week, height * (1 + 0.1 * number * math.sin(week / 5)))
                    for week, height in timing.points
                ),
            }
        )
        for timing in town.response.timing
        for number, band in enumerate(bands)
    ]
    response = town.response.model_copy(update={"timing": tuple(apart)})
    return replace(town, response=response)


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
