"""From stored tables to an instance, one idea after another."""

from staffing.roster.building.composing import build
from staffing.roster.building.town import Town

__all__ = ["Town", "build"]
