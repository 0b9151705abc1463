"""Read an instance from a file: our own JSON, or the text of the shift-scheduling benchmark.

The text has sections of comma-separated lines; its format and the instances are those of
Curtois and Qu, "Computational results on new staff scheduling benchmark instances" (2014).
Only the file's own rules hold: no law on rest, no opening hours, no day window.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from pydantic import ValidationError

from forecasting.errors import InputError
from staffing.roster.instance import Instance
from staffing.roster.people import Limits, Person, Wish
from staffing.roster.sectioned import Row, sections
from staffing.roster.shifts import Template
from staffing.roster.unruled import FREE_RULES, NO_PRICES
from staffing.roster.wanted import ShiftCover

MONDAY = date(2024, 1, 1)
"""The first day of every such horizon: a Monday in a week that no clock change touches."""

PLACE = "cover"


def read_instance(path: Path) -> Instance:
    """The instance in a file: `.json` of our own, else the text of the benchmark.

    Raises:
        InputError: there is no such file, or a line of it is wrong, which is named.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: expected a readable text file, {error}") from None
    if path.suffix == ".json":
        return Instance.from_json(text)
    return _Reader(path.name, text).instance()


class _Reader:
    """The sections of one file, read in the order in which they build on each other."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.sections = sections(file, text)
        self.shifts: dict[str, Template] = {}
        self.staff: dict[str, tuple[Row, Limits]] = {}

    def instance(self) -> Instance:
        """The whole instance."""
        self.length = self._horizon()
        self.days = [MONDAY + timedelta(days=i) for i in range(self.length)]
        forbidden = self._read_shifts()
        self._read_staff()
        off, wishes = self._days_off(), self._wishes()
        people = tuple(
            self._person(code, off.get(code, set()), wishes.get(code, ()))
            for code in self.staff
        )
        return Instance(
            week=MONDAY,
            length=self.length,
            zone="UTC",
            policy=NO_PRICES,
            rules=FREE_RULES,
            templates=tuple(self.shifts.values()),
            people=people,
            covers=tuple(self._covers()),
            forbidden=forbidden,
        )

    def _rows(self, section: str) -> list[Row]:
        return self.sections.get(section, [])

    def _horizon(self) -> int:
        rows = self._rows("SECTION_HORIZON")
        if len(rows) != 1:
            raise InputError(
                f"{self.file}: expected one line with the number of days in "
                f"SECTION_HORIZON, came {len(rows)}"
            )
        length = rows[0].whole(0, "the number of days", 401)
        if not length:
            rows[0].refuse("expected at least one day, came 0")
        return length

    def _read_shifts(self) -> tuple[tuple[str, str], ...]:
        rows = self._rows("SECTION_SHIFTS")
        for row in rows:
            row.expect(2, "shift, length in minutes, shifts that may not follow")
            name, length = row.fields[0], row.whole(1, "a length in minutes", 1441)
            if not name or not length or name in self.shifts:
                row.refuse(f"expected a new shift with a length, came '{name}'")
            self.shifts[name] = Template(start=0, end=length, name=name)
        if not rows:
            raise InputError(f"{self.file}: expected shifts in SECTION_SHIFTS")
        return tuple(pair for row in rows for pair in self._successions(row))

    def _successions(self, row: Row) -> Iterator[tuple[str, str]]:
        for name in filter(None, "".join(row.fields[2:3]).split("|")):
            if name.strip() not in self.shifts:
                row.refuse(f"expected a shift of the file, came '{name.strip()}'")
            yield row.fields[0], name.strip()

    def _read_staff(self) -> None:
        form = (
            "person, most shifts, most and least minutes, most and least days in a "
            "row, least days off in a row, most weekends"
        )
        for row in self._rows("SECTION_STAFF"):
            row.expect(8, form)
            if not row.fields[0] or row.fields[0] in self.staff:
                row.refuse(f"expected a new person, came '{row.fields[0]}'")
            self.staff[row.fields[0]] = row, self._limits(row)
        if not self.staff:
            raise InputError(f"{self.file}: expected people in SECTION_STAFF")

    def _limits(self, row: Row) -> Limits:
        try:
            return Limits(
                most_shifts=tuple(self._most_shifts(row)),
                most_minutes=row.whole(2, "most minutes"),
                least_minutes=row.whole(3, "least minutes"),
                most_days_in_a_row=row.whole(4, "most days in a row"),
                least_days_in_a_row=row.whole(5, "least days in a row"),
                least_days_off_in_a_row=row.whole(6, "least days off in a row"),
                most_weekends=row.whole(7, "most weekends"),
            )
        except ValidationError:
            row.refuse("expected at least 1 for days and days off in a row, came 0")

    def _most_shifts(self, row: Row) -> Iterator[tuple[str, int]]:
        for part in filter(None, row.fields[1].split("|")):
            name, equals, most = (piece.strip() for piece in part.partition("="))
            if not equals or name not in self.shifts or not most.isdigit():
                row.refuse(f"expected SHIFT=MOST of a known shift, came '{part}'")
            yield name, int(most)

    def _days_off(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for row in self._rows("SECTION_DAYS_OFF"):
            code = self._code(row, 2, "person, days")
            days = [
                row.whole(field, "a day", self.length)
                for field in range(1, len(row.fields))
            ]
            found.setdefault(code, set()).update(days)
        return found

    def _code(self, row: Row, least: int, form: str) -> str:
        row.expect(least, form)
        if row.fields[0] not in self.staff:
            row.refuse(f"expected a person of the file, came '{row.fields[0]}'")
        return row.fields[0]

    def _wishes(self) -> dict[str, tuple[Wish, ...]]:
        found: dict[str, list[Wish]] = {}
        for section, wants in (
            ("SECTION_SHIFT_ON_REQUESTS", True),
            ("SECTION_SHIFT_OFF_REQUESTS", False),
        ):
            for row in self._rows(section):
                code = self._code(row, 4, "person, day, shift, weight")
                found.setdefault(code, []).append(self._wish(row, wants=wants))
        return {code: tuple(wishes) for code, wishes in found.items()}

    def _wish(self, row: Row, *, wants: bool) -> Wish:
        return Wish(
            day=self.days[row.whole(1, "a day", self.length)],
            shift=row.one_of(2, self.shifts, "a shift"),
            weight=row.number_at(3, "a weight"),
            wants=wants,
        )

    def _covers(self) -> Iterator[ShiftCover]:
        for row in self._rows("SECTION_COVER"):
            row.expect(5, "day, shift, number wanted, weight under, weight over")
            yield ShiftCover(
                day=self.days[row.whole(0, "a day", self.length)],
                shift=row.one_of(1, self.shifts, "a shift"),
                wanted=row.whole(2, "a number wanted"),
                price_under=row.number_at(3, "a weight under"),
                price_over=row.number_at(4, "a weight over"),
            )

    def _person(self, code: str, off: set[int], wishes: tuple[Wish, ...]) -> Person:
        _, limits = self.staff[code]
        return Person(
            code=code,
            location=PLACE,
            skills=(),
            contract_hours=(limits.most_minutes or 0) / 60,
            days=tuple(day for i, day in enumerate(self.days) if i not in off),
            limits=limits,
            wishes=wishes,
        )
