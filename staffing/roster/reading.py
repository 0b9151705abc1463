"""Read an instance from a file: our own JSON, or the text of the shift-scheduling benchmark.

The text has sections of comma-separated lines; its format and the instances are those of
Curtois and Qu, "Computational results on new staff scheduling benchmark instances" (2014).
Only the file's own rules hold: no law on rest, no opening hours, no day window.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NoReturn

from pydantic import ValidationError

from forecasting.errors import InputError
from staffing.roster.instance import Instance
from staffing.roster.people import Limits, Person, Wish
from staffing.roster.shifts import Template
from staffing.roster.wanted import ShiftCover
from staffing.rules import LabourRules, RosterPolicy

MONDAY = date(2024, 1, 1)
"""The first day of every such horizon: a Monday in a week that no clock change touches."""

PLACE = "cover"
SECTIONS = (
    "SECTION_HORIZON",
    "SECTION_SHIFTS",
    "SECTION_STAFF",
    "SECTION_DAYS_OFF",
    "SECTION_SHIFT_ON_REQUESTS",
    "SECTION_SHIFT_OFF_REQUESTS",
    "SECTION_COVER",
)

FREE_RULES = LabourRules(
    max_shift_hours=24,
    max_week_hours=168,
    daily_rest_hours=0,
    short_rest_hours=0,
    short_rest_days=1,
    weekly_rest_hours=0,
    fortnight_rest_hours=0,
    fortnight_part_hours=0,
    breaks=(),
    sunday_work=True,
    free_sundays=0,
    day_window_from_hour=0,
    day_window_to_hour=24,
    notice_days=0,
    notice_hours_days=0,
    source={"benchmark": "only the rules of the file hold"},
)

NO_PRICES = RosterPolicy(
    start_grid_minutes=15,
    shift_hours=(8.0,),
    opening_margin_minutes=0,
    break_minutes=30,
    break_earliest_hour=0,
    break_latest_hour=24,
    break_part_hours=1,
    minimum_block_minutes=15,
    price_late_contact=0,
    price_short_quarter=0,
    price_short_deferrable_quarter=0,
    price_short_block=0,
    price_hour=0,
    price_presence_quarter=0,
    price_wish=0,
    price_uneven_shift=0,
    price_change=0,
    price_change_affected=0,
    late_after_hour=24,
    evening_after_hour=24,
    relative_gap=1e-6,
    time_limit_s=60,
)


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


class _Row:
    """One line of a file: its number and its comma-separated fields."""

    def __init__(self, file: str, number: int, text: str) -> None:
        self.file, self.number = file, number
        self.fields = [field.strip() for field in text.split(",")]

    def refuse(self, what: str) -> NoReturn:
        """Raise what was expected on this line and what came."""
        raise InputError(f"{self.file}, line {self.number}: {what}")

    def expect(self, least: int, form: str) -> None:
        """Refuse the line when it has fewer fields."""
        if len(self.fields) < least:
            self.refuse(f"expected {form}, came '{','.join(self.fields)}'")

    def whole(self, field: int, what: str, below: int | None = None) -> int:
        """A field as a whole number, from 0 and below a limit."""
        text = self.fields[field]
        if not (text.isascii() and text.isdigit()):
            self.refuse(f"expected {what} as a whole number, came '{text}'")
        if below is not None and int(text) >= below:
            self.refuse(f"expected {what} below {below}, came {text}")
        return int(text)

    def number_at(self, field: int, what: str) -> float:
        """A field as a number that is not negative."""
        try:
            number = float(self.fields[field])
        except ValueError:
            number = -1.0
        if not 0 <= number < float("inf"):
            self.refuse(f"expected {what} from 0 on, came '{self.fields[field]}'")
        return number

    def one_of(self, field: int, known: dict[str, Template], what: str) -> str:
        """A field that names something known."""
        name = self.fields[field]
        if name not in known:
            self.refuse(f"expected {what} of the file, came '{name}'")
        return name


class _Reader:
    """The sections of one file, read in the order in which they build on each other."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.sections = _sections(file, text)
        self.shifts: dict[str, Template] = {}
        self.staff: dict[str, tuple[_Row, Limits]] = {}

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

    def _rows(self, section: str) -> list[_Row]:
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

    def _successions(self, row: _Row) -> Iterator[tuple[str, str]]:
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

    def _limits(self, row: _Row) -> Limits:
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

    def _most_shifts(self, row: _Row) -> Iterator[tuple[str, int]]:
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

    def _code(self, row: _Row, least: int, form: str) -> str:
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

    def _wish(self, row: _Row, *, wants: bool) -> Wish:
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


def _sections(file: str, text: str) -> dict[str, list[_Row]]:
    """Lines under each section's name, without comments and blank ones."""
    found: dict[str, list[_Row]] = {}
    add: Callable[[_Row], None] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        row = _Row(file, number, line)
        if line.startswith("SECTION_"):
            if line not in SECTIONS or line in found:
                row.refuse(f"expected a new section of {', '.join(SECTIONS)}")
            add = found.setdefault(line, []).append
        elif add is None:
            row.refuse(f"expected a section such as {SECTIONS[0]}, came '{line}'")
        else:
            add(row)
    missing = [name for name in SECTIONS[:3] if name not in found]
    if missing:
        raise InputError(f"{file}: expected a section {missing[0]}, there is none")
    return found
