"""The main job, end to end, by the front door: a town's exports in, roster and letters out.

The town and the village are as large as those of `make demo`, but their history begins in
2022, each series is tried on two stretches of its past, not three, and the search for a
roster ends at a gap of 5%. `make soak` goes the whole length, from five seeds.
"""

import json
from pathlib import Path

import pytest

from tests.quicker import quicker_config
from tests.test_cli import KEYS, piekwijzer
from tests.typed import typed


def _demo(home: Path, town: str, config: Path) -> dict[str, object]:
    told = ("--config", str(config), "demo", "--town", town, "--json")
    done = piekwijzer(*told, home=home)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert isinstance(figures, dict)
    return figures


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("town")
    config = quicker_config(folder, town_begins="2022-01-01")
    return _demo(folder / "home", "town", config)


def test_the_town_fills_every_headline_figure(town: dict[str, object]):
    assert set(town) >= KEYS
    assert [name for name in KEYS if town[name] is None] == []


def test_the_roster_of_the_town_breaks_no_rule(town: dict[str, object]):
    assert town["hard_violations"] == 0


def test_the_chosen_method_beats_the_same_week_last_year(town: dict[str, object]):
    chosen, last_year = town["wape"], town["wape_last_year"]
    assert isinstance(chosen, float)
    assert isinstance(last_year, float)
    assert chosen < last_year


def test_letters_lower_the_peak(town: dict[str, object]):
    load = town["peak_load_hours"]
    assert isinstance(load, dict)
    assert load["after"] < load["before"]


def test_the_village_goes_through_the_same_commands_and_repeats_itself(tmp_path: Path):
    config = quicker_config(tmp_path, village_begins="2022-01-01")
    first = _demo(tmp_path / "home", "village", config)
    assert first["hard_violations"] == 0
    _every_act_is_in_the_trail(tmp_path / "home")
    assert _demo(tmp_path / "home", "village", config) == first


def _every_act_is_in_the_trail(home: Path) -> None:
    audit = json.loads(typed("status", "--audit", "--json", home=home).stdout)
    acts = {entry["action"] for entry in audit["last"]}
    assert acts >= {"import", "forecast", "requirement", "roster", "simulate", "export"}


def test_a_demonstration_never_mixes_with_a_towns_own_data(tmp_path: Path):
    home = tmp_path / "home"
    team = Path(__file__).parent / "data" / "invented_team_of_40.csv"
    assert typed("import", str(team), "--source", "people", home=home).returncode == 0
    done = typed("demo", "--town", "village", home=home)
    assert done.returncode == 2
    assert "expected an empty home folder" in done.stderr
    figures = json.loads(typed("status", "--json", home=home).stdout)
    assert figures["rows_imported"] == 40
