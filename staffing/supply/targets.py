"""Every kind of this room that can be imported."""

from staffing.supply.limits import LIMITS
from staffing.supply.people import PEOPLE
from staffing.supply.presence import ABSENCE, AVAILABILITY
from staffing.supply.protected import PROTECTED_TIME
from staffing.supply.published import PUBLISHED_SHIFTS
from staffing.supply.wishes import WISHES

_TARGETS = (
    PEOPLE,
    ABSENCE,
    AVAILABILITY,
    WISHES,
    PROTECTED_TIME,
    LIMITS,
    PUBLISHED_SHIFTS,
)
SUPPLY_TARGETS = {target.kind: target for target in _TARGETS}
