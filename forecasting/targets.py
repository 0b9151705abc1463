"""What can be imported: a kind of table, its fields, and what must hold of each row."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

import dataframely as dy
import polars as pl

WITHDRAWN = "of a batch that was withdrawn as not sent"
"""Why a row is refused; letters that did go out come under a name of their own."""

FieldType = Literal["moment", "day", "time", "number", "whole", "text", "words"]


@dataclass(frozen=True)
class Field:
    """One field of a kind: how its text is read, and the values it may take.

    A `moment` is read to UTC, a `day` (or first day of a week or month) to a date,
    a `time` to that of a clock, `words` to a list of texts. A row without a value
    breaks a `required` field; elsewhere `default` stands in, and for an `omittable` one
    where the file lacks its column. What a `personal` field holds is never repeated.
    """

    name: str
    type: FieldType
    required: bool = True
    default: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    personal: bool = False
    omittable: bool = False


@dataclass(frozen=True)
class Rule:
    """A rule between fields, reported at one of them."""

    field: str
    reason: str
    broken: pl.Expr


@dataclass(frozen=True)
class Target:
    """A kind that can be imported, and the typed table its rows become.

    `key` names a row: of two with the same key the later holds, in one file and between
    files of a source. A `whole` kind has no rows to join: a new file takes the place of
    all earlier ones of its source. `period` and `place` are the columns that say which
    rows a file replaces when it is the whole truth for its period; rows of a kind with
    `monthly` are kept by the month of their period. Rows of a `fleeting` kind may be
    forgotten by their period, and do not come again then. `never` is a pattern of names that no
    column of the file may have. `dated` is a day that cannot lie ahead, `sent` the batch
    of which a row tells that letters went out. `finish` turns the fields that were read into the
    schema's columns where they differ; it is handed the name of the source.
    """

    kind: str
    schema: type[dy.Schema]
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...] = ()
    key: tuple[str, ...] = ()
    whole: bool = False
    period: str | None = None
    place: str | None = None
    monthly: bool = False
    fleeting: bool = False
    never: str | None = None
    dated: str | None = None
    sent: str | None = None
    finish: Callable[[pl.LazyFrame, str], pl.LazyFrame] | None = None

    def table(self, frame: pl.LazyFrame, source: str) -> pl.LazyFrame:
        """The accepted rows as columns of the schema, with its types."""
        finished = self.finish(frame, source) if self.finish else frame
        return self.schema.cast(finished.select(self.schema.column_names()))

    def known_on(self, today: date) -> "Target":
        """The same kind, of which no row is dated after a day."""
        if self.dated is None:
            return self
        late = Rule(self.dated, "dated in the future", pl.col(self.dated) > today)
        return replace(self, rules=(*self.rules, late))

    def but_of(self, withdrawn: Collection[str]) -> "Target":
        """The same kind, of which no row tells of letters of a batch that was withdrawn."""
        if self.sent is None or not withdrawn:
            return self
        broken = pl.col(self.sent).is_in(sorted(withdrawn))
        rule = Rule(self.sent, WITHDRAWN, broken)
        return replace(self, rules=(*self.rules, rule))

    def forgotten(self, before: date, zone: str) -> pl.Expr | None:
        """Rows of before a local day, of a fleeting kind; None: its rows are kept."""
        if not (self.fleeting and self.period):
            return None
        types = {field.name: field.type for field in self.fields}
        is_day = types[self.period] == "day"
        first = pl.lit(before) if is_day else midnight(before, zone)
        return (pl.col(self.period) < first).fill_null(value=False)


def midnight(day: date, zone: str) -> pl.Expr:
    """The first moment of a local day, in UTC."""
    return pl.lit(datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC))
