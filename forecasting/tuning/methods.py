"""Settings of the methods: how far each effect may go, and what they count for."""

from typing import Annotated

from pydantic import Field

from forecasting.policy import Policy


class BacktestTuning(Policy):
    """Rolling origins: how many, how far apart, and what history the first needs."""

    origins: int = Field(ge=1)
    pipeline_origins: int = Field(ge=2)
    spacing_share: float = Field(gt=0, le=1)
    shortest_spacing_days: int = Field(ge=1)
    longest_spacing_days: int = Field(ge=1)
    least_history_days: int = Field(ge=7)


class ShiftTuning(Policy):
    """When a change of level is sudden and large enough to be named.

    The means of `periods` weeks (months) on each side are compared; a difference of
    `least_score` times the usual one counts, `most` of them at most. Beside the year
    before, at least the part `least_confirmed` of the step (on the log scale) must show.
    """

    periods: int = Field(ge=2)
    least_score: float = Field(gt=0)
    least_confirmed: float = Field(ge=0, le=1)
    most: int = Field(ge=0)


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

    window_years: float = Field(gt=0)
    fourier_order: int = Field(ge=1, le=12)
    half_life_years: float = Field(gt=0)
    slow_half_life_years: float = Field(gt=0)
    day_evidence: float = Field(gt=0, le=1)
    level_days: int = Field(ge=7)
    level_sd: float = Field(gt=0)
    slow_level_days: int = Field(ge=28)
    slow_level_sd: float = Field(gt=0)
    season_sd: float = Field(gt=0)
    level_scales: tuple[float, ...] = Field(min_length=1)
    slow_season_sd: float = Field(gt=0)
    month_sd: float = Field(gt=0)
    season_scales: tuple[float, ...] = Field(min_length=1)
    weekday_sd: float = Field(gt=0)
    late_week_days: float = Field(gt=0)
    late_week_sd: float = Field(gt=0)
    holiday_sd: float = Field(gt=0)
    named_sd: float = Field(gt=0)
    school_sd: float = Field(gt=0)
    shift_sd: float = Field(gt=0)
    shifts: ShiftTuning


class SmoothingTuning(Policy):
    """Speeds of exponential smoothing, and how sharply their errors count."""

    window_years: float = Field(gt=0)
    half_life_years: float = Field(gt=0)
    level_speeds: tuple[float, ...] = Field(min_length=1)
    season_speeds: tuple[float, ...] = Field(min_length=1)
    sharpness: float = Field(ge=0)


class LevelTuning(Policy):
    """Levels of months at several speeds, and how far ahead each is trusted.

    A speed is the part of a surprise that a level takes over. `usual_years` is the reach
    of the median that a collapse returns to; the trend takes `trend_speed` and
    `slope_speed` of a surprise and fades by `damping` a month. Errors count up to
    `most_error` (log scale), half after `half_life_years`, beside `assumed_months` in
    which all missed alike. The level of a regression of months may move by `quick_sd` in
    `quick_days`, where a slow one stays.
    """

    window_years: int = Field(ge=3)
    season_half_life_years: float = Field(gt=0)
    usual_years: float = Field(ge=1)
    speeds: tuple[Annotated[float, Field(gt=0, le=1)], ...] = Field(min_length=1)
    trend_speed: float = Field(gt=0, le=1)
    slope_speed: float = Field(gt=0, le=1)
    damping: float = Field(gt=0, lt=1)
    most_error: float = Field(gt=0)
    half_life_years: float = Field(gt=0)
    assumed_months: float = Field(gt=0)
    sharpness: float = Field(ge=0)
    quick_days: int = Field(ge=28)
    quick_sd: float = Field(gt=0)


class ProphetTuning(Policy):
    """Window and prior scales of Prophet."""

    window_years: float = Field(gt=0)
    changepoint_scale: float = Field(gt=0)
    season_scale: float = Field(gt=0)
    holiday_scale: float = Field(gt=0)
    changepoints: int = Field(ge=0)
    least_days: int = Field(ge=30)


class PooledTuning(Policy):
    """Small and short series: what they borrow from their kin.

    Series of at most `small_per_day` contacts on an open day, or of under `short_days`,
    are pooled where the kin count `least_gain` times as much. The other numbers are prior
    standard deviations (log scale) of how a series departs from its kin; all but that of
    the level are tried at each of the `scales`. Evidence fades by the half-life. No mean
    exceeds `ceiling` times the largest count. The level of a planned service, guessed from
    one it is like, has the coefficient of variation `planned_cv`.
    """

    small_per_day: float = Field(gt=0)
    short_days: int = Field(ge=1)
    least_gain: float = Field(gt=1)
    level_sd: float = Field(gt=0)
    weekday_sd: float = Field(gt=0)
    season_sd: float = Field(gt=0)
    change_sd: float = Field(gt=0)
    scales: tuple[float, ...] = Field(min_length=1)
    half_life_years: float = Field(gt=0)
    ceiling: float = Field(gt=1)
    planned_cv: float = Field(gt=0)


class BlendTuning(Policy):
    """How far backtest losses move the weights of the blend away from those beforehand.

    `prior` is what a method counts for before any loss is seen, 1 where none is named.
    Losses count half as sharply as they could when `sharp_origins` origins speak. Those of
    a series count as much as those of its group after `pooled_origins`, those of a group
    as much as those of all with `pooled_series` in it: assumed, as if `assumed_series` had
    told it, until the losses themselves tell how far series and groups differ.
    """

    sharpness: float = Field(ge=0)
    sharp_origins: float = Field(gt=0)
    pooled_origins: float = Field(gt=0)
    pooled_series: float = Field(gt=0)
    assumed_series: float = Field(gt=0)
    prior_share: float = Field(ge=0, le=1)
    prior: dict[str, Annotated[float, Field(gt=0)]]
