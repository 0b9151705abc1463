"""The tables of what-if: one person more or less, and other targets and handling times."""

import dataframely as dy


class WhatIfPeople(dy.Schema):
    """What one person less or more does, per location, skill, weekday and hour.

    Sums over the weeks looked at, per week: `people` is the mean number now, `offered`
    contacts and `late` those not served in time in that hour of a week, `wait_s` the mean
    wait of who comes, of at most an hour. `weekday` is 1 for Monday, `hour` the
    hour on the town's clock. `less` and `more` are one person less and more at once.
    """

    location = dy.String(primary_key=True, min_length=1)
    skill = dy.String(primary_key=True, min_length=1)
    weekday = dy.Int64(primary_key=True, min=1, max=7)
    hour = dy.Int64(primary_key=True, min=0, max=23)
    people = dy.Float64(nullable=False, min=0)
    offered = dy.Float64(nullable=False, min=0)
    late_less = dy.Float64(nullable=False, min=0)
    late = dy.Float64(nullable=False, min=0)
    late_more = dy.Float64(nullable=False, min=0)
    wait_less_s = dy.Float64(nullable=False, min=0)
    wait_s = dy.Float64(nullable=False, min=0)
    wait_more_s = dy.Float64(nullable=False, min=0)


class WhatIfTargets(dy.Schema):
    """Hours that a typical week asks for, by handling time, target and threshold.

    `factor` multiplies the handling time. `hours` are to be rostered for `target` within
    `threshold_s`, and `share` is what is expected with them; `share_now` is what the
    people of today's settings reach, whatever the target.
    """

    location = dy.String(primary_key=True, min_length=1)
    skill = dy.String(primary_key=True, min_length=1)
    factor = dy.Float64(primary_key=True, min=0.1)
    target = dy.Float64(primary_key=True, min=0, max=1)
    threshold_s = dy.Float64(primary_key=True, min=0)
    hours = dy.Float64(nullable=False, min=0)
    share = dy.Float64(nullable=True, min=0, max=1)
    share_now = dy.Float64(nullable=True, min=0, max=1)
