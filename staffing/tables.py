"""The typed tables of this room: people, requirement, roster, simulation, letters.

Times are UTC, weeks are named by their Monday, work is in hours, durations in seconds.
A *skill* is one of the catalogue's (`phone`, `counter`, `civil_status`, `back_office`).
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


class Requirement(dy.Schema):
    """What each number of people buys per location, skill and quarter-hour.

    One row per candidate number `people`: `late` is the expected number of contacts
    not served in time with that many; `chosen` marks the number the target asks for.
    `offered` is expected contacts of the slot, `load` the offered load in Erlang. Work
    that can wait has one row per slot: the people to reserve for it, and no `late`.
    """

    location = dy.String(primary_key=True, min_length=1)
    skill = dy.String(primary_key=True, min_length=1)
    start = dy.Datetime(time_zone="UTC", time_unit="us", primary_key=True)
    people = dy.Int64(primary_key=True, min=0)
    offered = dy.Float64(nullable=False, min=0)
    load = dy.Float64(nullable=False, min=0)
    handling_s = dy.Float64(nullable=False, min=0)
    late = dy.Float64(nullable=False, min=0)
    chosen = dy.Bool(nullable=False)


class SeriesWork(dy.Schema):
    """The work of one contact of a series.

    `handling_s` and `handling_cv` are mean and coefficient of variation of the handling
    time, after-call work included; `source` "measured" or "assumed" is where most of the
    mean is from. `comes` is the share that turns up, `booked` whether visits are planned
    rather than random, and then `late_s` and `late_sd_s` how late they come in the mean
    (below 0: early) and how that varies; `waits` whether the work can wait and is done in
    hours set apart, `due_days` within how many working days (0: at once).
    """

    series = dy.String(primary_key=True, min_length=1)
    location = dy.String(nullable=False, min_length=1)
    skill = dy.String(nullable=False, min_length=1)
    handling_s = dy.Float64(nullable=False, min=0)
    handling_cv = dy.Float64(nullable=False, min=0)
    comes = dy.Float64(nullable=False, min=0, max=1)
    booked = dy.Bool(nullable=False)
    late_s = dy.Float64(nullable=False)
    late_sd_s = dy.Float64(nullable=False, min=0)
    waits = dy.Bool(nullable=False)
    due_days = dy.Int64(nullable=False, min=0)
    source = dy.String(nullable=False)


class RequirementWeeks(dy.Schema):
    """Hours to roster per location, skill and week by what the target is to hold over.

    `hours_slot_aim` when it holds in each quarter-hour, `hours_day_aim` over each day,
    `hours_week_aim` over the week, `hours_chosen` as the standards say. `share` is what
    is expected in time with those, `worst_share` of the worst slot, `worst_start`, that
    has contacts. `idle_hours` is what people at work have left between contacts;
    `filled_hours` the part of it that waiting work can use which may be done then.
    """

    location = dy.String(primary_key=True, min_length=1)
    skill = dy.String(primary_key=True, min_length=1)
    week = dy.Date(primary_key=True)
    offered = dy.Float64(nullable=False, min=0)
    hours_slot_aim = dy.Float64(nullable=False, min=0)
    hours_day_aim = dy.Float64(nullable=False, min=0)
    hours_week_aim = dy.Float64(nullable=False, min=0)
    hours_chosen = dy.Float64(nullable=False, min=0)
    share = dy.Float64(nullable=False, min=0, max=1)
    worst_start = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    worst_share = dy.Float64(nullable=True, min=0, max=1)
    idle_hours = dy.Float64(nullable=False, min=0)
    filled_hours = dy.Float64(nullable=False, min=0)


class Closing(dy.Schema):
    """What is left when the doors close: people still being served, and how long.

    `there` is their expected number; the hall is empty after `minutes` on average, after
    `minutes_q90` on nine days of ten.
    """

    location = dy.String(primary_key=True, min_length=1)
    skill = dy.String(primary_key=True, min_length=1)
    day = dy.Date(primary_key=True)
    there = dy.Float64(nullable=False, min=0)
    minutes = dy.Float64(nullable=False, min=0)
    minutes_q90 = dy.Float64(nullable=False, min=0)


class Pooled(dy.Schema):
    """Hours of a week with people apart per skill, and with one pool that does all.

    `skills` are joined by a plus. Both by the formulas, so that they compare.
    """

    location = dy.String(primary_key=True, min_length=1)
    skills = dy.String(primary_key=True, min_length=1)
    week = dy.Date(primary_key=True)
    hours_apart = dy.Float64(nullable=False, min=0)
    hours_pooled = dy.Float64(nullable=False, min=0)


class WeeklyLoad(dy.Schema):
    """Contact hours asked for and staff hours at hand per location, skill and week.

    `hours` is the expected work, `hours_q75` its upper quartile. `hours_at_hand` are
    those of staff at work; `capacity` is the contact hours that they can serve as the
    standards ask, at most as limits allow. Both are null when no staff is known for the
    skill.
    """

    location = dy.String(primary_key=True, min_length=1)
    skill = dy.String(primary_key=True, min_length=1)
    week = dy.Date(primary_key=True)
    hours = dy.Float64(nullable=False, min=0)
    hours_q75 = dy.Float64(nullable=False, min=0)
    hours_at_hand = dy.Float64(nullable=True, min=0)
    capacity = dy.Float64(nullable=True, min=0)


class Shifts(dy.Schema):
    """One row per person and day worked."""

    person = dy.String(primary_key=True, min_length=1)
    day = dy.Date(primary_key=True)
    location = dy.String(nullable=False)
    start = dy.Datetime(time_zone="UTC", time_unit="us", nullable=False)
    end = dy.Datetime(time_zone="UTC", time_unit="us", nullable=False)
    break_start = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    break_end = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)


class Activities(dy.Schema):
    """What a person does in a quarter-hour of a shift (breaks have no row)."""

    person = dy.String(primary_key=True, min_length=1)
    start = dy.Datetime(time_zone="UTC", time_unit="us", primary_key=True)
    location = dy.String(nullable=False)
    skill = dy.String(nullable=False)


class Coverage(dy.Schema):
    """People required and rostered per location, skill and quarter-hour."""

    location = dy.String(primary_key=True, min_length=1)
    skill = dy.String(primary_key=True, min_length=1)
    start = dy.Datetime(time_zone="UTC", time_unit="us", primary_key=True)
    required = dy.Int64(nullable=False, min=0)
    rostered = dy.Int64(nullable=False, min=0)


class SimulatedSlots(dy.Schema):
    """A simulated week per quarter-hour: means over replications with 95% intervals."""

    location = dy.String(primary_key=True, min_length=1)
    skill = dy.String(primary_key=True, min_length=1)
    start = dy.Datetime(time_zone="UTC", time_unit="us", primary_key=True)
    agents = dy.Float64(nullable=False, min=0)
    offered = dy.Float64(nullable=False, min=0)
    within = dy.Float64(nullable=False, min=0)
    within_low = dy.Float64(nullable=False, min=0)
    within_high = dy.Float64(nullable=False, min=0)
    abandoned = dy.Float64(nullable=False, min=0)
    mean_wait_s = dy.Float64(nullable=True, min=0)


class Letters(dy.Schema):
    """Letters planned per cohort and mailing week."""

    service = dy.String(primary_key=True, min_length=1)
    expiry_week = dy.Date(primary_key=True)
    age_band = dy.String(primary_key=True)
    district = dy.String(primary_key=True)
    mailing_week = dy.Date(primary_key=True)
    letters = dy.Int64(nullable=False, min=1)

    @dy.rule()
    def mailed_before_expiry(cls) -> pl.Expr:
        """A reminder goes out before the document expires."""
        return pl.col("mailing_week") < pl.col("expiry_week")


class Smoothing(dy.Schema):
    """Counter load per week in hours, before and after the letters, beside capacity.

    `low` and `high` bound 90% of the futures.
    """

    week = dy.Date(primary_key=True)
    before = dy.Float64(nullable=False, min=0)
    before_low = dy.Float64(nullable=False, min=0)
    before_high = dy.Float64(nullable=False, min=0)
    after = dy.Float64(nullable=False, min=0)
    after_low = dy.Float64(nullable=False, min=0)
    after_high = dy.Float64(nullable=False, min=0)
    capacity = dy.Float64(nullable=False, min=0)


class MailingGains(dy.Schema):
    """What the letters of a plan gain, over futures of demand and of how residents react.

    `measure`: "peak_load_hours" (of the busiest week), "share_of_weeks_over" (capacity),
    "hours_above_capacity" or "staff_hours" (both of all weeks). Without letters
    (`before`), with them (`after`), and the `change` in the same futures; each the mean
    with its 90% interval.
    """

    measure = dy.String(primary_key=True, min_length=1)
    before = dy.Float64(nullable=False, min=0)
    before_low = dy.Float64(nullable=False, min=0)
    before_high = dy.Float64(nullable=False, min=0)
    after = dy.Float64(nullable=False, min=0)
    after_low = dy.Float64(nullable=False, min=0)
    after_high = dy.Float64(nullable=False, min=0)
    change = dy.Float64(nullable=False)
    change_low = dy.Float64(nullable=False)
    change_high = dy.Float64(nullable=False)
