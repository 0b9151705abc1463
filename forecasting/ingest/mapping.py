"""A mapping says how one source is read: `config/sources/NAME.toml`, typed."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal
from zoneinfo import available_timezones

from pydantic import Field, field_validator, model_validator

from forecasting.errors import InputError, PolicyError
from forecasting.policy import Policy, load_policy
from forecasting.targets import Target

Value = str | int | float


class Csv(Policy):
    """How the source writes CSV; a byte order mark is understood without asking."""

    separator: str = Field(default=",", min_length=1, max_length=1)
    encoding: Literal["utf-8", "windows-1252"] = "utf-8"
    decimal: Literal[".", ","] = "."


class Xlsx(Policy):
    """Which sheet of a workbook holds the source; the first when not named."""

    sheet: str | None = None


class Unpivot(Policy):
    """Turn one column per measure into one row per measure.

    Each row of the file becomes one for each column of `on`, with the column's name in
    `name` and its value in `value`.
    """

    on: tuple[str, ...] = Field(min_length=1)
    name: str = "measure"
    value: str = "total"


class Below(Policy):
    """A number under this."""

    below: float


class Limit(Policy):
    """The range a column must keep to, mapped or not; outside it a row is rejected."""

    column: str
    minimum: float | None = None
    maximum: float | None = None


class FieldMapping(Policy):
    """Where a field comes from, and how.

    Several `columns` are added up when the field is a number, and joined with `join`
    when it is text or a moment. `values` translates the text found; what it lacks is
    rejected; `lower` takes no notice of capitals. `at_most` turns a number into 1 (at most this) or 0.
    """

    column: str | None = None
    columns: tuple[str, ...] = ()
    join: str = " "
    formats: tuple[str, ...] = ()
    values: dict[str, Value] = Field(default_factory=dict)
    lower: bool = False
    separator: str = " "
    multiply: float = 1.0
    at_most: float | None = None
    maximum: float | None = None

    @model_validator(mode="after")
    def _has_columns(self) -> "FieldMapping":
        if (self.column is None) == (not self.columns):
            raise ValueError("give either column or columns")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the file that this field is read from."""
        return self.columns or (str(self.column),)


class SourceMapping(Policy):
    """How the rows of a source become rows of a kind.

    `zone` is the zone of times without an offset, or `offset` when each carries its own.
    A local time that comes twice (October) is taken as the earliest; one that does not
    exist (March) is rejected. `shift_weeks` moves every date by whole weeks, so that an
    old log can stand beside others in a trial. `identity` are columns that name a row
    once and for all. `harmless` columns look personal and are not: each with its reason.
    A row is left out when all conditions of one `drop` hold.
    """

    kind: str
    label: str
    zone: str = "Europe/Amsterdam"
    shift_weeks: int = 0
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

    def for_file(self, file: Path) -> "SourceMapping":
        """The mapping as it reads this file: decimal commas are a habit of CSV alone."""
        if file.suffix.lower() == ".csv":
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
    if not re.fullmatch(r"\w[\w-]{0,46}", source, re.ASCII):
        raise InputError(
            "expected the plain name of a source (letters, digits, _ and -), "
            f"came '{source:.60}'"
        )
    file = config / "sources" / f"{source}.toml"
    if not file.is_file():
        known = sorted(found.stem for found in file.parent.glob("*.toml"))
        raise InputError(
            f"expected one of the sources {', '.join(known) or '(none)'}; came '{source}'",
            remedy=f"Describe a new source in {file}.",
        )
    return load_policy(file, SourceMapping)


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
        is_number = known[name].type in {"number", "whole"}
        if is_number == isinstance(constant, str):
            noun = "a number" if is_number else "text"
            raise PolicyError(f"{file}: constant '{name}': expected {noun}.")
