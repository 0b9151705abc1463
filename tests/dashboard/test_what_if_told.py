"""What the page Staffing shows of what-if, the command line tells, at every point."""

import json
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.labels.words import LANGUAGES, Language, Words
from forecasting.workspace import Workspace
from tests.dashboard.conftest import Open
from tests.dashboard.filled import fill
from tests.dashboard.made_up_agenda import FACTORS, SECONDS, TARGETS
from tests.dashboard.made_up_demand import NOW, WEEK
from tests.dashboard.test_pages import _said

TEAMS = (("stadhuis", "phone"), ("stadhuis", "counter"), ("noord", "counter"))
POINTS = ((1.0, 0.8, 25.0), (1.1, 0.95, 15.0), (0.9, 0.7, 900.0))
AXES = ("factor", "target", "threshold_s")
OPTIONS = dict(zip(AXES, ("--handling", "--target", "--seconds"), strict=True))
LATER = NOW + timedelta(hours=3)


def uneven(factor: float, target: float, seconds: float, place: int) -> float:
    """Hours that bend along every axis: a straight line through them is no accident."""
    return 90 * factor**2 + 200 * target**3 + 400 / seconds + 7 * place * factor


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose answers differ by team, bend, and lie beside today's standards."""
    home = tmp_path_factory.mktemp("uneven")
    workspace = fill(home)
    _store(workspace)
    workspace.ledger.engine.dispose()
    return home


def _store(workspace: Workspace) -> None:
    before = workspace.latest("what_if")
    rows = [
        {
            "location": location,
            "skill": skill,
            **dict(zip(AXES, point, strict=True)),
            "hours": uneven(*point, place),
            "share": point[1] + 0.03,
            "share_now": 1.2 - point[0] * 0.5 - place / 100,
        }
        for place, (location, skill) in enumerate(TEAMS)
        for point in product(FACTORS, TARGETS, SECONDS)
    ]
    people = workspace.table(before, "what_if_people").collect()
    by_team = pl.col("location").str.len_chars() + pl.col("weekday")
    tables = {
        "what_if_targets": pl.DataFrame(rows),
        "what_if_people": people.with_columns(pl.col("late_more") / by_team),
    }
    key = workspace.key("what_if", ["uneven"], {}, 0)
    workspace.store(key, tables, before.figures, now=LATER)


def told(home: Path, skill: str, *options: str) -> dict[str, Any]:
    """What `piekwijzer what-if --show` prints for programs."""
    asked = ["what-if", "--show", skill, *options, "--json", "--home", str(home)]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def refused(home: Path, *asked: str) -> str:
    """The one line with which the command refuses."""
    done = CliRunner().invoke(app, ["what-if", *asked, "--home", str(home)])
    assert done.exit_code == 2
    line = done.stderr.strip()
    assert "\n" not in line
    return line


def told_at(home: Path, team: tuple[str, str], point: tuple[float, ...]):
    named = zip(OPTIONS.values(), point, strict=True)
    options = [text for name, value in named for text in (name, f"{value:g}")]
    return told(home, team[1], "--location", team[0], *options)


def cards(test: AppTest) -> dict[str, str]:
    return {card.label: card.value for card in test.metric}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("team", TEAMS)
@pytest.mark.parametrize("point", POINTS)
def test_the_cards_of_a_point_are_what_the_command_tells(
    open_page: Open, home: Path, language: Language, team: tuple[str, str], point
):
    words, (location, skill) = Words(language), team
    named = {
        f"{axis}_{skill}": f"{value:g}" for axis, value in zip(AXES, point, strict=True)
    }
    chosen = {"location": location, "skill": skill, "show": "norm", "lang": language}
    test = open_page(home, "requirement", **chosen, **named)
    found = told_at(home, team, point)
    asked, today = found["asked"], found["today"]
    shown = cards(test)
    assert shown[words("whatif.hours")] == words.hours(asked["hours"], 1)
    assert shown[words("whatif.share_now")] == words.share(asked["share_now"], 1)
    said = [caption.value for caption in test.caption]
    more = words("whatif.change", hours=words.signed(found["more_hours"], 1))
    now = words("whatif.share_note", share=words.share(today["share_now"], 1))
    assert {more, now} <= set(said)
    assert words("whatif.week", week=words.week(str(found["week"]))) in said


def by_hand(team: tuple[str, str], point: tuple[float, float, float]) -> float:
    """Straight lines by axis after axis, from the eight corners around a point."""
    place = TEAMS.index(team)

    def along(grid: tuple[float, ...], value: float) -> list[tuple[float, float]]:
        last = len(grid) - 2
        low = max(i for i in range(last + 1) if grid[i] <= value or i == 0)
        part = (value - grid[low]) / (grid[low + 1] - grid[low])
        return [(grid[low], 1 - part), (grid[low + 1], part)]

    around = [
        along(*pair) for pair in zip((FACTORS, TARGETS, SECONDS), point, strict=True)
    ]
    return sum(
        f * t * s * uneven(factor, target, seconds, place)
        for (factor, f), (target, t), (seconds, s) in product(*around)
    )


@pytest.mark.parametrize("team", TEAMS)
@pytest.mark.parametrize(
    "point", [(1.05, 0.82, 20.0), (0.93, 0.94, 500.0), (1.0, 0.75, 25.0), (1.1, 0.95, 900.0)]
)  # fmt: skip
def test_between_points_the_command_tells_what_is_counted_by_hand(
    home: Path, team: tuple[str, str], point: tuple[float, float, float]
):
    found = told_at(home, team, point)
    assert found["asked"]["hours"] == pytest.approx(by_hand(team, point))
    today = found["today"]
    now = by_hand(team, tuple(today[axis] for axis in AXES))
    assert today["hours"] == pytest.approx(now)
    more = found["asked"]["hours"] - today["hours"]
    assert found["more_hours"] == pytest.approx(more)


def test_today_between_points_is_told_as_the_page_shows_it(
    open_page: Open, home: Path, tmp_path: Path
):
    """A standard that was worked out after the answers were: 83% in 22 seconds."""
    workspace = fill(tmp_path)
    _store(workspace)
    run = workspace.latest("requirement")
    figures = {"standards": {"phone": {"target": 0.83, "threshold_s": 22.0}}}
    tables = ("requirement", "weekly_load", "requirement_weeks", "work")
    key = workspace.key("requirement", ["told"], {}, 0)
    stored = {name: workspace.table(run, name).collect() for name in tables}
    workspace.store(
        key, stored, {**run.figures, **figures}, now=LATER + timedelta(hours=1)
    )
    found, words = told(tmp_path, "phone", "--target", "0.9"), Words("nl")
    assert found["out_of_date"] is True
    assert found["today"]["hours"] == pytest.approx(
        by_hand(TEAMS[0], (1.0, 0.83, 22.0))
    )
    chosen = {"location": "stadhuis", "skill": "phone", "show": "norm"}
    asked = {**chosen, "target_phone": "0.9", "threshold_s_phone": "25"}
    test = open_page(tmp_path, "requirement", **asked)
    at = told(tmp_path, "phone", "--target", "0.9", "--seconds", "25")
    more = words("whatif.change", hours=words.signed(at["more_hours"], 1))
    assert more in [caption.value for caption in test.caption]


def test_the_figures_by_target_are_those_in_the_table(open_page: Open, home: Path):
    words, point = Words("nl"), (1.1, 0.9, 15.0)
    named = zip(AXES, point, strict=True)
    asked = {f"{axis}_phone": f"{value:g}" for axis, value in named}
    test = open_page(home, "requirement", skill="phone", show="norm", **asked)
    test.session_state[f"data_{words('whatif.table')}"] = True
    said = _said(test.run())
    rows = told_at(home, TEAMS[0], point)["by_target"]
    assert [row["target"] for row in rows] == list(TARGETS)
    for row in rows:
        assert words.number(row["hours"], 1) in said


@pytest.mark.parametrize("team", TEAMS)
@pytest.mark.parametrize("step", ["more", "less"])
def test_one_person_per_hour_is_told_as_the_table_shows_it(
    open_page: Open, home: Path, team: tuple[str, str], step: str
):
    words, (location, skill) = Words("nl"), team
    chosen = {"location": location, "skill": skill, "show": "people", "person": step}
    said = _said(open_page(home, "requirement", **chosen))
    hours = told(home, skill, "--location", location)["one_person"]
    assert len(hours) == 40
    for row in hours:
        late_more = 4.0 / (len(location) + row["weekday"])
        assert row["one_more"] == pytest.approx(late_more - 7 - row["hour"] / 10)
        assert row[f"one_{step}"] == pytest.approx(
            (row["share"] - row[f"share_{step}"]) * row["offered"]
        )
        change = words.signed(row[f"one_{step}"], 1)
        note = words(
            "whatif.cell",
            now=words.share(row["share"]),
            then=words.share(row[f"share_{step}"]),
            wait=words.number(row["wait_s"]),
            wait_then=words.number(row[f"wait_{step}_s"]),
        )
        assert f"{change}<small>{note}" in said


def test_without_choices_the_standard_of_today_is_told(home: Path):
    found = told(home, "phone")
    assert (found["location"], found["week"]) == ("stadhuis", WEEK)
    assert found["asked"] == found["today"]
    assert found["more_hours"] == 0
    assert found["out_of_date"] is False


def test_people_read_it_in_a_line_and_a_line_an_hour(home: Path):
    asked = ["what-if", "--show", "phone", "--target", "0.9", "--home", str(home)]
    lines = CliRunner().invoke(app, asked).stdout.splitlines()
    assert lines[0].startswith("stadhuis phone, 90.0% within 25 s, handling times 100%")
    assert lines[1].startswith("Mon 09:00: ")
    assert len(lines) == 41


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--target", "0.99"), "--target: expected from 0.7 to 0.95, came 0.99."),
        (("--target", "85"), "--target: expected from 0.7 to 0.95, came 85."),
        (("--target", "nan"), "--target: expected from 0.7 to 0.95, came nan."),
        (("--seconds", "-1"), "--seconds: expected from 15 to 900, came -1."),
        (("--handling", "2"), "--handling: expected from 0.9 to 1.1, came 2."),
        (("--location", "zuid"), "(stadhuis), came 'zuid'."),
    ],
)
def test_what_was_not_reckoned_is_one_line_with_its_bounds(home: Path, asked, said):
    line = refused(home, "--show", "phone", *asked)
    assert said in line
    assert "hoose" in line  # what to do


def test_a_skill_that_waits_and_a_location_left_open_are_named(home: Path):
    line = refused(home, "--show", "back_office")
    assert "(counter, phone), came 'back_office'" in line
    assert "work that can wait" in line
    line = refused(home, "--show", "counter")
    assert "--location: expected" in line
    assert "(noord, stadhuis), came none" in line


def test_choices_without_a_skill_are_refused_and_nothing_is_reckoned(home: Path):
    assert "--show SKILL" in refused(home, "--target", "0.9")
    assert "--show SKILL" in refused(home, "--location", "noord")


def test_without_answers_the_command_to_run_first_is_named(tmp_path: Path):
    line = refused(tmp_path, "--show", "phone")
    assert "piekwijzer requirement" in line
    workspace = fill(tmp_path / "filled")
    with workspace.ledger.writing() as session:
        for run in workspace.ledger.runs("what_if"):
            session.delete(session.merge(run))
    line = refused(tmp_path / "filled", "--show", "phone")
    assert "Make one first: piekwijzer what-if." in line
