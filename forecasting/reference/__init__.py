"""A synthetic town that writes exports, for demonstration and tests."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from forecasting.reference.assumptions import ReferencePolicy, default_policy
    from forecasting.reference.municipality import write_town
    from forecasting.reference.writing import Export

__all__ = ["Export", "ReferencePolicy", "default_policy", "write_town"]

__getattr__ = lazily(
    __name__,
    {
        "Export": "writing",
        "ReferencePolicy": "assumptions",
        "default_policy": "assumptions",
        "write_town": "municipality",
    },
)
