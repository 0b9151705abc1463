"""The shipped settings with fewer backtests and shorter searches, for whole chains."""

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def quicker_config(
    folder: Path, *, town_begins: str = "2013-01-01", village_begins: str = "2018-01-01"
) -> Path:
    """A copy of `config/` below a folder: two backtests a series, a later first day.

    The search for a roster may end at a gap of 5%, not 0.5.
    """
    config = shutil.copytree(ROOT / "config", folder / "config")
    _replace(config / "forecast.toml", "pipeline_origins = 3", "pipeline_origins = 2")
    _replace(config / "roster.toml", "relative_gap = 0.005", "relative_gap = 0.05")
    reference = config / "reference.toml"
    _replace(reference, "start = 2013-01-01", f"start = {town_begins}")
    _replace(reference, "start = 2018-01-01", f"start = {village_begins}")
    return config


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(old) == 1, f"{file.name}: expected '{old}' once"
    file.write_text(text.replace(old, new), "utf-8")
