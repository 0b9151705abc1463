"""The typed tables in which a forecast explains itself and is held to account.

A *group* is a service (`passport`) or a series; `month` is the first day of a month, `week`
a Monday. Shares lie between 0 and 1. `low` and `high` are a 90% interval.
"""

import dataframely as dy
import polars as pl

from forecasting.tables import Forecast

BASES = ("stock", "history")
NOTICES = (
    "new series",
    "short history",
    "pooled",
    "no backtest",
    "stale",
    "last day in part",
    "first day in part",
    "stock not used",
)


FACTORS = ("town", "service", "channel")
"""What the errors of several series may share."""


class Causes(dy.Schema):
    """What each cause adds to the mean of a period; the causes of a period add up to it."""

    series = dy.String(primary_key=True, min_length=1)
    start = dy.Date(primary_key=True)
    cause = dy.String(primary_key=True, min_length=1)
    count = dy.Float64(nullable=False)


class Effects(dy.Schema):
    """A measured effect on demand, as a ratio (1 = none) with its 90% interval.

    `kind`: "election", "fee", "cross-channel", "letter" or "level shift". `subject` is the
    group it was measured on, `detail` says of what (a name, two channels); `first` and
    `last` bound the days it was measured in, `evidence` counts the occasions.
    """

    kind = dy.String(primary_key=True)
    subject = dy.String(primary_key=True, min_length=1)
    detail = dy.String(primary_key=True)
    ratio = dy.Float64(nullable=False, min=0)
    low = dy.Float64(nullable=False, min=0)
    high = dy.Float64(nullable=False, min=0)
    first = dy.Date(nullable=False)
    last = dy.Date(nullable=False)
    evidence = dy.Int32(nullable=False, min=0)


class SecondVisits(dy.Schema):
    """Of what second visits follow, the share that never comes.

    It was delivered at home, was never collected, or the applicant did not show up: demand
    counts what was asked for. Measured per series on the periods from `first` to `last`,
    with a 90% interval. `after` is how many open periods later the others come, on average.
    """

    series = dy.String(primary_key=True, min_length=1)
    never = dy.Float64(nullable=False, min=0, max=1)
    low = dy.Float64(nullable=False, min=0, max=1)
    high = dy.Float64(nullable=False, min=0, max=1)
    after = dy.Float64(nullable=False, min=0)
    first = dy.Date(nullable=False)
    last = dy.Date(nullable=False)


class RenewalTiming(dy.Schema):
    """When holders renew: per week after expiry (`lag`, negative before) and age band.

    `hazard` is the share of those who had not renewed yet; `weight` the share of all
    documents of a cohort, so that the weights of a band add up to the share that renews.
    """

    service = dy.String(primary_key=True, min_length=1)
    age_band = dy.String(primary_key=True)
    lag = dy.Int32(primary_key=True)
    hazard = dy.Float64(nullable=False, min=0, max=1)
    weight = dy.Float64(nullable=False, min=0, max=1)
    low = dy.Float64(nullable=False, min=0, max=1)
    high = dy.Float64(nullable=False, min=0, max=1)


class Outlook(Forecast):
    """Ten years of applications of a service by month: `series` is the service.

    `renewals`, `lost`, `first` and `echo` are parts of the mean: renewals of documents in
    the stock, of those issued since (`echo`), replacements of lost ones, first documents.
    `basis` is where the stock comes from: an export ("stock") or rebuilt from the
    applications of the past ("history").
    """

    renewals = dy.Float64(nullable=False, min=0)
    lost = dy.Float64(nullable=False, min=0)
    first = dy.Float64(nullable=False, min=0)
    echo = dy.Float64(nullable=False, min=0)
    basis = dy.String(nullable=False)

    @dy.rule()
    def basis_is_known(cls) -> pl.Expr:
        """Where the stock comes from decides how sure the outlook is."""
        return pl.col("basis").is_in(BASES)


class Issued(dy.Schema):
    """Which documents a week of applications renews: by the month they were issued in."""

    service = dy.String(primary_key=True, min_length=1)
    week = dy.Date(primary_key=True)
    issued = dy.Date(primary_key=True)
    share = dy.Float64(nullable=False, min=0, max=1)


class Peaks(dy.Schema):
    """Peaks to come: weeks of a group that stand out, and one sentence on why.

    Peak weeks near each other are one season, from `first` to `last`; `top` marks the
    highest week of it.
    """

    group = dy.String(primary_key=True, min_length=1)
    week = dy.Date(primary_key=True)
    expected = dy.Float64(nullable=False, min=0)
    q75 = dy.Float64(nullable=False, min=0)
    usual = dy.Float64(nullable=False, min=0)
    first = dy.Date(nullable=False)
    last = dy.Date(nullable=False)
    top = dy.Bool(nullable=False)
    text_nl = dy.String(nullable=False)
    text_en = dy.String(nullable=False)


class Verification(dy.Schema):
    """What an earlier run said of periods that came since, by days ahead.

    `origin` is the last day the run knew, `ahead` the far end of a group of horizons in
    days; an empty `series` stands for all together. `expected_outside` is how much of the
    periods may lie outside the 90% interval before `warning` is set.
    """

    run = dy.String(primary_key=True)
    series = dy.String(primary_key=True)
    ahead = dy.Int32(primary_key=True)
    origin = dy.Date(nullable=False)
    periods = dy.Int64(nullable=False, min=1)
    demand = dy.Float64(nullable=False, min=0)
    wape = dy.Float64(nullable=True, min=0)
    bias = dy.Float64(nullable=True)
    outside = dy.Float64(nullable=False, min=0, max=1)
    expected_outside = dy.Float64(nullable=False, min=0, max=1)
    warning = dy.Bool(nullable=False)


class Changes(dy.Schema):
    """How the forecast of the same weeks moved since the run before, and why.

    A week that stayed the same has one row, of the cause "nothing".
    """

    group = dy.String(primary_key=True)
    week = dy.Date(primary_key=True)
    before = dy.Float64(nullable=False, min=0)
    now = dy.Float64(nullable=False, min=0)
    cause = dy.String(primary_key=True)
    count = dy.Float64(nullable=False)


class Notices(dy.Schema):
    """What is special about the forecast of a series, and must be said with it.

    `kind`: "new series" (under eight weeks), "short history" (under a year, so no yearly
    season of its own), "pooled" (shaped by `about`, its kin), "no backtest" (its weights
    and intervals are those of others), "stale" (it ended long before the others), "last
    day in part" or "first day in part" (`about` tells the day and up to or from when its
    export tells of it: that day does not count), "stock not used" (`about` tells the day
    of the newest export of expiries that explains too few or too many applications).
    `first`, `last` and `periods` tell what is known of the series.
    """

    series = dy.String(primary_key=True, min_length=1)
    kind = dy.String(primary_key=True)
    about = dy.String(nullable=False)
    first = dy.Date(nullable=False)
    last = dy.Date(nullable=False)
    periods = dy.Int64(nullable=False, min=1)

    @dy.rule()
    def kind_is_known(cls) -> pl.Expr:
        """Each kind has its own words for people."""
        return pl.col("kind").is_in(NOTICES)


class Dependence(dy.Schema):
    """How the errors of a forecast hang together, per series, in normal scores.

    `shared` is the part of the variance that all periods of a series have in common; of
    the rest, a period keeps `next_period` (a correlation) of the one before. Of both,
    the factors of the town, the service and the channel explain the squares of their
    loadings (`level_` of the shared part, `day_` of the rest); the factors themselves
    keep `factor_next_period`. `origins` is how many earlier origins told so.
    """

    series = dy.String(primary_key=True, min_length=1)
    shared = dy.Float64(nullable=False, min=0, max=1)
    next_period = dy.Float64(nullable=False, min=0, max=1)
    factor_next_period = dy.Float64(nullable=False, min=0, max=1)
    level_town = dy.Float64(nullable=False, min=-1, max=1)
    level_service = dy.Float64(nullable=False, min=0, max=1)
    level_channel = dy.Float64(nullable=False, min=0, max=1)
    day_town = dy.Float64(nullable=False, min=-1, max=1)
    day_service = dy.Float64(nullable=False, min=0, max=1)
    day_channel = dy.Float64(nullable=False, min=0, max=1)
    origins = dy.Int32(nullable=False, min=0)
