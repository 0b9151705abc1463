"""How far a command is, told in lines and read back."""

from pathlib import Path

import pytest

from forecasting.progress import VARIABLE, Progress, read_progress, told


def test_the_last_whole_line_counts(tmp_path: Path):
    """Who reads while a line is being written sees the one before."""
    file = tmp_path / "progress.tsv"
    tell = told("Fore\tcasting", {VARIABLE: str(file)})
    tell(1, 4)
    tell(2, 4)
    with file.open("a", encoding="utf-8") as lines:
        lines.write("3\t")
    assert read_progress(file) == Progress(2, 4, "Fore casting")


def test_nobody_is_told_where_no_file_is_named(tmp_path: Path):
    """A command that nobody watches writes nothing."""
    told("Forecasting", {})(1, 2)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_went_does_not_stop_the_command(tmp_path: Path):
    """Progress is no reason to fail."""
    told("Forecasting", {VARIABLE: str(tmp_path / "gone" / "file")})(1, 2)


@pytest.mark.parametrize("text", ["", "half", "a\t2\tx\n", "-1\t2\tx\n", "1\t2\n"])
def test_what_is_no_line_of_progress_is_none(tmp_path: Path, text: str):
    """A damaged file shows no progress rather than a wrong one."""
    file = tmp_path / "progress.tsv"
    file.write_text(text, "utf-8")
    assert read_progress(file) is None


def test_a_share_stays_between_nothing_and_all():
    """A total of none is nothing done; more than all is all."""
    shares = [Progress(*numbers, "").share for numbers in ((0, 0), (1, 4), (9, 4))]
    assert shares == [0.0, 0.25, 1.0]


def test_a_long_file_is_read_from_its_end(tmp_path: Path):
    """However many lines came before, the last one is found."""
    file = tmp_path / "progress.tsv"
    tell = told("Reading", {VARIABLE: str(file)})
    for done in range(2000):
        tell(done, 2000)
    assert read_progress(file) == Progress(1999, 2000, "Reading")
