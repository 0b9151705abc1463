"""What a roster is asked to cover: quarter-hours of work, shifts, presence, desks."""

from datetime import date, datetime

from pydantic import Field

from forecasting.policy import Policy


class Demand(Policy):
    """What each number of people buys at a location, for a skill, in a quarter-hour.

    `late[n]` counts the contacts that n people are valued to leave not served in time;
    more people than the list holds buy no more than its last entry. Deferrable work has
    no `late`: its `required` people may be made up in any open quarter-hour of the day.
    """

    location: str
    skill: str
    start: datetime
    required: int = Field(ge=0)
    minimum: int = Field(default=0, ge=0)
    deferrable: bool = False
    late: tuple[float, ...] = (0.0,)

    def late_with(self, people: int) -> float:
        """Expected late contacts with a number of people."""
        return self.late[min(people, len(self.late) - 1)]

    def shortage(self, people: int) -> float:
        """Person-quarters short, weighed: all of r missing count twice, few about once.

        `short x (1 + short / r)`: a shortage spread over a lunch hour is better than a
        counter that is shut for half of it.
        """
        short = max(0, self.required - people)
        return short * (1 + short / self.required) if short else 0.0


class ShiftCover(Policy):
    """A number of people wanted on a named shift of a day; euros per head amiss."""

    day: date
    shift: str
    wanted: int = Field(ge=0)
    price_under: float = Field(ge=0)
    price_over: float = Field(ge=0)


class Presence(Policy):
    """At least so many people at work with a skill or authorisation, whatever they do.

    `able` names skills and authorisations, any of which will do; none: everybody counts.
    Whoever is on a break is not there. Minutes after local midnight. `name` is what the
    planner calls it: minimum presence, lunch cover, two for travel documents; `name_nl`
    in Dutch, where it is told.
    """

    name: str
    name_nl: str = ""
    location: str
    able: tuple[str, ...] = ()
    day: date
    start: int = Field(ge=0, lt=1440)
    end: int = Field(gt=0, le=1440)
    least: int = Field(ge=1)


class Separation(Policy):
    """Two functions that one person may not both fulfil, while a skill is open.

    At work at the location there must be somebody with `first` and somebody else with
    `second`: who takes an application for a travel document may not issue it (RAAS).
    """

    location: str
    skill: str
    first: str
    second: str
    name: str = ""
    name_nl: str = ""


class Ceiling(Policy):
    """At most so many people at once at some skills of a location on a day: its desks."""

    location: str
    skills: tuple[str, ...]
    day: date
    people: int = Field(ge=0)


class Pool(Policy):
    """Work of one skill that people of several locations do without leaving theirs.

    Its demand stands at `location` (a name of its own, or one of `members`); whoever
    does the skill at one of `members` serves it.
    """

    skill: str
    location: str
    members: tuple[str, ...]


class Travel(Policy):
    """Minutes between two locations, either way."""

    between: tuple[str, str]
    minutes: int = Field(ge=0)
