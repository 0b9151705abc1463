"""Desks and phones: no more people at once than there are places."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
import xlsxwriter

from forecasting.catalogue import Catalogue
from forecasting.errors import InputError
from forecasting.ingest import import_file
from forecasting.policy import load_policy
from forecasting.records import ImportRecord
from staffing import store
from staffing.pipeline.week_inputs import WeekInputs
from staffing.roster import Roster, verify
from staffing.roster.ceilings import with_ceilings
from staffing.roster.solving import solve
from staffing.staff_tables import Limits
from staffing.supply import SUPPLY_TARGETS
from tests.adopting import adopt
from tests.staffing import roster_weeks as weeks
from tests.staffing.roster_home import NOW, village_home


def limits(*rows: tuple[object, ...]) -> pl.DataFrame:
    schema = Limits.create_empty().schema
    return Limits.validate(pl.DataFrame(list(rows), schema=schema, orient="row"))


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_policy(weeks.CONFIG / "catalogue.toml", Catalogue)


def test_the_later_begun_limit_holds_and_then_the_smaller(catalogue):
    day = weeks.WEEK + timedelta(days=2)
    table = limits(
        ("gemeentehuis", "desks", 9, "at_once", None, None, None),
        ("gemeentehuis", "desks", 3, "at_once", "wed thu", day, day),
        ("gemeentehuis", "desks", 4, "at_once", "wed", day, None),
        ("gemeentehuis", "phones", 2, "at_once", "fri", None, None),
        ("gemeentehuis", "applications", 10, "per_day", None, None, None),
    )
    found = with_ceilings(weeks.village_week(), table, catalogue).ceilings
    desks = {c.day.weekday(): c.people for c in found if "counter" in c.skills}
    assert desks == {0: 9, 1: 9, 2: 3, 3: 9, 4: 9, 5: 9, 6: 9}
    phones = [(c.day.weekday(), c.people) for c in found if c.skills == ("phone",)]
    assert phones == [(4, 2)]
    assert {c.skills for c in found} == {("civil_status", "counter"), ("phone",)}


def test_no_more_people_receive_visitors_than_there_are_desks(catalogue):
    free = weeks.village_week()
    assert max(d.required for d in free.demands if d.skill == "counter") > 1
    one = limits(("gemeentehuis", "desks", 1, "at_once", None, None, None))
    tight = with_ceilings(free, one, catalogue)
    roster = solve(tight, time_limit_s=60)
    assert not [found for found in verify(tight, roster) if found.hard]
    assert roster.bound <= roster.objective.total + 1e-6
    assert max(_at_counter(roster).values()) == 1
    reasons = {s.reason for s in roster.shortfalls if s.skill == "counter"}
    assert any(reason.startswith("the one desk is taken") for reason in reasons)


def _at_counter(roster: Roster) -> Counter[datetime]:
    return Counter(
        start
        for shift in roster.assignments
        for start, skill in shift.moments()
        if skill in ("counter", "civil_status")
    )


def test_what_was_imported_reaches_the_roster_and_is_among_its_inputs(tmp_path):
    home = village_home(tmp_path / "home")
    with xlsxwriter.Workbook(tmp_path / "limits.xlsx") as book:
        sheet = book.add_worksheet("Grenzen")
        head = [
            "Locatie",
            "Wat",
            "Aantal",
            "Per",
            "Dagen",
            "Geldig vanaf",
            "Geldig t/m",
        ]
        sheet.write_row(0, 0, head)
        sheet.write_row(1, 0, ["Gemeentehuis", "werkplekken balie", 1, "tegelijk"])
    made = import_file(
        home,
        tmp_path / "limits.xlsx",
        "template_limits",
        targets=SUPPLY_TARGETS,
        now=datetime(2026, 11, 21, tzinfo=UTC),
    )
    instance = WeekInputs(home).instance(weeks.WEEK)
    assert {c.people for c in instance.ceilings} == {1}
    assert made.id in store.supply_imports(home)


def test_a_limit_of_an_unknown_place_is_named(tmp_path):
    home = village_home(tmp_path / "home")
    record = ImportRecord(
        id="limits-1", source="x", kind="limits", file="x", sha256="0",
        rows_imported=1, rows_rejected=0, at=NOW,
    )  # fmt: skip
    table = limits(("gemeentehius", "desks", 1, "at_once", None, None, None))
    adopt(home, record, {"limits": table}, now=NOW)
    with pytest.raises(InputError, match="unknown location 'gemeentehius'; known: "):
        WeekInputs(home).instance(weeks.WEEK)
