"""Everything that can be imported, of both rooms."""

from forecasting.ingest import CONTACT_TARGETS
from staffing.people import PEOPLE_TARGETS

TARGETS = {**CONTACT_TARGETS, **PEOPLE_TARGETS}
