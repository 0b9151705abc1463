"""Settings of the forecast (`config/forecast.toml`), each with its own range."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from forecasting.policy import Policy, load_policy
from forecasting.settings import Settings

ANY_SERVICE = "*"


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
    `least_score` times the usual one counts, `most` of them at most.
    """

    periods: int = Field(ge=2)
    least_score: float = Field(gt=0)
    most: int = Field(ge=0)


class GlmTuning(Policy):
    """Prior standard deviations (log scale) and window of the negative-binomial GLM.

    `day_evidence` is what a day counts for beside an independent observation: the
    errors of neighbouring days are alike, so a day says less than it seems. The level
    of days may move by `level_sd` in `level_days`, that of weeks and months by
    `slow_level_sd` in `slow_level_days`. A season of days is told from a wandering level
    with difficulty, so its prior is narrow (`season_sd`); that of weeks and months is
    `slow_season_sd`, with months of their own (`month_sd`). The week of late may differ
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
    slow_season_sd: float = Field(gt=0)
    month_sd: float = Field(gt=0)
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


class VisitTuning(Policy):
    """Second visits: what is assumed of them, and what that is worth beside the history.

    `collected_after` are proportions by open days after the application, from day 0 on;
    `home_delivery` never comes. Both are worth `prior_applications` applications, and an
    ordinary weekday `weekday_counts` visits. Evidence of the last `window_days` counts,
    and fades by half each `half_life_days`.
    """

    home_delivery: float = Field(ge=0, lt=1)
    collected_after: tuple[float, ...] = Field(min_length=1)
    source: str = Field(min_length=1)
    prior_applications: float = Field(gt=0)
    weekday_counts: float = Field(gt=0)
    window_days: int = Field(ge=56)
    half_life_days: float = Field(gt=0)

    @model_validator(mode="after")
    def _some_are_collected(self) -> Self:
        if min(self.collected_after) < 0 or sum(self.collected_after) <= 0:
            raise ValueError("collected_after holds proportions, not all 0")
        return self


class BlendTuning(Policy):
    """How far backtest losses move the weights of the blend away from those beforehand.

    `prior` is what a method counts for before any loss is seen, 1 where none is named.
    """

    sharpness: float = Field(ge=0)
    pooled_origins: float = Field(ge=0)
    prior_share: float = Field(ge=0, le=1)
    prior: dict[str, Annotated[float, Field(gt=0)]]


class IntervalTuning(Policy):
    """Horizon groups, pooling and adaptation of the conformal quantiles.

    Numbers that end in `_origins`, `_periods` or `_years` are the strength of what is
    assumed or pooled, as if so many had told it: of the spread of a series (`prior_cv`,
    a coefficient of variation), of the shape of its errors, of their median, of how
    weekdays, quarters of the year and holidays differ in spread. On holidays the
    dispersion is assumed to be `holiday_spread` times the usual. An origin counts half
    after `half_life_days`. Whole counts with a mean below `small_mean` have whole
    quantiles. The share outside the 90% interval moves by `adapt_rate` times what it was
    off at each origin, within `adapt_range`.
    """

    group_days: tuple[int, ...]
    prior_cv: float = Field(gt=0)
    dispersion_origins: float = Field(gt=0)
    pooled_origins: float = Field(ge=0)
    shift_origins: float = Field(ge=0)
    half_life_days: float = Field(gt=0)
    weekday_periods: float = Field(gt=0)
    season_years: float = Field(gt=0)
    holiday_periods: float = Field(gt=0)
    holiday_spread: float = Field(gt=0)
    small_mean: float = Field(ge=0)
    adapt_rate: float = Field(ge=0, le=1)
    adapt_range: tuple[float, float]

    @model_validator(mode="after")
    def _range_holds_a_tenth(self) -> Self:
        least, most = self.adapt_range
        if not 0 < least <= 0.1 <= most < 1:
            raise ValueError("adapt_range holds 0.1, within 0 and 1")
        return self


class IntradayTuning(Policy):
    """The profile of a day over its slots, its levels, and the noise of slots.

    Days count half after `half_life_days` and not at all before `window_days`. Factors
    of a level are smoothed over `smooth_minutes`; `level_sd` is how far they are assumed
    to differ, `drift_sd` how far quarters of a year differ in one of them, `slot_cv` how
    noisy slots are beyond chance, given the day: each as if `level_worth` cells without
    noise had told so. `kept_share` of the usual demand of
    slots that are shut on a short day is assumed to come in the open ones, give or take
    `kept_sd`.
    """

    half_life_days: float = Field(gt=0)
    window_days: int = Field(ge=7)
    smooth_minutes: float = Field(ge=0)
    level_sd: float = Field(gt=0)
    drift_sd: float = Field(gt=0)
    slot_cv: float = Field(gt=0)
    level_worth: float = Field(gt=0)
    kept_share: float = Field(ge=0, le=1)
    kept_sd: float = Field(gt=0)
    source: str


class SampleTuning(Policy):
    """How the errors of one sampled future hang together, until measured.

    Of the variance of a normal score, `shared` is common to all periods of a series; the
    rest moves, and `next_period` is what a period keeps of the one before. Of both, the
    factors of the town, the service and the channel explain the parts named so. What is
    assumed counts as `assumed_origins` or `assumed_periods` measured ones; periods over
    `apart_periods` apart share nothing but the common part.
    """

    shared: float = Field(ge=0, lt=1)
    next_period: float = Field(ge=0, lt=1)
    town: float = Field(ge=0, lt=1)
    service: float = Field(ge=0, lt=1)
    channel: float = Field(ge=0, lt=1)
    assumed_origins: float = Field(gt=0)
    assumed_periods: float = Field(gt=0)
    apart_periods: int = Field(ge=1)
    source: str

    @model_validator(mode="after")
    def _factors_leave_room(self) -> Self:
        if self.town + self.service + self.channel > 0.9:
            raise ValueError("town, service and channel explain at most 0.9 together")
        return self


class DefaultProfile(Policy):
    """The assumed profile of a week whose exports tell no time of day."""

    weekday: tuple[float, ...] = Field(min_length=7, max_length=7)
    hour_from: tuple[int, ...]
    hour_weight: tuple[float, ...]
    source: str

    @model_validator(mode="after")
    def _hours_match(self) -> Self:
        if len(self.hour_from) != len(self.hour_weight) or self.hour_from[0] != 0:
            raise ValueError("hour_from starts at 0 and has one weight per hour")
        return self


class GapTuning(Policy):
    """When silence is a gap: less likely than `improbable` at the rate around it.

    The rate is that of `window_periods` before and after. Of counted exports, and of
    single series, runs of under `least_periods` are not named.
    """

    improbable: float = Field(gt=0, lt=0.05)
    window_periods: int = Field(ge=5)
    least_periods: int = Field(ge=1)


class CensoredTuning(Policy):
    """How demand that was not served is estimated.

    `redial` is the assumed share of callers who give up and call again, with its range;
    a measured one takes its place where its 90% interval is at most
    `informative_width` wide. `redial_after_s` is the mean delay before they do.
    The first of `wait_quantiles` of the days between asking and visit is the wait of who
    wants the first free place; the others widen the interval. The median of the
    `quiet_share` shortest waits is the reference.
    With `train_on` "served" the forecast learns from what was counted; with
    "served_and_unmet" callers count once and bookings not made are added.
    """

    redial: float = Field(ge=0, le=1)
    redial_low: float = Field(ge=0, le=1)
    redial_high: float = Field(ge=0, le=1)
    redial_source: str
    redial_after_s: float = Field(gt=0)
    redial_days: int = Field(ge=28)
    informative_width: float = Field(gt=0, le=1)
    wait_quantiles: tuple[float, ...] = Field(min_length=1)
    quiet_share: float = Field(gt=0, le=1)
    window_days: int = Field(ge=182)
    draws: int = Field(ge=100)
    train_on: Literal["served", "served_and_unmet"]

    @model_validator(mode="after")
    def _range_holds_the_value(self) -> Self:
        if not self.redial_low <= self.redial <= self.redial_high:
            raise ValueError("redial lies between redial_low and redial_high")
        return self


class ExplainTuning(Policy):
    """What counts as a peak, and how earlier runs are held to account.

    A peak is a week above `peak_ratio` times the usual of the `around_weeks` around it.
    `draws` samples give the quantiles of sums. Earlier runs, the newest `verified_runs`
    of different histories, are judged by horizons up to each of `horizons` days; a
    warning is given where calibrated intervals would be left so often with a chance
    under `chance`.
    """

    peak_ratio: float = Field(gt=1)
    around_weeks: int = Field(ge=8)
    draws: int = Field(ge=50)
    horizons: tuple[int, ...] = Field(min_length=1)
    verified_runs: int = Field(ge=1)
    chance: float = Field(gt=0, lt=0.5)


class EffectTuning(Policy):
    """How effects are measured: what is known beside them, and how far they may differ.

    `season_order` counts yearly sine and cosine pairs; a week (or `share_days`) open for
    less than `least_share` of the usual is left out. Nothing is said from under
    `least_days` open days, under `least_freedom` bins beyond what is estimated, or where
    fewer than `least_counts` contacts were to be expected in the days of an occasion.
    `election_spread` and `fee_spread` are the scale (log) of how far occasions lie apart,
    `like_spread` that of services that are alike. `fee_weeks` are the edges of the phases
    around a change of fee, in weeks after it. An online share that moves by less than
    `least_move` tells nothing of calls.
    """

    season_order: int = Field(ge=1, le=8)
    least_share: float = Field(gt=0, le=1)
    least_days: int = Field(ge=100)
    least_freedom: int = Field(ge=5)
    least_counts: float = Field(gt=0)
    election_spread: float = Field(gt=0)
    fee_spread: float = Field(gt=0)
    like_spread: float = Field(gt=0)
    fee_weeks: tuple[int, ...] = Field(min_length=3)
    share_days: int = Field(ge=7)
    least_move: float = Field(gt=0, lt=1)

    @model_validator(mode="after")
    def _phases_ascend_around_the_change(self) -> Self:
        edges = self.fee_weeks
        if list(edges) != sorted(set(edges)) or 0 not in edges[1:-1]:
            raise ValueError("fee_weeks ascend, with 0 (the change) between two others")
        return self


class DocumentTuning(Policy):
    """What is assumed of one kind of document until the town's own data say otherwise.

    `points` are (weeks after expiry, height), joined by straight lines; only their
    proportions matter. `breaks` are lags at which timing may jump. `renews` is the share
    that renews at all, `lost_a_year` that is lost or stolen, `first_share` the part of
    applications for a first document. `applicants` gives (age from, share): who applies;
    `newcomers` who gets a first document.
    """

    service: str
    points: tuple[tuple[int, float], ...] = Field(min_length=2)
    breaks: tuple[int, ...]
    renews: float = Field(gt=0, lt=1)
    lost_a_year: float = Field(gt=0, lt=0.2)
    first_share: float = Field(gt=0, lt=1)
    applicants: tuple[tuple[int, float], ...] = Field(min_length=1)
    newcomers: tuple[tuple[int, float], ...] = Field(min_length=1)
    source: str = Field(min_length=1)


class ExpiryTuning(Policy):
    """How expiring documents are read; `*_sd` are prior standard deviations.

    Renewals fall from `early_weeks` before to `late_weeks` after expiry; their timing has
    a knot every week at expiry, a week further apart every `knot_weeks` from it. It is
    learnt from `window_years`, and a stock of over `stale_weeks` ago tells nothing of a
    past week. `growth` is a year's growth of first documents, `level_sd_a_year` how far
    the level of applications wanders in a year, `rebuilt_sd_a_year` the same where the
    stock is rebuilt from applications. A stock is rebuilt where at least `least_known` of
    what expires in a year was issued within the history. Origins closer than
    `moment_days` share a look at the documents. `steps` are those that follow documents.
    """

    steps: tuple[str, ...] = Field(min_length=1)
    early_weeks: int = Field(ge=13, le=104)
    late_weeks: int = Field(ge=13, le=104)
    knot_weeks: int = Field(ge=1, le=13)
    window_years: float = Field(gt=0)
    pairs: int = Field(ge=1)
    stale_weeks: int = Field(ge=13)
    moment_days: int = Field(ge=1)
    least_known: float = Field(ge=0, le=1)
    shape_sd: float = Field(gt=0)
    renews_sd: float = Field(gt=0)
    lost_sd: float = Field(gt=0)
    share_sd: float = Field(gt=0)
    counted_sd: float = Field(gt=0)
    first_sd: float = Field(gt=0)
    growth: float = Field(gt=-0.1, lt=0.1)
    growth_sd: float = Field(gt=0)
    season_sd: float = Field(gt=0)
    season_order: int = Field(ge=1, le=8)
    level_sd_a_year: float = Field(ge=0)
    rebuilt_sd_a_year: float = Field(ge=0)
    outlook_years: int = Field(ge=1, le=15)
    draws: int = Field(ge=20)
    source: str
    document: tuple[DocumentTuning, ...] = Field(min_length=1)

    def assumed(self, service: str) -> DocumentTuning:
        """What is assumed of a service, or of any ("*") where it has nothing of its own."""
        own = [d for d in self.document if d.service == service]
        return (own or [d for d in self.document if d.service == ANY_SERVICE])[0]

    @model_validator(mode="after")
    def _any_is_given(self) -> Self:
        if all(document.service != ANY_SERVICE for document in self.document):
            raise ValueError("a document of service '*' stands for those not named")
        return self


class LetterTuning(Policy):
    """How residents are assumed to react to a reminder letter.

    `reads` is the share that has read it within so many weeks of mailing, `acts` the
    share of readers who come because of it when it arrives in the week of expiry; every
    `half_life_weeks` of lead halve that. `delay` is the share of them per week from
    reading on, after `wait_weeks` in which no appointment is free.
    """

    reads: tuple[tuple[int, float], ...] = Field(min_length=1)
    acts: float = Field(ge=0, le=1)
    half_life_weeks: float = Field(gt=0)
    delay: tuple[float, ...] = Field(min_length=1)
    wait_weeks: int = Field(ge=0)
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _shares_are_shares(self) -> Self:
        weeks, shares = zip(*self.reads, strict=True)
        if list(weeks) != sorted(set(weeks)) or weeks[0] < 1:
            raise ValueError("reads is in order of week, from week 1 on")
        if list(shares) != sorted(shares) or shares[0] < 0 or shares[-1] > 1:
            raise ValueError("reads rises, between 0 and 1")
        if min(self.delay) < 0 or abs(sum(self.delay) - 1) > 1e-6:
            raise ValueError("delay holds shares that add up to 1")
        return self


class OutsideTuning(Policy):
    """How far a forecast from outside bends ours: part of the way, from 0 to 1."""

    bend: float = Field(gt=0, le=1)
    source: str = Field(min_length=1)


class Tuning(Policy):
    """All settings of the forecast."""

    horizon_days: int = Field(ge=1)
    slot_weeks: int = Field(ge=1)
    stale_days: int = Field(ge=0)
    holdback_days: int = Field(ge=7)
    backtest: BacktestTuning
    glm: GlmTuning
    smoothing: SmoothingTuning
    prophet: ProphetTuning
    pooled: PooledTuning
    visits: VisitTuning
    letters: LetterTuning
    outside: OutsideTuning
    blend: BlendTuning
    intervals: IntervalTuning
    intraday: IntradayTuning
    samples: SampleTuning
    default_profile: DefaultProfile
    gaps: GapTuning
    censored: CensoredTuning
    expiry: ExpiryTuning
    explaining: ExplainTuning
    effects: EffectTuning


@cache
def load_tuning(config: Path | None = None) -> Tuning:
    """Read the settings from a configuration folder, or from the installed one."""
    folder = config if config is not None else Settings().config
    return load_policy(folder / "forecast.toml", Tuning)
