"""The typed tables of this room: columns, units and rules, checked at every boundary.

Times are UTC; a `Date` is a day (or first day of a week or month) in the town's zone.
Durations are seconds. A *series* is `location/service/step/channel`.
"""

from forecasting.tables.contacts import (
    BookedDays,
    Contacts,
    Expiries,
    Rejects,
    SlotContacts,
)
from forecasting.tables.demand import Demand, Gaps, SlotDemand, Unmet
from forecasting.tables.forecasts import (
    Accuracy,
    Forecast,
    SlotForecast,
    StoredForecast,
)
from forecasting.tables.naming import (
    CHANNELS,
    QUANTILE_NAMES,
    QUANTILES,
    series_name,
    split_series,
)
from forecasting.tables.work import (
    BookedAhead,
    HandlingTimes,
    NoShows,
    PlannedVisits,
)

__all__ = [
    "CHANNELS",
    "QUANTILES",
    "QUANTILE_NAMES",
    "Accuracy",
    "BookedAhead",
    "BookedDays",
    "Contacts",
    "Demand",
    "Expiries",
    "Forecast",
    "Gaps",
    "HandlingTimes",
    "NoShows",
    "PlannedVisits",
    "Rejects",
    "SlotContacts",
    "SlotDemand",
    "SlotForecast",
    "StoredForecast",
    "Unmet",
    "series_name",
    "split_series",
]
