"""Tables a requirement brings beside `Requirement`: weeks, closing time, pools."""

import dataframely as dy


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
