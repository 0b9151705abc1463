"""Days and quarter-hours: public holidays, closures, opening hours, ISO weeks.

All local times are in the town's zone; a local day has 92, 96 or 100 quarter-hours.
"""

from forecasting.calendar.holidays import public_holidays, school_holidays
from forecasting.calendar.periods import WEEKDAYS, FeeChange, Hours, Period, Times
from forecasting.calendar.town import SLOT, Calendar
from forecasting.calendar.weeks import (
    YEARS,
    first_week_beyond,
    local_day,
    monday,
    parse_week,
    week_name,
)

__all__ = [
    "SLOT",
    "WEEKDAYS",
    "YEARS",
    "Calendar",
    "FeeChange",
    "Hours",
    "Period",
    "Times",
    "first_week_beyond",
    "local_day",
    "monday",
    "parse_week",
    "public_holidays",
    "school_holidays",
    "week_name",
]
