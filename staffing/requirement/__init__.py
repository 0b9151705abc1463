"""How many people each location, skill and quarter-hour asks for, and what each buys."""

from staffing.requirement.composing import Needed, requirement, work_out

__all__ = [
    "Needed",
    "requirement",
    "work_out",
]
