"""The roster on paper and in files."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from staffing.publish.exporting import export_roster

__all__ = ["export_roster"]


def __getattr__(name: str) -> object:
    """Load the export when it is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module 'staffing.publish' has no attribute '{name}'")
    return getattr(import_module("staffing.publish.exporting"), name)
