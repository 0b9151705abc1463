"""The page about the simulation: what it shows runs."""

import re
import runpy
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "simulation.md"


def test_the_examples_of_the_page_run_and_answer(tmp_path: Path) -> None:
    shown = re.findall(r"^    (.*)$", PAGE.read_text(), flags=re.MULTILINE)
    script = tmp_path / "shown.py"
    script.write_text(
        "\n".join(shown).replace("simulate_network(\n", "town = simulate_network(\n")
    )
    found = runpy.run_path(str(script))
    assert 0 < found["run"].overall.within_share.mean < 1
    assert found["run"].slots.height == 4
    assert found["town"].queues["mail"].answered.sum() > 0
