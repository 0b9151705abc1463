"""Settings of the methods: how far each effect may go, and what they count for."""

from pydantic import Field

from forecasting.policy import Policy
from forecasting.tuning.quantities import (
    Count,
    Days,
    FadingDays,
    Order,
    Part,
    Share,
    Speed,
    Spread,
    Strength,
    Times,
    Weakness,
    Years,
)


class BacktestTuning(Policy):
    """Rolling origins: how many, how far apart, and what history the first needs."""

    origins: Count
    pipeline_origins: Count = Field(ge=2)
    spacing_share: Speed
    shortest_spacing_days: Days
    longest_spacing_days: Days
    least_history_days: Days = Field(ge=7)


class ShiftTuning(Policy):
    """When a change of level is sudden and large enough to be named.

    The means of `periods` weeks (months) on each side are compared; a difference of
    `least_score` times the usual one counts, `most` of them at most. Beside the year
    before, at least the part `least_confirmed` of the step (on the log scale) must show.
    """

    periods: Count = Field(ge=2)
    least_score: Strength
    least_confirmed: Share
    most: int = Field(ge=0, le=1000)


class GlmTuning(Policy):
    """Prior standard deviations (log scale) and window of the negative-binomial GLM.

    `day_evidence` is what a day counts for beside an independent observation: the
    errors of neighbouring days are alike, so a day says less than it seems. The level
    of days may move by `level_sd` in `level_days`, that of weeks and months by
    `slow_level_sd` in `slow_level_days`. A season of days is told from a wandering level
    with difficulty, so its prior is narrow (`season_sd`); that of weeks and months is
    `slow_season_sd`, with months of their own (`month_sd`), both times the likeliest of
    `season_scales`. The week of late may differ
    from the usual one: `late_week_sd`, half forgotten after `late_week_days`. A sudden
    change of level is a step (`shift_sd`).
    """

    window_years: Years
    fourier_order: Order
    half_life_years: Years
    slow_half_life_years: Years
    day_evidence: Speed
    level_days: Days = Field(ge=7)
    level_sd: Spread
    slow_level_days: Days = Field(ge=28)
    slow_level_sd: Spread
    season_sd: Spread
    level_scales: tuple[Spread, ...] = Field(min_length=1)
    slow_season_sd: Spread
    month_sd: Spread
    season_scales: tuple[Spread, ...] = Field(min_length=1)
    weekday_sd: Spread
    late_week_days: FadingDays
    late_week_sd: Spread
    holiday_sd: Spread
    named_sd: Spread
    school_sd: Spread
    shift_sd: Spread
    shifts: ShiftTuning


class SmoothingTuning(Policy):
    """Speeds of exponential smoothing, and how sharply their errors count."""

    window_years: Years
    half_life_years: Years
    level_speeds: tuple[Speed, ...] = Field(min_length=1)
    season_speeds: tuple[Speed, ...] = Field(min_length=1)
    sharpness: Weakness


class LevelTuning(Policy):
    """Levels of months at several speeds, and how far ahead each is trusted.

    A speed is the part of a surprise that a level takes over. `usual_years` is the reach
    of the median that a collapse returns to; the trend takes `trend_speed` and
    `slope_speed` of a surprise and fades by `damping` a month. Errors count up to
    `most_error` (log scale), half after `half_life_years`, beside `assumed_months` in
    which all missed alike. The level of a regression of months may move by `quick_sd` in
    `quick_days`, where a slow one stays.
    """

    window_years: int = Field(ge=3, le=100)
    season_half_life_years: Years
    usual_years: Years = Field(ge=1)
    speeds: tuple[Speed, ...] = Field(min_length=1)
    trend_speed: Speed
    slope_speed: Speed
    damping: Part
    most_error: Spread
    half_life_years: Years
    assumed_months: Strength
    sharpness: Weakness
    quick_days: Days = Field(ge=28)
    quick_sd: Spread


class ProphetTuning(Policy):
    """Window and prior scales of Prophet."""

    window_years: Years
    changepoint_scale: Spread
    season_scale: Spread
    holiday_scale: Spread
    changepoints: int = Field(ge=0, le=1000)
    least_days: Days = Field(ge=30)


class PooledTuning(Policy):
    """Small and short series: what they borrow from their kin.

    Series of at most `small_per_day` contacts on an open day, or of under `short_days`,
    are pooled where the kin count `least_gain` times as much. The other numbers are prior
    standard deviations (log scale) of how a series departs from its kin; all but that of
    the level are tried at each of the `scales`. Evidence fades by the half-life. No mean
    exceeds `ceiling` times the largest count. The level of a planned service, guessed from
    one it is like, has the coefficient of variation `planned_cv`.
    """

    small_per_day: Strength
    short_days: Days
    least_gain: Times
    level_sd: Spread
    weekday_sd: Spread
    season_sd: Spread
    change_sd: Spread
    scales: tuple[Spread, ...] = Field(min_length=1)
    half_life_years: Years
    ceiling: Times
    planned_cv: Spread


class BlendTuning(Policy):
    """How far backtest losses move the weights of the blend away from those beforehand.

    `prior` is what a method counts for before any loss is seen, 1 where none is named.
    Losses count half as sharply as they could when `sharp_origins` origins speak. Those of
    a series count as much as those of its group after `pooled_origins`, those of a group
    as much as those of all with `pooled_series` in it: assumed, as if `assumed_series` had
    told it, until the losses themselves tell how far series and groups differ.
    """

    sharpness: Weakness
    sharp_origins: Strength
    pooled_origins: Strength
    pooled_series: Strength
    assumed_series: Strength
    prior_share: Share
    prior: dict[str, Strength]
