"""A synthetic town that writes exports, for demonstration and tests."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forecasting.reference.assumptions import ReferencePolicy, default_policy
    from forecasting.reference.municipality import write_town
    from forecasting.reference.writing import Export

__all__ = ["Export", "ReferencePolicy", "default_policy", "write_town"]

_HOMES = {
    "Export": "writing",
    "ReferencePolicy": "assumptions",
    "default_policy": "assumptions",
    "write_town": "municipality",
}


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
