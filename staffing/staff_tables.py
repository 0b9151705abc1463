"""The typed tables of staff: who works, when, what they would like, and what rooms hold.

Work is in hours; `weekdays` are words parted by spaces, all days where null.
"""

import dataframely as dy
import polars as pl


def completed(schema: type[dy.Schema], frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with a column of nulls for each that is absent and may be null."""
    absent = [
        pl.lit(None, rule.dtype).alias(name)
        for name, rule in schema.columns().items()
        if rule.nullable and name not in frame.columns
    ]
    return frame.with_columns(*absent)


class People(dy.Schema):
    """Staff as the planner knows them: a code, a label, hours, working days, skills.

    `hours` are the hours of Monday to Sunday, where a pattern was told; `odd_hours` those
    of odd ISO weeks, where they differ. `working_days` are the days of either.
    `authorisations` are those that no skill stands for, such as `babs` or `raas_issue`;
    `learning_` before a skill says that it is being learned. `elsewhere` are other
    locations where someone may be sent. `first` and `last` are the days of employment,
    open where null.
    """

    code = dy.String(primary_key=True, min_length=1)
    label = dy.String(nullable=False)
    location = dy.String(nullable=False, min_length=1)
    contract_hours = dy.Float64(nullable=False, min=0, max=60)
    working_days = dy.List(dy.String(nullable=False), nullable=False)
    skills = dy.List(dy.String(nullable=False), nullable=False)
    hours = dy.List(dy.Float64(nullable=False), nullable=True)
    odd_hours = dy.List(dy.Float64(nullable=False), nullable=True)
    authorisations = dy.List(dy.String(nullable=False), nullable=True)
    elsewhere = dy.List(dy.String(nullable=False), nullable=True)
    first = dy.Date(nullable=True)
    last = dy.Date(nullable=True)


class Absence(dy.Schema):
    """Days on which a person is absent, both ends included; never a reason."""

    code = dy.String(primary_key=True, min_length=1)
    first = dy.Date(primary_key=True)
    last = dy.Date(nullable=False)

    @dy.rule()
    def ends_after_it_begins(cls) -> pl.Expr:
        """An absence lasts at least a day."""
        return pl.col("last") >= pl.col("first")


class Availability(dy.Schema):
    """Stretches in which a person is away, or there besides the pattern; no reason ever.

    Days from `first` to `last`, both included; on each of them from `from_time` to
    `to_time` on the town's clock, or the whole day where both are null. `kind` is
    `absent` or `available`.
    """

    code = dy.String(nullable=False, min_length=1)
    first = dy.Date(nullable=False)
    last = dy.Date(nullable=False)
    from_time = dy.Time(nullable=True)
    to_time = dy.Time(nullable=True)
    kind = dy.String(nullable=False)

    @dy.rule()
    def kind_is_known(cls) -> pl.Expr:
        """Away or there: nothing else is kept."""
        return pl.col("kind").is_in(["absent", "available"])


class Wishes(dy.Schema):
    """What people would like, on one `day` or on `weekdays` from `first` to `last`.

    `wish` is `wants` (a shift within the times) or `avoids` (no shift that touches them);
    without times the whole day. `weight` is 1 (plain) to 3.
    """

    code = dy.String(nullable=False, min_length=1)
    day = dy.Date(nullable=True)
    weekdays = dy.String(nullable=True)
    first = dy.Date(nullable=True)
    last = dy.Date(nullable=True)
    wish = dy.String(nullable=False)
    from_time = dy.Time(nullable=True)
    to_time = dy.Time(nullable=True)
    weight = dy.Int64(nullable=False, min=1, max=3)

    @dy.rule()
    def wish_is_known(cls) -> pl.Expr:
        """To work or not to work: nothing else is kept."""
        return pl.col("wish").is_in(["wants", "avoids"])


class ProtectedTime(dy.Schema):
    """Time at work that is for nobody at the counter or on the phone, such as a meeting.

    Of one person (`code`) or of all people of a home `location`; on one `day`, or on
    `weekdays` from `first` to `last`. Whole quarter-hours.
    """

    code = dy.String(nullable=True, min_length=1)
    location = dy.String(nullable=True, min_length=1)
    day = dy.Date(nullable=True)
    weekdays = dy.String(nullable=True)
    first = dy.Date(nullable=True)
    last = dy.Date(nullable=True)
    from_time = dy.Time(nullable=False)
    to_time = dy.Time(nullable=False)

    @dy.rule()
    def ends_after_it_begins(cls) -> pl.Expr:
        """A stretch has a length."""
        return pl.col("to_time") > pl.col("from_time")


class Limits(dy.Schema):
    """What a location can hold or handle at most, whoever is there.

    `what` is `desks`, `phones` (people at work at once) or `applications` (of documents,
    as far as printers go); `number` counts them `at_once` or `per_day`. `weekdays` are
    words parted by spaces, all days where null; `first` and `last` the validity.
    """

    location = dy.String(nullable=False, min_length=1)
    what = dy.String(nullable=False, min_length=1)
    number = dy.Int64(nullable=False, min=0)
    unit = dy.String(nullable=False)
    weekdays = dy.String(nullable=True)
    first = dy.Date(nullable=True)
    last = dy.Date(nullable=True)


class PublishedShifts(dy.Schema):
    """A roster as it was published: what rolling rules on rest and hours look back on."""

    person = dy.String(primary_key=True, min_length=1)
    start = dy.Datetime(time_zone="UTC", time_unit="us", primary_key=True)
    end = dy.Datetime(time_zone="UTC", time_unit="us", nullable=False)
    break_start = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    break_end = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    activity = dy.String(nullable=True)

    @dy.rule()
    def ends_after_it_begins(cls) -> pl.Expr:
        """A shift has a length."""
        return pl.col("end") > pl.col("start")
