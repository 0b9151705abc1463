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

LEVEL, SEASON = "level", "season"
WIDENING = 8.0
"""A stretch of level is this part of its age wide, where that is wider than the least."""


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
    starts: DayArray,
    known: DayArray,
    past: Past,
    tuning: GlmTuning,
    *,
    exposed: bool,
    steps: DayArray | None = None,
) -> Design:
    """The design for `starts`, of which `known` (its first part) are the past ones.

    From each day of `steps` on the level may be another.
    """
    days, mean = over_periods(starts, past.cadence)
    daily = past.cadence == "day"
    blocks = [*_calendar(days, past, tuning), *_levels(days, known, past, tuning)]
    blocks += _day_season(days, known, tuning) if daily else _slow_season(days, tuning)
    if steps is not None and steps.size:
        since = (days[:, None] >= steps).astype(float)
        blocks.append((LEVEL, since, np.asarray(tuning.shift_sd)))
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


Block = tuple[str, FloatArray, FloatArray]
"""Name, columns per day, and prior standard deviation."""


def _calendar(days: DayArray, past: Past, tuning: GlmTuning) -> list[Block]:
    sd = np.asarray
    blocks = [
        ("weekday", np.eye(7)[weekday(days)], sd(tuning.weekday_sd)),
        ("holiday", near_holidays(days, past.holidays), sd(tuning.holiday_sd)),
        ("holiday", named_days(days, past.holidays), sd(tuning.named_sd)),
    ]
    if past.school:
        columns = named_days(days, past.school)
        blocks.append(("school holiday", columns, sd(tuning.school_sd)))
    for name in sorted({name for name, _, _ in past.events}):
        columns = _event(days, past, name)
        blocks.append((f"event {name}", columns, sd(tuning.holiday_sd)))
    return blocks


def _day_season(days: DayArray, known: DayArray, tuning: GlmTuning) -> list[Block]:
    """A narrow season, and how the week of late differs from the usual one."""
    age = np.maximum(ordinal(known[-1:]) - ordinal(days), 0)
    late = np.eye(7)[weekday(days)] * np.exp2(-age / tuning.late_week_days)[:, None]
    return [
        _fourier(days, tuning.fourier_order, tuning.season_sd),
        ("weekday", late, np.asarray(tuning.late_week_sd)),
    ]


def _slow_season(days: DayArray, tuning: GlmTuning) -> list[Block]:
    """A wide season, and months of their own beside it."""
    month = days.astype("datetime64[M]").astype(np.int64) % 12
    return [
        _fourier(days, tuning.fourier_order, tuning.slow_season_sd),
        (SEASON, np.eye(12)[month], np.asarray(tuning.month_sd)),
    ]


def _fourier(days: DayArray, order: int, season_sd: float) -> Block:
    falling = season_sd / np.repeat(np.arange(1, order + 1), 2)
    return SEASON, fourier(days, order), falling


def _levels(
    days: DayArray, known: DayArray, past: Past, tuning: GlmTuning
) -> list[Block]:
    """A level that wanders."""
    if past.cadence == "day":
        return [_walk(days, known, tuning.level_days, tuning.level_sd)]
    return [_walk(days, known, tuning.slow_level_days, tuning.slow_level_sd)]


def _event(days: DayArray, past: Past, wanted: str) -> FloatArray:
    column = np.zeros((days.size, 1))
    for name, first, last in past.events:
        inside = (days >= np.datetime64(first)) & (days <= np.datetime64(last))
        column[inside & (name == wanted)] = 1.0
    return column


def _walk(days: DayArray, known: DayArray, width: int, step_sd: float) -> Block:
    """A random walk on the log scale, as ramps from 0 to 1 back from the origin.

    The ramps widen with their age (`WIDENING`), and their spread with the root of it: the
    far past is told more coarsely.
    """
    ends, widths = _stretches(ordinal(known[-1:])[0] - ordinal(known[:1])[0], width)
    begins = ordinal(known[-1:])[0] - ends - widths
    ramps = np.clip((ordinal(days)[:, None] - begins) / widths, 0, 1)
    return LEVEL, ramps, step_sd * np.sqrt(widths / width)


def _stretches(span: float, width: int) -> tuple[FloatArray, FloatArray]:
    """Ages at which stretches end, and their widths, back to the beginning."""
    ends, widths = [0.0], [float(width)]
    while ends[-1] + 2 * widths[-1] <= span:
        ends.append(ends[-1] + widths[-1])
        widths.append(max(float(width), ends[-1] / WIDENING))
    return np.array(ends), np.array(widths)
