"""Settings of what documents bring: expiries, second visits, outside forecasts."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from forecasting.policy import Policy
from forecasting.tuning.quantities import (
    Count,
    Days,
    FadingDays,
    Order,
    Part,
    Proportion,
    Share,
    Speed,
    Spread,
    Strength,
    Years,
    some_count,
)

ANY_SERVICE = "*"

Age = Annotated[int, Field(ge=0, le=120)]
Lag = Annotated[int, Field(ge=-520, le=520)]
"""Weeks after expiry; before is negative."""


class VisitTuning(Policy):
    """Second visits: what is assumed of them, and what that is worth beside the history.

    `collected_after` are proportions by open days after the application, from day 0 on;
    `home_delivery` never comes. Both are worth `prior_applications` applications, and an
    ordinary weekday `weekday_counts` visits. Evidence of the last `window_days` counts,
    and fades by half each `half_life_days`.
    """

    home_delivery: Share = Field(lt=1)
    collected_after: tuple[Proportion, ...] = Field(min_length=1)
    source: str = Field(min_length=1)
    prior_applications: Strength
    weekday_counts: Strength
    window_days: Days = Field(ge=56)
    half_life_days: FadingDays

    @model_validator(mode="after")
    def _some_are_collected(self) -> Self:
        if not some_count(self.collected_after):
            raise ValueError("collected_after holds proportions, not all 0")
        return self


class DocumentTuning(Policy):
    """What is assumed of one kind of document until the town's own data say otherwise.

    `points` are (weeks after expiry, height), joined by straight lines; only their
    proportions matter. `breaks` are lags at which timing may jump. `renews` gives (age at
    expiry from, share that renews at all); `lost_a_year` is the share lost or stolen,
    `first_share` the part of applications for a first document. `applicants` gives (age
    from, share): who applies; `newcomers` who gets a first document.
    """

    service: str
    points: tuple[tuple[Lag, Proportion], ...] = Field(min_length=2)
    breaks: tuple[Lag, ...]
    renews: tuple[tuple[Age, Part], ...] = Field(min_length=1)
    lost_a_year: Part = Field(lt=0.2)
    first_share: Part
    applicants: tuple[tuple[Age, Proportion], ...] = Field(min_length=1)
    newcomers: tuple[tuple[Age, Proportion], ...] = Field(min_length=1)
    source: str = Field(min_length=1)


class ExpiryTuning(Policy):
    """How expiring documents are read; `*_sd` are prior standard deviations.

    Renewals fall from `early_weeks` before to `late_weeks` after expiry; their timing has
    a knot every week at expiry, a week further apart every `knot_weeks` from it. It is
    learnt from `window_years`, and a stock of over `stale_weeks` ago tells nothing of a
    past week. `growth` is a year's growth of first documents, `level_sd_a_year` how far
    the level of applications wanders in a year, `rebuilt_sd_a_year` the same where the
    stock is rebuilt from applications. A stock is rebuilt where at least `least_known` of
    what expires in a year was issued within the history. A stock is used where what it
    calls for, as a part of the usual applications, lies within `explained` in its first
    quarter and within `explained_later` in the rest of its first year. Origins closer than
    `moment_days` share a look at the documents. `steps` are those that follow documents.
    """

    steps: tuple[str, ...] = Field(min_length=1)
    early_weeks: int = Field(ge=13, le=104)
    late_weeks: int = Field(ge=13, le=104)
    knot_weeks: int = Field(ge=1, le=13)
    window_years: Years
    pairs: Count
    stale_weeks: int = Field(ge=13, le=5220)
    moment_days: Days
    least_known: Share
    explained: tuple[Share, Strength]
    explained_later: tuple[Share, Strength]
    shape_sd: Spread
    renews_sd: Spread
    lost_sd: Spread
    share_sd: Spread
    counted_sd: Spread
    first_sd: Spread
    growth: float = Field(gt=-0.1, lt=0.1)
    growth_sd: Spread
    season_sd: Spread
    season_order: Order = Field(le=8)
    level_sd_a_year: float = Field(ge=0, le=100)
    rebuilt_sd_a_year: float = Field(ge=0, le=100)
    outlook_years: int = Field(ge=1, le=15)
    draws: Count = Field(ge=20)
    source: str
    document: tuple[DocumentTuning, ...] = Field(min_length=1)

    def assumed(self, service: str) -> DocumentTuning:
        """What is assumed of a service, or of any ("*") where it has nothing of its own."""
        own = [d for d in self.document if d.service == service]
        return (own or [d for d in self.document if d.service == ANY_SERVICE])[0]

    @model_validator(mode="after")
    def _ranges_are_ranges(self) -> Self:
        for low, high in (self.explained, self.explained_later):
            if not 0 <= low < 1 < high:
                raise ValueError("explained holds a low below 1 and a high above it")
        return self

    @model_validator(mode="after")
    def _any_is_given(self) -> Self:
        if all(document.service != ANY_SERVICE for document in self.document):
            raise ValueError("a document of service '*' stands for those not named")
        return self


class OutsideTuning(Policy):
    """How far a forecast from outside bends ours: part of the way, from 0 to 1.

    A statement on `longest_days` or more is not applied.
    """

    bend: Speed
    longest_days: Days = Field(ge=7)
    source: str = Field(min_length=1)
