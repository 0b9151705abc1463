"""Words, numbers and dates of one language, from its label catalogue in TOML."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, get_args

from forecasting.calendar import parse_week, week_name

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
CATALOGUES = Path(__file__).resolve().parent


@cache
def label_catalogue(language: Language) -> Mapping[str, str]:
    """All labels of a language by dotted key."""
    text = (CATALOGUES / f"{language}.toml").read_text("utf-8")
    return MappingProxyType(dict(_flat(tomllib.loads(text), "")))


def _flat(node: Mapping[str, object], prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in node.items():
        if isinstance(value, dict):
            found += _flat(value, f"{prefix}{key}.")
        else:
            found.append((f"{prefix}{key}", str(value)))
    return found


@dataclass(frozen=True)
class Words:
    """Everything said to a reader goes through here; `services` are catalogue names."""

    language: Language
    services: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, key: str, **values: object) -> str:
        """The label of a key, with its places filled in; an unknown key is a bug."""
        return label_catalogue(self.language)[key].format(**values)

    def many(self, key: str, count: int, **values: object) -> str:
        """The label of a key for a `count`; of exactly one, the label `key_one`."""
        return self(f"{key}_one" if count == 1 else key, count=count, **values)

    def named(self, group: str, code: str) -> str:
        """The name of a code of the data; without one, the code itself, readable."""
        known = label_catalogue(self.language).get(f"{group}.{code}")
        return known or code.replace("_", " ").capitalize()

    def service(self, code: str) -> str:
        """The name of a service from the catalogue of services."""
        return self.services.get(code) or self.named("service", code)

    def series(self, name: str) -> str:
        """A series `location/service/step/channel` in words; another name as it is."""
        parts = name.split("/")
        if len(parts) != 4:
            return name
        location, service, step, channel = parts
        said = (self.named("step_of_service", step), self.named("channel", channel))
        place = self.named("location", location)
        return f"{self.service(service)}: {', '.join(said).lower()} ({place})"

    def number(self, value: float | None, decimals: int = 0) -> str:
        """`1.234,5` in Dutch, `1,234.5` in English; a missing value says so."""
        if value is None:
            return self("missing")
        text = f"{value:,.{decimals}f}"
        if float(text.replace(",", "")) == 0:
            text = text.removeprefix("-")
        swap = str.maketrans(",.", ".,")
        text = text.translate(swap) if self.language == "nl" else text
        return text.replace("-", "\N{MINUS SIGN}")

    def signed(self, value: float, decimals: int = 0) -> str:
        """A difference, always with its sign."""
        text = self.number(value, decimals)
        return f"+{text}" if value > 0 else text

    def share(self, value: float | None, decimals: int = 0) -> str:
        """A share of one as a percentage."""
        if value is None:
            return self("missing")
        return f"{self.number(100 * value, decimals)}%"

    def hours(self, value: float | None, decimals: int = 0) -> str:
        """Hours of work, with the unit."""
        if value is None:
            return self("missing")
        return self("unit.hours", value=self.number(value, decimals))

    def euros(self, value: float | None, decimals: int = 0) -> str:
        """An amount in euros."""
        if value is None:
            return self("missing")
        return self("unit.euros", value=self.number(value, decimals))

    def duration(self, seconds: float) -> str:
        """A time span in the unit a reader would use."""
        for unit, size in (("days", 86400), ("minutes", 60)):
            if seconds >= 5 * 60 and seconds % size == 0:
                return self(f"unit.{unit}", value=self.number(seconds / size))
        return self("unit.seconds", value=self.number(seconds))

    def wait(self, seconds: float | None) -> str:
        """How long somebody waits: in seconds, or from two minutes on in minutes."""
        if seconds is None:
            return self("missing")
        if seconds < 120:
            return self("unit.seconds", value=self.number(seconds))
        return self("unit.minutes", value=self.number(seconds / 60, 1))

    def waits(self, low: float | None, high: float | None) -> str:
        """A span of waits, with its unit once where both have the same."""
        if low is None or high is None:
            return self("missing")
        if low < 120 <= high:
            return f"{self.wait(low)} \N{EN DASH} {self.wait(high)}"
        size, unit, decimals = (60, "minutes", 1) if low >= 120 else (1, "seconds", 0)
        ends = [self.number(end / size, decimals) for end in (low, high)]
        return self(f"unit.{unit}", value=" \N{EN DASH} ".join(ends))

    def weekday(self, day: date) -> str:
        """The short name of a weekday."""
        return self(f"weekday.{day.isoweekday()}")

    def month(self, day: date) -> str:
        """The short name of a month."""
        return self(f"month.{day.month}")

    def month_of(self, day: date) -> str:
        """`jan 2027`."""
        return f"{self.month(day)} {day.year}"

    def day(self, day: date | None) -> str:
        """`11 jan 2027`."""
        if day is None:
            return self("missing")
        return f"{day.day} {self.month(day)} {day.year}"

    def short_day(self, day: date) -> str:
        """`ma 11 jan`."""
        return f"{self.weekday(day)} {day.day} {self.month(day)}"

    def moment(self, at: datetime | None) -> str:
        """`11 jan 2027 09:30`, in the zone the moment came in."""
        if at is None:
            return self("missing")
        return f"{self.day(at)} {at:%H:%M}"

    def week(self, week: str | date) -> str:
        """`week 2 (11 jan 2027)`: the ISO week with its Monday."""
        monday = parse_week(week) if isinstance(week, str) else week
        return self("unit.week", number=monday.isocalendar().week, day=self.day(monday))

    def short_week(self, monday: date) -> str:
        """`wk 2`, for the axis of a chart."""
        return self("unit.short_week", number=int(week_name(monday)[-2:]))
