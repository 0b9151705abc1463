"""People who are alike to the solver: teams by location and skills, groups by contract.

Shifts are counted per team, hours per group, so the model grows with the variety of
people, not with their number.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from staffing.roster.instance import Instance
from staffing.roster.people import Person


@dataclass(frozen=True, order=True)
class Team:
    """People with the same home location and skills."""

    location: str
    skills: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Members of a team with the same contract hours, available days and most hours."""

    team: Team
    hours: float
    days: tuple[date, ...]
    most: tuple[float, ...]
    members: tuple[str, ...]

    def may_work(self, day: date, hours: float) -> bool:
        """Whether a shift of so many hours is within the pattern of a day."""
        return not self.most or hours <= self.most[self.days.index(day)] + 1e-6


Alike = tuple[Team, float, tuple[date, ...], tuple[float, ...]]
"""What the members of a group share."""


@dataclass(frozen=True)
class Problem:
    """An instance with what the solver counts: teams, groups, fitting templates."""

    instance: Instance

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Groups in a fixed order."""
        found: dict[Alike, list[str]] = defaultdict(list)
        for person in self.instance.people:
            key = (team_of(person), person.contract_hours, person.days, person.most)
            found[key].append(person.code)
        return tuple(Group(*key, tuple(found[key])) for key in sorted(found))

    @cached_property
    def teams(self) -> tuple[Team, ...]:
        """Teams in a fixed order."""
        return tuple(sorted({group.team for group in self.groups}))

    @cached_property
    def fitting(self) -> dict[tuple[Team, date], tuple[int, ...]]:
        """Per team and day the indices of templates within its opening hours."""
        keys = ((team, day) for team in self.teams for day in self.instance.days)
        return {key: self._fit(*key) for key in keys}

    def _fit(self, team: Team, day: date) -> tuple[int, ...]:
        opening = self.instance.opening(team.location, team.skills, day)
        if opening is None:
            return ()
        margin = self.instance.policy.opening_margin_minutes
        return tuple(
            i
            for i, template in enumerate(self.instance.templates)
            if template.start >= opening[0] - margin
            and template.end <= opening[1] + margin
        )

    def lengths(self, team: Team, day: date) -> tuple[float, ...]:
        """Hours worked that some template offers a team on a day."""
        templates = self.instance.templates
        return tuple(sorted({templates[i].hours for i in self.fitting[team, day]}))

    def usable_hours(self, person: Person) -> float:
        """The most hours within the contract that shifts of the week can add up to."""
        sums = {0.0}
        for day in person.days:
            most = person.most_on(day) + 1e-6
            lengths = [h for h in self.lengths(team_of(person), day) if h <= most]
            sums |= {total + hours for total in sums for hours in lengths}
        return max(total for total in sums if total <= person.contract_hours + 1e-6)

    @cached_property
    def unavoidable(self) -> float:
        """Euros of contract hours that no sum of shift lengths can use."""
        people = self.instance.people
        lost = sum(p.contract_hours - self.usable_hours(p) for p in people)
        return self.instance.policy.price_hour * lost


def team_of(person: Person) -> Team:
    """The team of a person."""
    return Team(person.location, person.skills)
