"""The typed tables of this room: requirement, roster, simulation, letters.

Times are UTC, weeks are named by their Monday, work is in hours, durations in seconds.
A *skill* is one of the catalogue's (`phone`, `counter`, `civil_status`, `back_office`).
"""

import dataframely as dy
import polars as pl


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
