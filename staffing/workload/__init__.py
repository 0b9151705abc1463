"""Forecast times steps times handling times: the work, per slot and per week."""

from staffing.tables import SeriesWork
from staffing.workload.capacity import capacity_hours
from staffing.workload.deferring import (
    Deferred,
    deferrable_work,
    fill_quiet_slots,
    place_deferrable,
)
from staffing.workload.futures import DayFutures, day_futures
from staffing.workload.measuring import Evidence, coming, measured_share
from staffing.workload.peaks import peaks
from staffing.workload.printing import cap_by_applications
from staffing.workload.series import match_series
from staffing.workload.serving import with_capacity
from staffing.workload.slots import SlotWorkload, slot_workload
from staffing.workload.visits import Bookings, with_bookings
from staffing.workload.weeks import expected_hours, weekly_futures, weekly_hours

__all__ = [
    "Bookings",
    "DayFutures",
    "Deferred",
    "Evidence",
    "SeriesWork",
    "SlotWorkload",
    "cap_by_applications",
    "capacity_hours",
    "coming",
    "day_futures",
    "deferrable_work",
    "expected_hours",
    "fill_quiet_slots",
    "match_series",
    "measured_share",
    "peaks",
    "place_deferrable",
    "slot_workload",
    "weekly_futures",
    "weekly_hours",
    "with_bookings",
    "with_capacity",
]
