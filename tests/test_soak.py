"""Long proofs, not run by default: `make soak`."""

import json
from pathlib import Path

import pytest

from tests.test_cli import piekwijzer


@pytest.mark.soak
@pytest.mark.parametrize("town", ["town", "village"])
@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_other_towns_go_through_the_whole_chain_too(
    town: str, seed: int, tmp_path: Path
):
    done = piekwijzer(
        "demo", "--town", town, "--seed", str(seed), "--json", home=tmp_path / "home"
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["hard_violations"] == 0
    assert figures["rows_rejected"] == 0
    assert figures["wape"] < figures["wape_last_year"]
    if town == "town":  # the village has no registry export, so no letters
        load = figures["peak_load_hours"]
        assert load["after"] <= load["before"]
