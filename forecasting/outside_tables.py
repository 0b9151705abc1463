"""The tables of what others plan or expect: letters of batches, forecasts from outside."""

import dataframely as dy
import polars as pl

FORECAST, OUTLOOK = "forecast", "outlook"
MODES = ("replace", "bend")
STATES = (
    "applied",
    "partly overtaken",
    "overtaken",
    "no such series",
    "too long a period",
    "outside the forecast",
    "no demand to compare with",
    "nothing expected",
)


class PlannedLetters(dy.Schema):
    """Reminder letters of batches, planned or sent, counted per cohort and week.

    `decided` is the day from which a batch was certain, and so could be known. Of an
    `age_band` or `district` that is not told nothing is known.
    """

    batch = dy.String(primary_key=True, min_length=1)
    service = dy.String(primary_key=True, min_length=1)
    mailing_week = dy.Date(primary_key=True)
    expiry_week = dy.Date(primary_key=True)
    age_band = dy.String(primary_key=True)
    district = dy.String(primary_key=True)
    count = dy.Int64(nullable=False, min=0)
    decided = dy.Date(nullable=True)

    @dy.rule()
    def weeks_are_mondays(cls) -> pl.Expr:
        """A week is named by its Monday."""
        mondays = (pl.col(name).dt.weekday() == 1 for name in WEEKS)
        return pl.all_horizontal(mondays)

    @dy.rule()
    def mailed_before_expiry(cls) -> pl.Expr:
        """A reminder goes out before the document expires."""
        return pl.col("mailing_week") < pl.col("expiry_week")


WEEKS = ("mailing_week", "expiry_week")


class KnownLetters(PlannedLetters):
    """Letters as a forecast goes by them: with the channel they go in, empty if untold."""

    channel = dy.String(nullable=False)


class OutsideForecasts(dy.Schema):
    """What somebody else expects of a period: a count, or a change in per cent.

    `subject` is a service, or a pattern with `*` on `location/service/step/channel`;
    `period` is the text that named the days from `first` to `last`, both included.
    `percent` compares with the same days of `base_year`, the year before where null.
    `mode` says whether the forecast is to be replaced or bent; `said_by` whose it is.
    """

    subject = dy.String(primary_key=True, min_length=1)
    period = dy.String(primary_key=True, min_length=1)
    first = dy.Date(nullable=False)
    last = dy.Date(nullable=False)
    percent = dy.Float64(nullable=True, min=-100)
    base_year = dy.Int64(nullable=True)
    count = dy.Float64(nullable=True, min=0)
    mode = dy.String(nullable=False)
    said_by = dy.String(nullable=False, min_length=1)

    @dy.rule()
    def ends_after_it_begins(cls) -> pl.Expr:
        """A period lasts at least a day."""
        return pl.col("last") >= pl.col("first")

    @dy.rule()
    def says_one_thing(cls) -> pl.Expr:
        """Either a count or a change is expected."""
        return pl.col("count").is_null() != pl.col("percent").is_null()

    @dy.rule()
    def mode_is_known(cls) -> pl.Expr:
        """The mode decides how far the forecast moves."""
        return pl.col("mode").is_in(MODES)


class OutsideApplied(dy.Schema):
    """What a forecast from outside did to ours, or why it did nothing.

    `said` is the count it expects of the whole period, `ours` what we knew and expected
    of it; `before` and `after` are the sums over the days it holds for of the `table` it
    moved: the "forecast", or of periods beyond that the "outlook" of ten years by month.
    `place` is the order of importance: 1 was imported last and goes before all others.
    """

    subject = dy.String(primary_key=True, min_length=1)
    period = dy.String(primary_key=True, min_length=1)
    source = dy.String(primary_key=True, min_length=1)
    said_by = dy.String(nullable=False, min_length=1)
    mode = dy.String(nullable=False)
    place = dy.Int32(nullable=False, min=1)
    series = dy.Int32(nullable=False, min=0)
    said = dy.Float64(nullable=True, min=0)
    ours = dy.Float64(nullable=False, min=0)
    before = dy.Float64(nullable=False, min=0)
    after = dy.Float64(nullable=False, min=0)
    table = dy.String(nullable=False)
    state = dy.String(nullable=False)

    @dy.rule()
    def state_is_known(cls) -> pl.Expr:
        """What came of it is one of a few things."""
        return pl.col("state").is_in(STATES)

    @dy.rule()
    def table_is_known(cls) -> pl.Expr:
        """What moved is the forecast or the outlook."""
        return pl.col("table").is_in([FORECAST, OUTLOOK])
