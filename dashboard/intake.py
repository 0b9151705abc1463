"""Everything that can be imported, of both rooms."""

from forecasting.ingest import CONTACT_TARGETS, REGISTRY_TARGETS
from forecasting.ingest.kinds.opening_targets import OPENING_TARGETS
from staffing.supply import SUPPLY_TARGETS

TARGETS = {**CONTACT_TARGETS, **REGISTRY_TARGETS, **OPENING_TARGETS, **SUPPLY_TARGETS}
