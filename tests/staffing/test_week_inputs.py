"""What a roster reads of the store: wishes, protected time, the published past, changes."""

from datetime import time, timedelta

import polars as pl
import pytest

from forecasting.errors import InputError, MissingStepError, PolicyError
from forecasting.records import ImportRecord
from staffing import store
from staffing.pipeline.publishing import publish_roster
from staffing.pipeline.requiring import run_requirement
from staffing.pipeline.rostering import run_roster
from staffing.pipeline.week_inputs import WeekInputs
from staffing.publish.versions import choose_version, read_version
from staffing.roster.checking import check
from staffing.staff_tables import Limits, ProtectedTime
from tests.adopting import adopt
from tests.staffing import town_cases
from tests.staffing.roster_home import NOW
from tests.staffing.roster_weeks import WEEK
from tests.staffing.small_weeks import small_home, weeks
from tests.staffing.template_cases import book, bring, line

FRIDAY = WEEK + timedelta(days=4)
WISH: list[object] = ["Code", "Dag", "Dagen", "Geldig vanaf", "Geldig t/m", "Wens",
                      "Van tijd", "Tot tijd", "Gewicht"]  # fmt: skip
APART: list[object] = ["Code", "Locatie", "Dag", "Dagen", "Geldig vanaf", "Geldig t/m",
                       "Van tijd", "Tot tijd"]  # fmt: skip


@pytest.fixture
def home(tmp_path):
    return small_home(tmp_path / "home")


def bring_sheet(home, tmp_path, name: str, head: list[object], *rows: list[object]):
    file = tmp_path / f"{name}{len(list(tmp_path.iterdir()))}.xlsx"
    return bring(home, book(file, {name: [head, *rows]}))


def test_wishes_and_protected_time_go_from_the_sheet_into_the_instance(home, tmp_path):
    rows = [
        line("G0", None, "vr", None, None, "wil niet werken", time(15), time(20), 2),
        line("N1", FRIDAY, None, None, None, "wil werken", None, None, None),
    ]
    bring_sheet(home, tmp_path, "Wensen", WISH, *rows)
    row = line(None, "Noord", None, "vr", None, None, time(13), time(14))
    bring_sheet(home, tmp_path, "Beschermde tijd", APART, row)
    instance = WeekInputs(home).instance(WEEK)
    check(instance)
    wishes = {p.code: [(w.wants, w.weight) for w in p.wishes] for p in instance.people}
    price = instance.policy.price_wish
    assert wishes == {
        "G0": [(False, 2 * price)], "G1": [], "N0": [], "N1": [(True, price)],
    }  # fmt: skip
    apart = {p.code for p in instance.people if p.set_apart}
    assert apart == {"N0", "N1"}
    assert {*store.supply_imports(home)} > {"people-1"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (line("G0", FRIDAY, "vr", None, None, "wil werken", None, None, 1),
         "line 2, column 'Dagen': expected either a day or weekdays"),
        (line("G0", FRIDAY, None, FRIDAY, None, "wil werken", None, None, 1),
         "column 'Geldig vanaf': a validity goes with weekdays"),
        (line("G0", FRIDAY, None, None, None, "liever niet", None, None, 1),
         "column 'Wens'"),
        (line("G0", FRIDAY, None, None, None, "wil werken", None, None, 4),
         "column 'Gewicht'"),
        (line("G0", FRIDAY, None, None, None, "wil werken", time(9), None, 1),
         "column 'Tot tijd': expected both a from and a to"),
    ],
)  # fmt: skip
def test_a_wish_that_cannot_be_is_refused_with_sheet_and_row(
    home, tmp_path, row, reason
):
    with pytest.raises(InputError, match="sheet 'Wensen'") as refused:
        bring_sheet(home, tmp_path, "Wensen", WISH, row)
    assert reason in str(refused.value)
    with pytest.raises(InputError, match="expected no reason"):
        bring_sheet(home, tmp_path, "Wensen", [*WISH, "Reden"], [*row, "x"])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (line("G0", "noord", FRIDAY, None, None, None, time(9), time(10)),
         "expected either a code or a location"),
        (line("G0", None, FRIDAY, None, None, None, time(9), time(9, 50)),
         "column 'Tot tijd': expected a whole quarter-hour"),
    ],
)  # fmt: skip
def test_protected_time_that_cannot_be_is_refused(home, tmp_path, row, reason):
    with pytest.raises(InputError, match="sheet 'Beschermde tijd'") as refused:
        bring_sheet(home, tmp_path, "Beschermde tijd", APART, row)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("schema", "kind", "values"),
    [
        (Limits, "limits", {"what": "desks", "number": 1, "unit": "at_once"}),
        (ProtectedTime, "protected_time",
         {"day": FRIDAY, "from_time": time(9), "to_time": time(10)}),
    ],
)  # fmt: skip
def test_a_row_of_an_unknown_location_is_named(home, schema, kind, values):
    names = schema.create_empty().schema
    row = {**dict.fromkeys(names), "location": "nord", **values}
    record = ImportRecord(
        id="x-1", source="x", kind=kind, file="x", sha256="0", rows_imported=1,
        rows_rejected=0, at=NOW,
    )  # fmt: skip
    adopt(home, record, {kind: pl.DataFrame([row], schema=names)}, now=NOW)
    with pytest.raises(InputError, match="unknown location 'nord'; known: "):
        WeekInputs(home).instance(WEEK)


def test_what_was_published_is_the_past_of_the_next_week(home):
    first = run_roster(home, week=WEEK, now=NOW)
    unpublished = WeekInputs(home).instance(weeks(2)[1])
    assert not any(person.past.shifts for person in unpublished.people)
    publish_roster(home, week=WEEK, now=NOW)
    _, roster = read_version(home, choose_version(home, WEEK))
    instance = WeekInputs(home).instance(weeks(2)[1])
    told = {p.code: [s.start for s in p.past.shifts] for p in instance.people}
    for shift in roster.assignments:
        assert told[shift.person] == [shift.shift.start]
    assert roster.assignments
    second = run_roster(home, week=weeks(2)[1], now=NOW)
    assert first.id in second.inputs


def test_a_roster_notices_that_opening_hours_or_shared_work_changed(tmp_path):
    home = town_cases.towns_home(tmp_path, 2, pooled=False, now=NOW, days=1)
    run_requirement(home, now=NOW)
    WeekInputs(home).instance(town_cases.MONDAY)
    config = home.settings.config
    calendar = (config / "calendar.toml").read_text()
    (config / "calendar.toml").write_text(calendar.replace("13:00:00", "12:00:00"))
    with pytest.raises(MissingStepError, match="opening hours or closures changed"):
        run_roster(home, week=town_cases.MONDAY, now=NOW)
    (config / "calendar.toml").write_text(calendar)
    standards = (config / "standards.toml").read_text()
    pooled = standards.replace("[skill.phone]\n", "[skill.phone]\npooled = true\n")
    (config / "standards.toml").write_text(pooled)
    with pytest.raises(MissingStepError, match="work that locations share changed"):
        run_roster(home, week=town_cases.MONDAY, now=NOW)
    closed = 'closures = [{ name = "x", first = 2027-01-12, last = 2027-01-12, source = "t" }]'
    (config / "standards.toml").write_text(standards)
    (config / "calendar.toml").write_text(f"{closed}\n{calendar}")
    with pytest.raises(MissingStepError, match="piekwijzer requirement"):
        run_roster(home, week=town_cases.MONDAY, now=NOW)


def test_a_price_that_changes_asks_for_no_other_requirement(tmp_path):
    home = town_cases.towns_home(tmp_path, 1, pooled=False, now=NOW, days=1)
    run_requirement(home, now=NOW)
    file = home.settings.config / "roster.toml"
    file.write_text(file.read_text().replace("price_hour = 1.0", "price_hour = 2.0"))
    instance = WeekInputs(home).instance(town_cases.MONDAY)
    assert instance.policy.price_hour == 2.0
    check(instance)


def test_a_policy_folder_without_sites_has_no_presence_and_a_wrong_one_is_named(
    tmp_path,
):
    home = town_cases.towns_home(tmp_path, 1, pooled=False, now=NOW, days=1)
    run_requirement(home, now=NOW)
    sites = home.settings.config / "sites.toml"
    told = sites.read_text()
    assert WeekInputs(home).instance(town_cases.MONDAY).presences
    sites.write_text(told.replace('able = ["counter"]', 'able = ["balie"]'))
    with pytest.raises(PolicyError, match=r"sites.toml: Lunch cover: unknown skill"):
        WeekInputs(home).instance(town_cases.MONDAY)
    sites.unlink()
    assert not WeekInputs(home).instance(town_cases.MONDAY).presences
