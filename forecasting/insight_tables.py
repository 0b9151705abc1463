"""The typed tables in which a forecast explains itself and is held to account.

A *group* is a service (`passport`) or a series; `month` is the first day of a month, `week`
a Monday. Shares lie between 0 and 1. `low` and `high` are a 90% interval.
"""

import dataframely as dy
import polars as pl

from forecasting.tables import Forecast

BASES = ("stock", "history")


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
    """Peaks to come: weeks of a group that stand out, and one sentence on why."""

    group = dy.String(primary_key=True, min_length=1)
    week = dy.Date(primary_key=True)
    expected = dy.Float64(nullable=False, min=0)
    q75 = dy.Float64(nullable=False, min=0)
    usual = dy.Float64(nullable=False, min=0)
    text_nl = dy.String(nullable=False)
    text_en = dy.String(nullable=False)


class Verification(dy.Schema):
    """What an earlier run said of periods that came since, by days ahead.

    `ahead` is the far end of a group of horizons in days. `expected_outside` is how much
    of the periods may lie outside the 90% interval before `warning` is set.
    """

    run = dy.String(primary_key=True)
    series = dy.String(primary_key=True)
    ahead = dy.Int32(primary_key=True)
    periods = dy.Int64(nullable=False, min=1)
    demand = dy.Float64(nullable=False, min=0)
    wape = dy.Float64(nullable=True, min=0)
    bias = dy.Float64(nullable=True)
    outside = dy.Float64(nullable=False, min=0, max=1)
    expected_outside = dy.Float64(nullable=False, min=0, max=1)
    warning = dy.Bool(nullable=False)


class Changes(dy.Schema):
    """How the forecast of the same weeks moved since the run before, and why."""

    group = dy.String(primary_key=True)
    week = dy.Date(primary_key=True)
    before = dy.Float64(nullable=False, min=0)
    now = dy.Float64(nullable=False, min=0)
    cause = dy.String(primary_key=True)
    count = dy.Float64(nullable=False)
