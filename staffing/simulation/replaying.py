"""Predict a stretch of known volume and staff with a queue fitted on an earlier one.

Fitted is what a telephony export does not hold. The share of the logged-in time that
agents are ready and how long callers hold on are fitted by least squares on the means.
How wide the prediction must be is climbed as a ladder: handling times spread around the
*known* mean of their slot, then readiness differs from slot to slot as well; the rung
is taken whose middle 80% held closest to 80% of the calibration's slots.
"""

import dataframely as dy
import numpy as np
import polars as pl

from staffing.simulation.fitting import SHOWN_DRAWS, fit, live
from staffing.simulation.outcomes import Floats
from staffing.simulation.timeline import check_frame, lay_line, usual_handling

NEEDED = ("start", "offered", "agents", "handling_time_s")
OBSERVED = ("answered_in_time", "abandoned")


class Replayed(dy.Schema):
    """Predicted counts per slot: means and the bounds of the middle 80%."""

    start = dy.Any()
    answered_in_time = dy.Float64(nullable=False, min=0)
    answered_in_time_q10 = dy.Float64(nullable=False, min=0)
    answered_in_time_q90 = dy.Float64(nullable=False, min=0)
    abandoned = dy.Float64(nullable=False, min=0)
    abandoned_q10 = dy.Float64(nullable=False, min=0)
    abandoned_q90 = dy.Float64(nullable=False, min=0)


def replay(
    slots: pl.DataFrame, calibration: pl.DataFrame, *, threshold_s: float, seed: int
) -> pl.DataFrame:
    """Predict how many contacts of each slot are answered in time and how many give up.

    Both frames hold `start, offered, agents, handling_time_s`; the calibration also
    `answered_in_time, abandoned`. Slots are of one length. A slot without a known
    handling time takes the mean of the calibration. Returns a `Replayed` frame.

    Raises:
        InputError: a column is missing or a number is negative.
    """
    usual = usual_handling(check_frame(calibration, NEEDED + OBSERVED))
    past = lay_line(calibration, usual)
    seen = calibration.sort("start").select(OBSERVED).to_numpy().T.astype(np.float64)
    behaviour = fit(past, seen, threshold_s, seed)
    ordered = check_frame(slots, NEEDED).sort("start")
    told = live(lay_line(ordered, usual), behaviour, threshold_s, SHOWN_DRAWS, seed + 1)
    columns = {
        f"{name}{suffix}": values
        for name, runs in zip(OBSERVED, told, strict=True)
        for suffix, values in _summary(runs).items()
    }
    return Replayed.validate(ordered.select("start").with_columns(**columns))


def _summary(runs: Floats) -> dict[str, pl.Series]:
    low, high = np.quantile(runs, [0.1, 0.9], axis=0)
    parts = {"": runs.mean(axis=0), "_q10": low, "_q90": high}
    return {suffix: pl.Series(values) for suffix, values in parts.items()}
