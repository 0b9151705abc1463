"""From a file to a forecast on either database: the same run, figures and audit trail."""

from datetime import date
from pathlib import Path

import pytest

from forecasting.keeping import back_up, restore
from forecasting.pipeline import run_forecast
from forecasting.workspace import Workspace
from tests.conftest import Home
from tests.forecasting.small_home import NOW, bring, write_bookings


def _home(new_home: Home, name: str, engine: str) -> Workspace:
    home = new_home(name, engine)
    settings = home.settings.model_copy(update={"executor": "sequential"})
    return Workspace(settings, home.lake, home.ledger)


@pytest.fixture
def bookings(tmp_path: Path) -> Path:
    return write_bookings(tmp_path / "bookings.csv", date(2026, 1, 5), 70)


def test_both_databases_give_the_same_run_and_a_restored_home_goes_on_with_it(
    new_home: Home, bookings: Path, tmp_path: Path
):
    runs = []
    for engine in ("sqlite", "postgresql"):
        home = _home(new_home, engine, engine)
        bring(home, bookings)
        runs.append(run_forecast(home, now=NOW))
        acts = [entry.action for entry in home.ledger.trail()]
        assert acts == ["import", "forecast"]
        assert home.ledger.prove().broken is None
    one, other = runs
    assert one.id == other.id
    assert one.figures == other.figures
    back_up(home, tmp_path / "backup", now=NOW)
    copy = _home(new_home, "copy", "sqlite")
    restore(copy, tmp_path / "backup", now=NOW)
    assert copy.latest("forecast").figures == one.figures
    again = run_forecast(copy, now=NOW)
    assert (again.id, again.figures) == (one.id, one.figures)
    frames = [place.table(again, "forecast").collect() for place in (home, copy)]
    assert frames[0].equals(frames[1])
