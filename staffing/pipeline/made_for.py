"""What a requirement was made for, so that a roster notices when that has changed."""

import hashlib

from forecasting.calendar import Calendar
from forecasting.errors import MissingStepError
from forecasting.records import RunRecord
from staffing.standards import Standards

OPENING = frozenset(
    {"hours", "imported_hours", "closures", "closed_holidays", "zone", "country"}
)
"""The fields of a calendar that say when a location is open."""


def made_for(calendar: Calendar, standards: Standards) -> dict[str, object]:
    """Opening hours and closures as a hash, and the queues that locations share."""
    text = calendar.model_dump_json(include=set(OPENING))
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return {"opening": digest, "shared": standards.shared}


def refuse_outdated(
    requirement: RunRecord, calendar: Calendar, standards: Standards
) -> None:
    """Refuse a requirement that was made for other opening hours or shared queues.

    One that does not tell what it was made for is taken as it is.

    Raises:
        MissingStepError: it must be made again; what changed is named.
    """
    told, now = requirement.figures.get("made_for"), made_for(calendar, standards)
    if not isinstance(told, dict) or told == now:
        return
    words = {
        "opening": "opening hours or closures",
        "shared": "the work that locations share",
    }
    changed = [word for key, word in words.items() if told.get(key) != now[key]]
    raise MissingStepError(
        f"Expected a requirement for the settings of now, but {' and '.join(changed)} "
        f"changed after it was made ({requirement.at:%Y-%m-%d %H:%M}Z). "
        "Make it again: piekwijzer requirement."
    )
