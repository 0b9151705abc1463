"""The tables of an agenda: places with their times, days, and the staff beside them."""

import dataframely as dy

LIMITS = ("staff", "desks", "applications", "opening")
"""What may keep an agenda from its promise."""


class VisitsBooked(dy.Schema):
    """Visits booked already, per product and the day they are planned for."""

    location = dy.String(primary_key=True, min_length=1)
    service = dy.String(primary_key=True, min_length=1)
    step = dy.String(primary_key=True, min_length=1)
    day = dy.Date(primary_key=True)
    booked = dy.Float64(nullable=False, min=0)


class Agenda(dy.Schema):
    """Places to open, per product and time; `kept` of them open only shortly before.

    `minutes` is the length of a place, `opens` the day from which the kept ones may be
    had. `booked` is how many of the places are expected to be taken.
    """

    location = dy.String(primary_key=True, min_length=1)
    service = dy.String(primary_key=True, min_length=1)
    step = dy.String(primary_key=True, min_length=1)
    skill = dy.String(nullable=False)
    start = dy.Datetime(time_zone="UTC", time_unit="us", primary_key=True)
    minutes = dy.Int64(nullable=False, min=1)
    places = dy.Int64(nullable=False, min=1)
    kept = dy.Int64(nullable=False, min=0)
    opens = dy.Date(nullable=True)
    booked = dy.Float64(nullable=False, min=0)


class AgendaDays(dy.Schema):
    """Per product and day what is opened, asked for, and how far off the first place is.

    `already` are visits booked before the agenda was made, `booked` all visits expected.
    `wait_q50` and `wait_q80` are working days to the first free place for who asks that
    day, null beyond the agenda; `within` is the share of futures within the promised
    `within_days`. `short` places more would keep the promise, `limit` is what stands in
    the way.
    """

    location = dy.String(primary_key=True, min_length=1)
    service = dy.String(primary_key=True, min_length=1)
    step = dy.String(primary_key=True, min_length=1)
    skill = dy.String(nullable=False)
    day = dy.Date(primary_key=True)
    places = dy.Int64(nullable=False, min=0)
    kept = dy.Int64(nullable=False, min=0)
    already = dy.Int64(nullable=False, min=0)
    booked = dy.Float64(nullable=False, min=0)
    requests = dy.Float64(nullable=False, min=0)
    within_days = dy.Int64(nullable=False, min=0)
    within = dy.Float64(nullable=False, min=0, max=1)
    wait_q50 = dy.Int64(nullable=True, min=0)
    wait_q80 = dy.Int64(nullable=True, min=0)
    short = dy.Int64(nullable=False, min=0)
    limit = dy.String(nullable=True)


class AgendaStaff(dy.Schema):
    """The people an agenda asks for, per skill and day, beside those at hand.

    Hours of people at work: kept for walk-ins, expected work of places, and at hand (null:
    no staff known).
    `people` is the most at once, walk-ins included; `desks` and `applications` are the
    limits of the location, `ordered` what is ordered of documents that day.
    """

    location = dy.String(primary_key=True, min_length=1)
    skill = dy.String(primary_key=True, min_length=1)
    day = dy.Date(primary_key=True)
    walk_in_hours = dy.Float64(nullable=False, min=0)
    place_hours = dy.Float64(nullable=False, min=0)
    hours_at_hand = dy.Float64(nullable=True, min=0)
    people = dy.Int64(nullable=False, min=0)
    desks = dy.Int64(nullable=True, min=0)
    ordered = dy.Float64(nullable=False, min=0)
    applications = dy.Int64(nullable=True, min=0)
