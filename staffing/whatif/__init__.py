"""What if: one person more or less, another handling time, percentage or threshold."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from staffing.whatif.people import what_if_people
    from staffing.whatif.reading import between
    from staffing.whatif.tables import WhatIfPeople, WhatIfTargets
    from staffing.whatif.targets import what_if_targets

__all__ = [
    "WhatIfPeople",
    "WhatIfTargets",
    "between",
    "what_if_people",
    "what_if_targets",
]

__getattr__ = lazily(
    __name__,
    {
        "WhatIfPeople": "tables",
        "WhatIfTargets": "tables",
        "between": "reading",
        "what_if_people": "people",
        "what_if_targets": "targets",
    },
)
