"""What if: one person more or less, another handling time, percentage or threshold."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from staffing.whatif.one_person import PersonHours, person_hours
    from staffing.whatif.people import what_if_people
    from staffing.whatif.reading import (
        Answer,
        HoursByTarget,
        Tried,
        between,
        by_target,
        point_of,
        points,
        try_point,
    )
    from staffing.whatif.tables import WhatIfPeople, WhatIfTargets
    from staffing.whatif.targets import what_if_targets

__all__ = [
    "Answer",
    "HoursByTarget",
    "PersonHours",
    "Tried",
    "WhatIfPeople",
    "WhatIfTargets",
    "between",
    "by_target",
    "person_hours",
    "point_of",
    "points",
    "try_point",
    "what_if_people",
    "what_if_targets",
]

__getattr__ = lazily(
    __name__,
    {
        "Answer": "reading",
        "HoursByTarget": "reading",
        "PersonHours": "one_person",
        "Tried": "reading",
        "WhatIfPeople": "tables",
        "WhatIfTargets": "tables",
        "between": "reading",
        "by_target": "reading",
        "person_hours": "one_person",
        "point_of": "reading",
        "points": "reading",
        "try_point": "reading",
        "what_if_people": "people",
        "what_if_targets": "targets",
    },
)
