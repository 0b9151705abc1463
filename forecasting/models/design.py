"""The design of the count regression: which known things may move demand, and how far.

Every block of columns has a name, by which effects are explained, and a prior standard
deviation on the log scale, by which they are shrunk to no effect.
"""

from dataclasses import dataclass

import numpy as np

from forecasting.models.features import (
    fourier,
    named_days,
    near_holidays,
    ordinal,
    over_periods,
    weekday,
)
from forecasting.models.protocol import Past
from forecasting.series.panel import DayArray, FloatArray
from forecasting.tuning import GlmTuning

LEVEL = "level"


@dataclass(frozen=True)
class Design:
    """Columns of all periods: shape (periods, columns), and per column what it is.

    `precision` is the prior precision, 0 where nothing is shrunk; `group` the block a
    column belongs to. `offset` (periods) is added as it is: the log of the exposure.
    """

    columns: FloatArray
    precision: FloatArray
    group: tuple[str, ...]
    offset: FloatArray


def design_of(
    starts: DayArray, known: DayArray, past: Past, tuning: GlmTuning, *, exposed: bool
) -> Design:
    """The design for `starts`, of which `known` (its first part) are the past ones."""
    days, mean = over_periods(starts, past.cadence)
    daily = past.cadence == "day"
    blocks = _blocks(days, known, past, tuning)
    parts = [(name, b if daily else mean @ b, sd) for name, b, sd in blocks]
    level = np.ones((starts.size, 1))
    columns = np.hstack([level, *(block for _, block, _ in parts)])
    precision = [np.zeros(1), *(np.broadcast_to(sd, b.shape[1]) for _, b, sd in parts)]
    names = [LEVEL, *(name for name, block, _ in parts for _ in range(block.shape[1]))]
    offset = np.zeros(starts.size)
    if exposed and past.exposure is not None:
        rates = past.exposure.rates(days)
        offset = np.log(rates if daily else mean @ rates)
    scaled = np.concatenate([precision[0], *(sd**-2.0 for sd in precision[1:])])
    return Design(columns, scaled, tuple(names), offset)


def _blocks(
    days: DayArray, known: DayArray, past: Past, tuning: GlmTuning
) -> list[tuple[str, FloatArray, FloatArray]]:
    """Name, columns per day and prior standard deviation of each block."""
    order = np.repeat(np.arange(1, tuning.fourier_order + 1), 2)
    sd = np.asarray
    blocks = [
        ("season", fourier(days, tuning.fourier_order), tuning.season_sd / order),
        ("weekday", np.eye(7)[weekday(days)], sd(tuning.weekday_sd)),
        ("holiday", near_holidays(days, past.holidays), sd(tuning.holiday_sd)),
        ("holiday", named_days(days, past.holidays), sd(tuning.named_sd)),
        (LEVEL, _ramps(days, known, tuning.level_days), sd(tuning.level_sd)),
    ]
    if past.school:
        columns = named_days(days, past.school)
        blocks.append(("school holiday", columns, sd(tuning.school_sd)))
    for name in sorted({name for name, _, _ in past.events}):
        columns = _event(days, past, name)
        blocks.append((f"event {name}", columns, sd(tuning.holiday_sd)))
    return blocks


def _event(days: DayArray, past: Past, wanted: str) -> FloatArray:
    column = np.zeros((days.size, 1))
    for name, first, last in past.events:
        inside = (days >= np.datetime64(first)) & (days <= np.datetime64(last))
        column[inside & (name == wanted)] = 1.0
    return column


def _ramps(days: DayArray, known: DayArray, width: int) -> FloatArray:
    """Ramps from 0 to 1 over each stretch of `width` days back from the origin."""
    origin, first = ordinal(known[-1:])[0], ordinal(known[:1])[0]
    count = max(int((origin - first) // width), 1)
    begins = origin - width * np.arange(1, count + 1)
    return np.asarray(np.clip((ordinal(days)[:, None] - begins) / width, 0, 1))
