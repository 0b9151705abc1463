"""Forecast times steps times handling times: the work, per slot and per week."""

from staffing.tables import SeriesWork
from staffing.workload.capacity import capacity_hours
from staffing.workload.futures import DayFutures, day_futures
from staffing.workload.measuring import Evidence, coming
from staffing.workload.peaks import peaks
from staffing.workload.printing import cap_by_applications
from staffing.workload.series import match_series
from staffing.workload.slots import SlotWorkload, slot_workload
from staffing.workload.visits import Bookings, with_bookings
from staffing.workload.weeks import expected_hours, weekly_hours

__all__ = [
    "Bookings",
    "DayFutures",
    "Evidence",
    "SeriesWork",
    "SlotWorkload",
    "cap_by_applications",
    "capacity_hours",
    "coming",
    "day_futures",
    "expected_hours",
    "match_series",
    "peaks",
    "slot_workload",
    "weekly_hours",
    "with_bookings",
]
