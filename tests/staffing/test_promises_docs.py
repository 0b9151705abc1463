"""The page about promises: what it shows runs."""

import re
import runpy
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "promises.md"


def test_the_example_of_the_page_gives_the_interval_it_tells(tmp_path: Path) -> None:
    shown = re.findall(r"^    (?!piekwijzer)(.*)$", PAGE.read_text(), flags=re.M)
    script = tmp_path / "shown.py"
    script.write_text("\n".join(shown))
    found = runpy.run_path(str(script))["found"]
    assert found.effect > 10
    assert 0.03 < (found.high - found.low) / 2 < 0.07
