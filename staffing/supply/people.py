"""People as they are imported: who, where, which hours on which days, and what they may do."""

import polars as pl

from forecasting.calendar import WEEKDAYS
from forecasting.targets import Field, Rule, Target
from staffing.staff_tables import People
from staffing.supply.reasons import REASON_COLUMNS

AUTHORISATIONS = ("babs", "naturalisation", "raas_apply", "raas_issue", "trainee")
"""What someone may do, or is, beside the skills of the catalogue."""

LEARNING = "learning_"
"""Before a skill: someone is learning it, and does not count for it yet."""

ODD = "odd_"
CROSS = "x"
MOST_HOURS = 12
TICKS = tuple(f"may_{place}" for place in range(1, 13))
"""Fields that each hold one skill or authorisation, or nothing."""

_CELL = rf"(?i)^({CROSS}|\d{{1,2}}([.,]\d+)?)$"
_DAYS = (*WEEKDAYS, *(ODD + day for day in WEEKDAYS))


def _number(field: str) -> pl.Expr:
    written = pl.col(field).str.replace(",", ".", literal=True)
    return written.cast(pl.Float64, strict=False)


def _is_cross(field: str) -> pl.Expr:
    return pl.col(field).str.to_lowercase() == CROSS


def _hours(*, odd: bool) -> pl.Expr:
    """Hours of Monday to Sunday; a day of odd weeks that is left open is like the even."""
    even = [_number(day) for day in WEEKDAYS]
    cells = [
        pl.coalesce(_number(ODD + day), same) if odd else same
        for day, same in zip(WEEKDAYS, even, strict=True)
    ]
    return pl.concat_list([cell.fill_null(0.0) for cell in cells])


_EVEN, _ODD_WEEKS = _hours(odd=False), _hours(odd=True)
_TOLD = pl.any_horizontal(_number(day) > 0 for day in _DAYS).fill_null(value=False)
_CROSSED = pl.any_horizontal(_is_cross(day) for day in _DAYS).fill_null(value=False)
_NAMED = (pl.col("working_days").list.len() > 0).fill_null(value=False)
_MEAN = (_EVEN.list.sum() + _ODD_WEEKS.list.sum()) / 2


def _as_people(frame: pl.LazyFrame, _: str) -> pl.LazyFrame:
    """Gather the days into a pattern, and what someone may do into two lists."""
    hours = pl.when(_TOLD).then(_EVEN).alias("hours")
    odd = pl.when(_TOLD & (_ODD_WEEKS != _EVEN)).then(_ODD_WEEKS).alias("odd_hours")
    return frame.with_columns(
        hours, odd, _working_days(), _may(other=False), _may(other=True)
    )


def _working_days() -> pl.Expr:
    """Days by name in a column of their own, with hours in any week, or with a cross."""
    works = [
        pl.any_horizontal(
            pl.col("working_days").list.contains(day),
            _number(day) > 0,
            _number(ODD + day) > 0,
            _is_cross(day),
        )
        for day in WEEKDAYS
    ]
    words = [
        pl.when(at_work).then(pl.lit(day))
        for day, at_work in zip(WEEKDAYS, works, strict=True)
    ]
    return pl.concat_list(words).list.drop_nulls().alias("working_days")


def _may(*, other: bool) -> pl.Expr:
    """Skills, or with `other` the authorisations that no skill stands for; in order."""
    words = pl.concat_list(
        pl.col("skills").fill_null([]), *(pl.col(tick) for tick in TICKS)
    )
    is_other = pl.element().is_in(AUTHORISATIONS) | pl.element().str.starts_with(
        LEARNING
    )
    kept = words.list.drop_nulls().list.eval(
        pl.element().filter(is_other if other else ~is_other).unique().sort()
    )
    return kept.alias("authorisations" if other else "skills")


def _cell_rules() -> tuple[Rule, ...]:
    return tuple(
        Rule(
            day,
            f"expected hours from 0 to {MOST_HOURS}, or {CROSS}",
            ~pl.col(day).str.contains(_CELL) | (_number(day) > MOST_HOURS),
        )
        for day in _DAYS
    )


PEOPLE = Target(
    kind="people",
    schema=People,
    fields=(
        Field("code", "text"),
        Field("label", "text"),
        Field("location", "text"),
        Field("contract_hours", "number", minimum=0, maximum=60),
        Field("working_days", "words", required=False),
        Field("skills", "words", required=False),
        *(Field(day, "text", required=False) for day in _DAYS),
        *(Field(tick, "text", required=False) for tick in TICKS),
        Field("elsewhere", "words", required=False, omittable=True),
        Field("first", "day", required=False),
        Field("last", "day", required=False),
    ),
    rules=(
        Rule(
            "working_days",
            f"expected days among {', '.join(WEEKDAYS)}",
            ~pl.col("working_days").list.eval(pl.element().is_in(WEEKDAYS)).list.all(),
        ),
        *_cell_rules(),
        Rule(
            "mon",
            "expected hours on every working day or a cross on every one, not both",
            _TOLD & _CROSSED,
        ),
        Rule("contract_hours", "no working day is told", ~_TOLD & ~_CROSSED & ~_NAMED),
        Rule(
            "contract_hours",
            "the hours of the days are more than the contract",
            _TOLD & (pl.col("contract_hours") + 0.05 < _MEAN),
        ),
        Rule("last", "ends before it begins", pl.col("last") < pl.col("first")),
    ),
    key=("code",),
    whole=True,
    period="last",
    fleeting=True,
    never=REASON_COLUMNS,
    finish=_as_people,
)


def people_fields(people: pl.DataFrame) -> pl.DataFrame:
    """The fields that a table of `People` would be read from; ticks by their word."""
    hours = [
        pl.when(pl.col("hours").is_null() & pl.col("working_days").list.contains(day))
        .then(pl.lit(CROSS))
        .otherwise(_cell(pl.col("hours").list.get(place)))
        .alias(day)
        for place, day in enumerate(WEEKDAYS)
    ]
    odd = [
        pl.when(pl.col("odd_hours").list.get(place) != pl.col("hours").list.get(place))
        .then(_cell(pl.col("odd_hours").list.get(place), zero="0"))
        .alias(ODD + day)
        for place, day in enumerate(WEEKDAYS)
    ]
    may = pl.concat_list("skills", pl.col("authorisations").fill_null([])).alias("may")
    elsewhere = pl.col("elsewhere").list.join("; ")
    return people.with_columns(*hours, *odd, may, elsewhere)


def _cell(hours: pl.Expr, zero: str | None = None) -> pl.Expr:
    """Hours as they are written down: without `.0`, and nothing for none."""
    written = hours.cast(pl.String).str.strip_suffix(".0")
    return pl.when(hours > 0).then(written).otherwise(pl.lit(zero, pl.String))
