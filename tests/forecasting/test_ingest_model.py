"""Any sequence of imports, corrections and forgetting leaves what a plain model says.

The model is a dictionary of rows by identity: rows of a later file take the place of equal
ones, a file brought `instead` that of its days and places, and what is forgotten is only
counted on.
"""

import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.errors import InputError
from forecasting.ingest import CONTACT_TARGETS, ImportResult, import_file
from forecasting.keeping import forget
from forecasting.settings import Settings
from tests.empty_home import open_home

TOWN = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
FIRST = datetime(2025, 12, 30, tzinfo=TOWN)
"""Days around a new year, so that months and years change by UTC and by local time."""

MAPPING = """
kind = "contacts"
label = "test"
identity = ["id"]
constants = { product = "general/visit/appointment" }
[fields.start]
column = "at"
formats = ["%d-%m-%Y %H:%M"]
[fields.requested]
column = "asked"
formats = ["%d-%m-%Y %H:%M"]
[fields.location]
column = "where"
[fields.handling_s]
column = "minutes"
multiply = FACTOR
"""


@dataclass(frozen=True)
class Row:
    """A row as it is written; `minutes` may be no number."""

    id: str
    hours: int
    asked: int | None
    where: str
    minutes: str

    @property
    def start(self) -> datetime:
        return FIRST + timedelta(hours=self.hours)

    @property
    def line(self) -> str:
        asked = self.asked is not None and self.start - timedelta(days=self.asked)
        shown = f"{asked:%d-%m-%Y %H:%M}" if asked else ""
        at = f"{self.start:%d-%m-%Y %H:%M}"
        return f"{self.id},{at},{shown},{self.where},{self.minutes}\n"


Rows = tuple[Row, ...]


@dataclass(frozen=True)
class Held:
    """A row that counts, of the file that came at a place in order."""

    row: Row
    arrival: int
    factor: int

    @property
    def slot(self) -> tuple[object, ...]:
        return (self.row.start.astimezone(UTC), self.row.where)

    @property
    def booking(self) -> tuple[object, ...]:
        asked = self.row.start - timedelta(days=self.row.asked or 0)
        return (asked.date(), self.row.start.date(), self.row.where)

    @property
    def work(self) -> int:
        return int(self.row.minutes) * self.factor


@dataclass(frozen=True)
class Came:
    """A file that came: at which place in order, how read, and what it covers."""

    arrival: int
    factor: int
    days: tuple[date, date] | None = None
    places: frozenset[str] = frozenset()

    def covers(self, row: Row) -> bool:
        if not self.days:
            return False
        first, last = self.days
        return first <= row.start.date() <= last and row.where in self.places


@dataclass
class Model:
    """What must hold."""

    held: dict[str, Held] = field(default_factory=dict)
    kept: list[Held] = field(default_factory=list)
    came: dict[Rows, Came] = field(default_factory=dict)
    before: date = date.min

    def bring(
        self, rows: Rows, factor: int, *, instead: bool, lost: bool = False
    ) -> tuple[int, ...] | None:
        """Rows accepted, rejected, left out and replaced; None: nothing is to be done."""
        known = self.came.get(rows)
        last = max((came.arrival for came in self.came.values()), default=0)
        said = not instead or (known and known.days and known.arrival == last)
        if known and known.factor == factor and said and not lost:
            return None
        fresh = [row for row in rows if row.start.date() >= self.before]
        if not fresh:
            raise InputError("all are forgotten")
        good = {row.id: row for row in fresh if row.minutes != "bad"}
        arrival = known.arrival if known and not instead else last + 1
        days = sorted(row.start.date() for row in good.values())
        span = (days[0], days[-1]) if days and instead else None
        places = frozenset(row.where for row in good.values())
        self.came[rows] = came = Came(arrival, factor, span, places)
        if known:
            self._drop(lambda held: held.arrival == known.arrival)
        replaced = self._drop(
            lambda held: (
                held.arrival < arrival
                and (held.row.id in good or came.covers(held.row))
            )
        )
        later = [other for other in self.came.values() if other.arrival > arrival]
        for row in good.values():
            overruled = any(other.covers(row) for other in later)
            if row.id not in self.held and not overruled:
                self.held[row.id] = Held(row, arrival, factor)
        return len(good), len(fresh) - len(good), len(rows) - len(fresh), replaced

    def _drop(self, goes) -> int:
        gone = [key for key, held in self.held.items() if goes(held)]
        for key in gone:
            del self.held[key]
        return len(gone)

    def forget(self, before: date) -> None:
        self.before = max(self.before, before)
        early = [h for h in self.held.values() if h.row.start.date() < before]
        self.kept += early
        self._drop(lambda held: held.row.start.date() < before)

    def counted(self) -> list[Held]:
        return [*self.held.values(), *self.kept]


ROW = st.builds(
    Row,
    id=st.sampled_from("abcdef"),
    hours=st.integers(0, 24 * 5),
    asked=st.sampled_from([None, 1, 40]),
    where=st.sampled_from(["noord", "zuid"]),
    minutes=st.sampled_from(["5", "10", "bad"]),
)
FILE = st.lists(ROW, min_size=1, max_size=6).map(tuple)
BRING = st.tuples(st.just("bring"), FILE, st.sampled_from([1, 1, 60]), st.booleans())
AGAIN = st.tuples(
    st.just("again"), st.integers(0, 9), st.sampled_from([1, 60]), st.booleans()
)
FORGET = st.tuples(st.just("forget"), st.integers(0, 5))
LOSE = st.tuples(st.just("lose"), st.integers(0, 99))
STEPS = st.lists(st.one_of(BRING, BRING, AGAIN, FORGET, LOSE), min_size=2, max_size=8)


class Town:
    """A real home beside its model."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.model = folder, Model()
        (folder / "config" / "sources").mkdir(parents=True)
        catalogue = Settings().config / "catalogue.toml"
        shutil.copyfile(catalogue, folder / "config" / "catalogue.toml")
        self.workspace = open_home(
            Settings(home=folder / "home", config=folder / "config")
        )

    def close(self) -> None:
        self.workspace.ledger.engine.dispose()
        shutil.rmtree(self.folder)

    def bring(
        self, rows: Rows, factor: int, *, instead: bool, lost: bool = False
    ) -> None:
        try:
            expected = self.model.bring(rows, factor, instead=instead, lost=lost)
        except InputError:
            with pytest.raises(InputError, match="found none"):
                self._import(rows, factor, instead=instead)
            return
        result = self._import(rows, factor, instead=instead)
        assert result.already == (expected is None)
        if expected:
            assert expected == (
                result.rows_imported,
                result.rows_rejected,
                result.rows_left_out,
                result.rows_replaced,
            )

    def _import(self, rows: Rows, factor: int, *, instead: bool) -> ImportResult:
        mapping = MAPPING.replace("FACTOR", str(factor))
        (self.folder / "config" / "sources" / "test.toml").write_text(mapping)
        file = self.folder / "export.csv"
        file.write_text("id,at,asked,where,minutes\n" + "".join(r.line for r in rows))
        return import_file(
            self.workspace, file, "test", now=NOW, max_rejects=1, instead=instead
        )

    def again(self, place: int, factor: int, *, instead: bool) -> None:
        files = list(self.model.came)
        if files:
            self.bring(files[place % len(files)], factor, instead=instead)

    def lose(self, place: int) -> None:
        """A part is lost, and its file comes again."""
        parts = self.workspace.ledger.parts("contacts")
        if parts:
            part = parts[place % len(parts)]
            self.workspace.lake.part_path(part).unlink()
            owner = self.arrivals()[part.import_id]
            came = self.model.came.items()
            rows, known = next(one for one in came if one[1].arrival == owner)
            self.bring(rows, known.factor, instead=False, lost=True)

    def arrivals(self) -> dict[str, int]:
        return {record.id: record.arrival for record in self.workspace.ledger.imports()}

    def forget(self, days: int) -> None:
        before = (FIRST + timedelta(days=days)).date()
        self.model.forget(before)
        forget(self.workspace, before, targets=CONTACT_TARGETS, now=NOW)

    def table(self, dataset: str, *columns: str) -> list[tuple[object, ...]]:
        if not self.workspace.has_imported(dataset):
            return []
        return self.workspace.imported(dataset).select(columns).collect().rows()

    def check(self) -> None:
        held, counted = self.model.held.values(), self.model.counted()
        rows = self.table("contacts", "start", "location", "handling_s", "requested")
        told = [(*h.slot, h.work, h.row.asked is not None) for h in held]
        assert Counter((*row[:3], row[3] is not None) for row in rows) == Counter(told)
        slots = self.table("slots", "start", "location", "count")
        assert summed(slots) == Counter(h.slot for h in counted)
        work = self.table("slots", "start", "location", "work_s")
        assert summed(work) == summed((*h.slot, h.work) for h in counted)
        bookings = self.table("bookings", "requested", "visit", "location", "count")
        booked = [h.booking for h in counted if h.row.asked is not None]
        assert summed(bookings) == Counter(booked)
        assert self.workspace.ledger.prove().broken is None


def summed(rows: Iterable[tuple[object, ...]]) -> Counter[tuple[object, ...]]:
    """The last of each row, added up by all the others."""
    sums: Counter[tuple[object, ...]] = Counter()
    for *key, value in rows:
        sums[tuple(key)] += int(str(value).removesuffix(".0"))
    return +sums


@settings(max_examples=25, deadline=None)
@given(steps=STEPS)
def test_what_counts_is_what_a_plain_model_says(tmp_path_factory, steps):
    town = Town(tmp_path_factory.mktemp("town"))
    for step in steps:
        match step:
            case ("bring", rows, factor, instead):
                town.bring(rows, factor, instead=instead)
            case ("again", place, factor, instead):
                town.again(place, factor, instead=instead)
            case ("forget", days):
                town.forget(days)
            case ("lose", place):
                town.lose(place)
        town.check()
    town.close()
