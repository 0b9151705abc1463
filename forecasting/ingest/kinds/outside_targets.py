"""The kinds that say what others plan or expect: planned letters, outside forecasts."""

import polars as pl

from forecasting.ingest.kinds.age_bands import EXPECTED, is_no_band
from forecasting.ingest.kinds.contact_targets import MOST
from forecasting.outside_tables import MODES, OutsideForecasts, PlannedLetters
from forecasting.targets import Field, Rule, Target

YEAR = r"^(\d{4})(?:\.0)?$"
QUARTER = r"^(\d{4})-?[QqKk]([1-4])$"
MONTH = r"^(\d{4})-(0?[1-9]|1[0-2])$"
DAYS = r"^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$"
LEAST_PERCENT, MOST_PERCENT = -90, 300
"""Changes beyond these are slips of the pen, such as 1500 for 15.00."""

FIRST_YEAR, LAST_YEAR = 1990, 2100


def first_day(column: str = "period") -> pl.Expr:
    """The first day of a year, quarter, month or stretch of days, else null."""
    text = pl.col(column)
    quarter = 3 * _part(text, QUARTER, 2) - 2
    return pl.coalesce(
        pl.date(_part(text, YEAR, 1), 1, 1),
        pl.date(_part(text, QUARTER, 1), quarter, 1),
        pl.date(_part(text, MONTH, 1), _part(text, MONTH, 2), 1),
        text.str.extract(DAYS, 1).str.to_date("%Y-%m-%d", strict=False),
    )


def last_day(column: str = "period") -> pl.Expr:
    """The last day of the same."""
    text, first = pl.col(column), first_day(column)
    until = text.str.extract(DAYS, 2).str.to_date("%Y-%m-%d", strict=False)
    return (
        pl.when(text.str.contains(YEAR))
        .then(first.dt.offset_by("1y").dt.offset_by("-1d"))
        .when(text.str.contains(QUARTER))
        .then(first.dt.offset_by("3mo").dt.offset_by("-1d"))
        .when(text.str.contains(MONTH))
        .then(first.dt.month_end())
        .otherwise(until)
    )


def _part(text: pl.Expr, pattern: str, group: int) -> pl.Expr:
    return text.str.extract(pattern, group).cast(pl.Int32, strict=False)


def _base_ends() -> pl.Expr:
    """The last year of what a percentage compares with: the year before, if not told."""
    first, last = first_day().dt.year(), last_day().dt.year()
    return pl.coalesce("base_year", first - 1) + (last - first)


def _monday(field: str) -> Rule:
    wrong = pl.col(field).dt.weekday() != 1
    return Rule(field, "expected the Monday of a week", wrong)


def _as_letters(frame: pl.LazyFrame, _: str) -> pl.LazyFrame:
    return frame.with_columns(pl.col("age_band", "district").fill_null(""))


def _as_forecasts(frame: pl.LazyFrame, source: str) -> pl.LazyFrame:
    return frame.with_columns(
        first_day().alias("first"),
        last_day().alias("last"),
        pl.col("mode").fill_null(MODES[0]),
        pl.col("said_by").fill_null(source),
    )


PLANNED_LETTERS = Target(
    kind="planned_letters",
    schema=PlannedLetters,
    fields=(
        Field("batch", "text"),
        Field("service", "text"),
        Field("mailing_week", "day"),
        Field("expiry_week", "day"),
        Field("age_band", "text", required=False, omittable=True),
        Field("district", "text", required=False, omittable=True),
        Field("count", "whole", minimum=0, maximum=MOST),
        Field("decided", "day", required=False),
    ),
    rules=(
        _monday("mailing_week"),
        _monday("expiry_week"),
        Rule(
            "mailing_week",
            "expected a letter before the week of expiry",
            pl.col("mailing_week") >= pl.col("expiry_week"),
        ),
        Rule("age_band", EXPECTED, is_no_band()),
        Rule(
            "decided",
            "decided after the letters went out",
            pl.col("decided") > pl.col("mailing_week").dt.offset_by("6d"),
        ),
    ),
    key=("batch", "service", "mailing_week", "expiry_week", "age_band", "district"),
    period="mailing_week",
    sent="batch",
    finish=_as_letters,
)

OUTSIDE_FORECASTS = Target(
    kind="outside_forecasts",
    schema=OutsideForecasts,
    fields=(
        Field("subject", "text"),
        Field("period", "text"),
        Field(
            "percent",
            "number",
            required=False,
            minimum=LEAST_PERCENT,
            maximum=MOST_PERCENT,
        ),
        Field(
            "base_year",
            "whole",
            required=False,
            minimum=FIRST_YEAR,
            maximum=LAST_YEAR,
        ),
        Field("count", "number", required=False, minimum=0, maximum=MOST),
        Field("mode", "text", required=False),
        Field("said_by", "text", required=False),
    ),
    rules=(
        Rule(
            "period",
            "expected a period such as 2027, 2027-Q2, 2027-05 or 2027-05-01..2027-06-15",
            first_day().is_null() | last_day().is_null(),
        ),
        Rule("period", "ends before it begins", last_day() < first_day()),
        Rule(
            "period",
            f"outside the years {FIRST_YEAR} to {LAST_YEAR}",
            (first_day().dt.year() < FIRST_YEAR) | (last_day().dt.year() > LAST_YEAR),
        ),
        Rule(
            "base_year",
            "expected a base year that is over before the period begins",
            pl.col("percent").is_not_null() & (_base_ends() >= first_day().dt.year()),
        ),
        Rule(
            "count",
            "expected a count or a change in per cent, not both or neither",
            pl.col("count").is_null() == pl.col("percent").is_null(),
        ),
        Rule("mode", f"expected {' or '.join(MODES)}", ~pl.col("mode").is_in(MODES)),
    ),
    key=("subject", "period"),
    period="first",
    finish=_as_forecasts,
)
