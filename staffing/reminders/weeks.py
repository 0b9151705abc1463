"""The weeks of a plan: consecutive Mondays, numbered from 0."""

from dataclasses import dataclass
from datetime import date, timedelta

from forecasting.calendar import monday


@dataclass(frozen=True)
class Weeks:
    """`count` weeks from the Monday `first` on."""

    first: date
    count: int

    def index(self, day: date) -> int:
        """The number of the week of a Monday; negative before the first."""
        return (day - self.first).days // 7

    def monday(self, index: int) -> date:
        """The Monday of a week number, also outside the plan."""
        return self.first + timedelta(weeks=index)

    def without(
        self, silent: tuple[int, ...], dates: tuple[date, ...] = ()
    ) -> list[int]:
        """Week numbers of the plan whose ISO week is not silent and holds no such date."""
        days = {monday(day) for day in dates}
        return [
            number
            for number in range(self.count)
            if self.monday(number).isocalendar().week not in silent
            and self.monday(number) not in days
        ]
