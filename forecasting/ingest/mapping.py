"""A mapping says how one source is read: `config/sources/NAME.toml`, typed."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal
from zoneinfo import available_timezones

from pydantic import Field, field_validator

from forecasting.errors import InputError, PolicyError
from forecasting.ingest.clock import HOME_ZONE, HOUR
from forecasting.ingest.layouts import (
    CSV_SUFFIXES,
    Below,
    Csv,
    FieldMapping,
    Limit,
    Unpivot,
    Value,
    Xlsx,
)
from forecasting.ingest.values import NUMBERS, check_value
from forecasting.policy import Policy, load_policy
from forecasting.targets import Target

__all__ = [
    "CSV_SUFFIXES",
    "PERIOD",
    "Below",
    "Csv",
    "FieldMapping",
    "Limit",
    "SourceMapping",
    "Unpivot",
    "Value",
    "Xlsx",
    "check_name",
    "load_mapping",
    "read_mapping",
]

PERIOD = "period_s"
"""The field that says how long a period a row counts; 0 is a single event."""


class SourceMapping(Policy):
    """How the rows of a source become rows of a kind.

    `kind` names the table that the rows become, and with it the `fields` there are; a
    field that no column holds may be one of `constants`.

    `zone` is the zone of times without an offset, or `offset` when each carries its own.
    A local time that the clock skips (March) is rejected. Of one that comes twice
    (October), rows counted per hour or less tell the passes apart by themselves: of rows
    with the same time, place and product the first in the file is the early one, the next
    the late one (the other way round in a file with the newest row first). For events
    `doubled_hour` says which it is: the `earliest`, the `latest`, or `in order`: the file
    is in order of time, and its largest step back within that hour begins the late pass.

    `identity` are columns that name a row once and for all. `harmless` columns look
    personal and are not: each with its reason. A row is left out when all conditions of
    one `drop` hold; one outside the `limits` of a column is rejected. `shift_weeks` moves
    every date by whole weeks, so that an old log can stand beside others in a trial.
    `in_time_s` are the seconds within which an export counts calls as answered in time,
    where the heading of that column does not say so (`forecasting.sources` reads it).
    """

    kind: str
    label: str
    zone: str = HOME_ZONE
    doubled_hour: Literal["earliest", "latest", "in order"] = "earliest"
    shift_weeks: int = 0
    in_time_s: float | None = Field(default=None, gt=0)
    identity: tuple[str, ...] = ()
    csv: Csv = Csv()
    xlsx: Xlsx = Xlsx()
    unpivot: Unpivot | None = None
    drop: tuple[dict[str, tuple[str, ...] | Below], ...] = ()
    limits: tuple[Limit, ...] = ()
    harmless: dict[str, str] = Field(default_factory=dict)
    constants: dict[str, Value] = Field(default_factory=dict)
    fields: dict[str, FieldMapping]

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, zone: str) -> str:
        if zone != "offset" and zone not in available_timezones():
            raise ValueError(f"expected a time zone or 'offset', came '{zone}'")
        return zone

    @property
    def counts_hours(self) -> bool:
        """Whether rows may be counts of an hour or less."""
        constant = self.constants.get(PERIOD, 0)
        known = not isinstance(constant, str) and 0 < constant <= HOUR.total_seconds()
        return known or PERIOD in self.fields

    def for_file(self, file: Path) -> "SourceMapping":
        """The mapping as it reads this file: decimal commas are a habit of CSV alone."""
        if file.suffix.lower() in CSV_SUFFIXES:
            return self
        return self.model_copy(update={"csv": Csv()})

    @property
    def used(self) -> tuple[str, ...]:
        """Every column the mapping reads, after unpivoting, in order of mention."""
        return tuple(dict.fromkeys(self._mentions()))

    def _mentions(self) -> Iterator[str]:
        for field in self.fields.values():
            yield from field.names
        yield from self.identity
        for conditions in self.drop:
            yield from conditions
        yield from (limit.column for limit in self.limits)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of the file that the mapping reads."""
        if self.unpivot is None:
            return self.used
        made = (self.unpivot.name, self.unpivot.value)
        return (*(name for name in self.used if name not in made), *self.unpivot.on)


def load_mapping(
    config: Path, source: str, targets: Mapping[str, Target]
) -> SourceMapping:
    """Read the mapping of a source.

    Raises:
        InputError: the name is no plain name, or no such source is configured.
        PolicyError: the mapping breaks a rule, or names a kind or field unknown.
    """
    mapping = read_mapping(config, source)
    file = config / "sources" / f"{source}.toml"
    target = targets.get(mapping.kind)
    if target is None:
        known = ", ".join(sorted(targets))
        raise PolicyError(
            f"{file}: field 'kind': expected one of {known}; came '{mapping.kind}'."
        )
    _check_fields(file, mapping, target)
    return mapping


def read_mapping(config: Path, source: str) -> SourceMapping:
    """Read the mapping of a source, whatever its kind.

    Raises:
        InputError: the name is no plain name, or no such source is configured.
        PolicyError: the mapping breaks a rule.
    """
    check_name(source)
    file = config / "sources" / f"{source}.toml"
    if not file.is_file():
        known = sorted(found.stem for found in file.parent.glob("*.toml"))
        raise InputError(
            f"expected one of the sources {', '.join(known) or '(none)'}; came '{source}'",
            remedy=f"Describe a new source in {file}.",
        )
    return load_policy(file, SourceMapping)


def check_name(source: str) -> None:
    """Refuse a name of a source that could lead out of its folder.

    Raises:
        InputError: the name is no plain name.
    """
    if not re.fullmatch(r"\w[\w-]{0,46}", source, re.ASCII):
        raise InputError(
            "expected the plain name of a source (letters, digits, _ and -), "
            f"came '{source:.60}'"
        )


def _check_fields(file: Path, mapping: SourceMapping, target: Target) -> None:
    known = {field.name: field for field in target.fields}
    given = {*mapping.fields, *mapping.constants}
    if unknown := sorted(given - set(known)):
        raise PolicyError(
            f"{file}: expected fields of {target.kind} ({', '.join(known)}); "
            f"came '{unknown[0]}'."
        )
    needed = [f.name for f in target.fields if f.required and f.default is None]
    if missing := [name for name in needed if name not in given]:
        raise PolicyError(f"{file}: expected field '{missing[0]}', found none.")
    for name, constant in mapping.constants.items():
        check_value(f"{file}: constant '{name}'", known[name], constant)
    for name, field in mapping.fields.items():
        for value in field.meanings if known[name].type in NUMBERS else ():
            check_value(f"{file}: field '{name}': a value", known[name], value)
