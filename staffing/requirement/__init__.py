"""How many people each location, skill and quarter-hour asks for, and what each buys."""

from staffing.requirement.composing import Needed, requirement, work_out
from staffing.requirement.results import Closing, Pooled, RequirementWeeks

__all__ = [
    "Closing",
    "Needed",
    "Pooled",
    "RequirementWeeks",
    "requirement",
    "work_out",
]
