"""The supply side: people, when they are there, what a location can hold, old rosters."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from staffing.supply.targets import SUPPLY_TARGETS

__all__ = ["SUPPLY_TARGETS"]

__getattr__ = lazily(__name__, {"SUPPLY_TARGETS": "targets"})
