"""Predict a stretch of known volume and staff with a queue fitted on an earlier one.

Three things are learnt, all on the calibration alone. Readiness, patience and unevenness
make a queue of the known volume and staff look like what was seen (`fitting`). What the
queue leaves over is corrected as far as that predicts left-out days (`correcting`). The
bounds lie where they would have held 80% of the left-out slots (`intervals`).
"""

from dataclasses import dataclass

import dataframely as dy
import numpy as np
import polars as pl
from numpy.typing import NDArray

from staffing.simulation import correcting, intervals
from staffing.simulation.fitting import Behaviour, fit, live, spread_of_handling
from staffing.simulation.outcomes import Floats
from staffing.simulation.timeline import (
    NEEDED,
    OBSERVED,
    Line,
    check_frame,
    lay_line,
    usual_handling,
)

RUNS, LEAST_RUNS = 300, 60
CONTACTS = 20_000_000
"""Runs of each stretch, fewer where they would hold more contacts than this."""

Days = NDArray[np.int64]


class Replayed(dy.Schema):
    """Predicted counts per slot: means and the bounds of the middle 80%."""

    start = dy.Any()
    answered_in_time = dy.Float64(nullable=False, min=0)
    answered_in_time_q10 = dy.Float64(nullable=False, min=0)
    answered_in_time_q90 = dy.Float64(nullable=False, min=0)
    abandoned = dy.Float64(nullable=False, min=0)
    abandoned_q10 = dy.Float64(nullable=False, min=0)
    abandoned_q90 = dy.Float64(nullable=False, min=0)


@dataclass(frozen=True)
class Measure:
    """One predicted count, as runs x slots.

    The lower bound of a slot is the quantile `level` of its runs, the upper one mirrors
    it. `day_gaps` are, per day of the calibration, observed less predicted per contact, each
    day left out of what was learnt.
    """

    runs: Floats
    level: Floats
    day_gaps: Floats


@dataclass(frozen=True)
class Prediction:
    """The queue as fitted, and what it says of each measure in the order of time."""

    behaviour: Behaviour
    in_time: Measure
    given_up: Measure


def replay(
    slots: pl.DataFrame, calibration: pl.DataFrame, *, threshold_s: float, seed: int
) -> pl.DataFrame:
    """Predict how many contacts of each slot are answered in time and how many give up.

    Both frames hold `start, offered, agents, handling_time_s`; the calibration also
    `answered_in_time, abandoned`. Slots are of one length. A slot without a known
    handling time takes the mean of the calibration. Returns a `Replayed` frame.

    Raises:
        InputError: a frame is none of that, has a wrong number, or no handling time.
    """
    told = predict(slots, calibration, threshold_s=threshold_s, seed=seed)
    columns: dict[str, Floats] = {}
    for name, measure in zip(OBSERVED, (told.in_time, told.given_up), strict=True):
        low, high = intervals.bounds(measure.runs, measure.level)
        columns[name] = measure.runs.mean(axis=0)
        columns |= {f"{name}_q10": low, f"{name}_q90": high}
    starts = slots.sort("start").select("start")
    return Replayed.validate(starts.with_columns(**_series(columns)))


def predict(
    slots: pl.DataFrame, calibration: pl.DataFrame, *, threshold_s: float, seed: int
) -> Prediction:
    """What `replay` says, as runs of every slot.

    Raises:
        InputError: as `replay`.
    """
    calibration = check_frame(calibration, NEEDED + OBSERVED)
    usual = usual_handling(calibration)
    coming = lay_line(check_frame(slots, NEEDED), usual)
    past = lay_line(calibration, usual)
    seen = calibration.select(OBSERVED).to_numpy().T.astype(np.float64)
    handling_cv = spread_of_handling(calibration)
    behaviour = fit(past, seen, handling_cv, threshold_s, seed)
    then = live(past, behaviour, threshold_s, _runs(past), seed + 1)
    ahead = live(coming, behaviour, threshold_s, _runs(coming), seed + 2)
    days = calibration["start"].cast(pl.Date).to_physical().to_numpy().astype(np.int64)
    in_time, given_up = (
        _measure(past, coming, seen[which], days, then[which], ahead[which])
        for which in range(2)
    )
    return Prediction(behaviour, in_time, given_up)


def _measure(
    past: Line, coming: Line, seen: Floats, days: Days, then: Floats, ahead: Floats
) -> Measure:
    """Correct the runs of both stretches as the past teaches, and find their bounds."""
    offered = past.offered[past.rows]
    came = offered > 0
    correction, left_out = _teach(past, seen, days, then)
    widths = intervals.fitting_widths(left_out, seen[came], offered[came])
    gaps = intervals.day_gaps(left_out, seen[came], offered[came], days[came])
    asked = coming.offered[coming.rows]
    plain = _share(ahead, asked)
    corrected = correction(correcting.features_of(coming, plain), plain)
    runs = correcting.tilt(ahead, asked, corrected)
    return Measure(runs, widths(runs, asked), gaps)


def _teach(
    past: Line, seen: Floats, days: Days, then: Floats
) -> tuple[correcting.Correction, Floats]:
    """The correction, and runs of the slots with contacts as corrected without them."""
    offered = past.offered[past.rows]
    came = offered > 0
    share = _share(then, offered)
    lesson = correcting.Lesson(
        features=correcting.features_of(past, share)[came],
        share=share[came],
        seen=seen[came] / offered[came],
        offered=offered[came],
        block=correcting.blocks_of(days)[came],
    )
    correction, told = correcting.learn(lesson)
    return correction, correcting.tilt(then[:, came], offered[came], told)


def _runs(line: Line) -> int:
    return int(np.clip(CONTACTS / max(line.offered.sum(), 1), LEAST_RUNS, RUNS))


def _share(runs: Floats, offered: Floats) -> Floats:
    share: Floats = runs.mean(axis=0) / np.maximum(offered, 1e-9)
    return share


def _series(columns: dict[str, Floats]) -> dict[str, pl.Series]:
    return {name: pl.Series(values) for name, values in columns.items()}
