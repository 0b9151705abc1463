"""How the columns of a file are laid out, and how a field is read from them."""

from typing import Annotated, Literal

import polars as pl
from polars.exceptions import PolarsError
from pydantic import Field, field_validator, model_validator

from forecasting.policy import Policy

Value = str | int | Annotated[float, Field(allow_inf_nan=True)]
"""A constant; what its field may hold is checked beside the field."""
CSV_SUFFIXES = (".csv", ".txt", ".tsv")


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

    Of one `column`, or of several `columns`: added up when the field is a number, joined
    with `join` when it is text or a moment.

    Text: `extract` keeps of each column the first group (or all) of what a regular
    expression finds; `lower` takes no notice of capitals; `values` translates the text
    found, and what it lacks becomes `otherwise`, or is rejected: or with `only_known` its
    row is left out. `separator` parts words.

    Moments and days: `formats` are tried in turn, ISO 8601 when there are none.

    Numbers: `clock` reads durations written as `[h:]mm:ss`; `since` makes the seconds
    from the moment in that column to the one in `column`; `per` divides by the count in
    another column; `multiply` brings to seconds or units; `at_most` turns the number into
    1 (at most this) or 0; a number over `maximum` is rejected.
    """

    column: str | None = None
    columns: tuple[str, ...] = ()
    join: str = " "
    extract: str | None = None
    lower: bool = False
    values: dict[str, Value] = Field(default_factory=dict)
    otherwise: Value | None = None
    only_known: bool = False
    separator: str = " "
    formats: tuple[str, ...] = ()
    clock: bool = False
    since: str | None = None
    per: str | None = None
    multiply: float = 1.0
    at_most: float | None = None
    maximum: float | None = None

    @field_validator("extract")
    @classmethod
    def _extract_is_a_pattern(cls, extract: str | None) -> str | None:
        try:
            pl.Series([""]).str.extract(extract or "", 0)
        except PolarsError:
            raise ValueError("expected a regular expression") from None
        return extract

    @model_validator(mode="after")
    def _has_columns(self) -> "FieldMapping":
        if (self.column is None) == (not self.columns):
            raise ValueError("give either column or columns")
        if self.since is not None and self.column is None:
            raise ValueError("since needs one column")
        if self.otherwise is not None and not self.values:
            raise ValueError("otherwise needs values")
        if self.only_known and (self.otherwise is not None or not self.values):
            raise ValueError("only_known needs values, and leaves no others")
        return self

    @property
    def parts(self) -> tuple[str, ...]:
        """The columns that are added up or joined."""
        return self.columns or (str(self.column),)

    @property
    def meanings(self) -> tuple[Value, ...]:
        """Every value that `values` and `otherwise` can give."""
        others = () if self.otherwise is None else (self.otherwise,)
        return (*self.values.values(), *others)

    @property
    def names(self) -> tuple[str, ...]:
        """Every column of the file that this field is read from."""
        beside = (name for name in (self.since, self.per) if name is not None)
        return (*self.parts, *beside)
