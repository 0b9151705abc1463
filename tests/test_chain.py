"""The main job, end to end, by the front door: a town's exports in, roster and letters out.

The town here is as large as the one of `make demo`, and half as old: its history begins in
2020, so that its day forecasts need half the time.
"""

import json
import shutil
from pathlib import Path

import pytest

from tests.test_cli import KEYS, ROOT, piekwijzer

TOWN_BEGINS = "start = 2013-01-01"


def _demo(home: Path, town: str, *options: str) -> dict[str, object]:
    done = piekwijzer(*options, "demo", "--town", town, "--json", home=home)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert isinstance(figures, dict)
    return figures


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("town")
    config = shutil.copytree(ROOT / "config", folder / "config")
    reference = config / "reference.toml"
    text = reference.read_text("utf-8")
    assert text.count(TOWN_BEGINS) == 1
    reference.write_text(text.replace(TOWN_BEGINS, "start = 2020-01-01"), "utf-8")
    return _demo(folder / "home", "town", "--config", str(config))


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
    first = _demo(tmp_path / "home", "village")
    assert first["hard_violations"] == 0
    _every_act_is_in_the_trail(tmp_path / "home")
    assert _demo(tmp_path / "home", "village") == first


def _every_act_is_in_the_trail(home: Path) -> None:
    audit = json.loads(piekwijzer("status", "--audit", "--json", home=home).stdout)
    acts = {entry["action"] for entry in audit["last"]}
    assert acts >= {"import", "forecast", "requirement", "roster", "simulate", "export"}


def test_a_demonstration_never_mixes_with_a_towns_own_data(tmp_path: Path):
    home = tmp_path / "home"
    team = Path(__file__).parent / "data" / "invented_team_of_40.csv"
    assert (
        piekwijzer("import", str(team), "--source", "people", home=home).returncode == 0
    )
    done = piekwijzer("demo", "--town", "village", home=home)
    assert done.returncode == 2
    assert "expected an empty home folder" in done.stderr
    figures = json.loads(piekwijzer("status", "--json", home=home).stdout)
    assert figures["rows_imported"] == 40
