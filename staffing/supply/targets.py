"""Every kind of this room that can be imported."""

from staffing.supply.limits import LIMITS
from staffing.supply.people import PEOPLE
from staffing.supply.presence import ABSENCE, AVAILABILITY
from staffing.supply.published import PUBLISHED_SHIFTS

_TARGETS = (PEOPLE, ABSENCE, AVAILABILITY, LIMITS, PUBLISHED_SHIFTS)
SUPPLY_TARGETS = {target.kind: target for target in _TARGETS}
