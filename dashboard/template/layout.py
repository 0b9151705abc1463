"""The sheets of the template and their columns, told from the mappings that read them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dashboard.labels.words import Language
from forecasting.calendar import WEEKDAYS
from forecasting.ingest.bundle_policy import Bundle, in_words, load_bundle
from forecasting.ingest.mapping import FieldMapping, SourceMapping, load_mapping
from forecasting.targets import Field, Target
from staffing.supply.people import ODD, TICKS

BUNDLE = "template"

CellType = Literal["text", "choice", "day", "time", "hours", "number"]

HOURS = frozenset((*WEEKDAYS, *(ODD + day for day in WEEKDAYS)))


@dataclass(frozen=True)
class Column:
    """A column of a sheet: the field it is read into, and what its cells may hold.

    `choices` are what a cell may say, with the value that each stands for.
    """

    heading: str
    field: Field
    type: CellType
    choices: Mapping[str, str]

    @property
    def name(self) -> str:
        """The name of the field."""
        return self.field.name

    @property
    def required(self) -> bool:
        """Whether every row has a value here."""
        return self.field.required

    @property
    def odd(self) -> bool:
        """Whether it is about odd weeks only."""
        return self.name in HOURS and self.name.startswith(ODD)

    @property
    def group(self) -> str:
        """What it stands together with: columns of one group have an edge around."""
        if self.type == "hours":
            return "odd" if self.odd else "hours"
        return "ticks" if self.name in TICKS else "rest"

    @property
    def narrow(self) -> bool:
        """Whether it is one of many small columns, with its heading on its side."""
        return self.type == "hours" or self.name in TICKS


@dataclass(frozen=True)
class Layout:
    """One sheet of the template."""

    name: str
    kind: str
    columns: tuple[Column, ...]

    def begins_group(self, place: int) -> bool:
        """Whether a column is the first of its group, and not of the sheet."""
        groups = [column.group for column in self.columns]
        return place > 0 and groups[place] != groups[place - 1]


def layouts(
    config: Path, targets: Mapping[str, Target], language: Language
) -> tuple[Bundle, tuple[Layout, ...]]:
    """The bundle of the template and its sheets, in the words of a language.

    Raises:
        PolicyError: the bundle or one of its mappings breaks a rule.
    """
    bundle = load_bundle(config, BUNDLE)
    words = bundle.words_in(language)
    found = []
    for sheet in bundle.sheet:
        mapping = in_words(load_mapping(config, sheet.source, targets), words)
        found.append(_layout(mapping, targets[mapping.kind]))
    return bundle, tuple(found)


def _layout(mapping: SourceMapping, target: Target) -> Layout:
    fields = {field.name: field for field in target.fields}
    columns: dict[str, Column] = {}
    for name, given in mapping.fields.items():
        for column in _columns(fields[name], given):
            columns.setdefault(column.heading, column)
    return Layout(mapping.xlsx.sheet or "", mapping.kind, tuple(columns.values()))


def _columns(field: Field, given: FieldMapping) -> Iterator[Column]:
    """The columns of a field; a moment has one for the day and one for the time."""
    types: tuple[CellType, ...] = (_type(field, given),)
    if field.type == "moment" and len(given.parts) == 2:
        types = ("day", "time")
    for heading, type_ in zip(given.parts, types, strict=True):
        yield Column(heading, field, type_, _choices(given))


def _type(field: Field, given: FieldMapping) -> CellType:
    if field.name in HOURS:
        return "hours"
    if given.values:
        return "choice"
    if field.type in ("number", "whole"):
        return "number"
    if field.type == "time":
        return "time"
    return "day" if field.type in ("day", "moment") else "text"


def _choices(given: FieldMapping) -> dict[str, str]:
    """What may be chosen, with its value; of words for one value the first."""
    found: dict[str, str] = {}
    for word, value in given.values.items():
        if str(value) not in found.values():
            found[word] = str(value)
    return found
