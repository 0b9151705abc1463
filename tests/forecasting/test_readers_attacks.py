"""Names that no file can have, pipes and loops, and a line without an end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from forecasting.errors import InputError
from forecasting.ingest.readers.reading import check_is_file
from tests.forecasting.test_readers import put, read, refused


@pytest.mark.parametrize("name", ["no\0name.csv", "a" * 5000 + ".csv", "\udcff.csv"])
def test_a_name_that_no_file_can_have_is_one_line(tmp_path, name):
    with pytest.raises(InputError) as caught:
        check_is_file(tmp_path / name)
    assert str(caught.value).isprintable()
    assert str(caught.value).encode()


def test_pipes_loops_and_folders_are_no_files(tmp_path):

    os.mkfifo(tmp_path / "pipe.csv")
    assert "found a device" in refused(tmp_path / "pipe.csv")
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    assert "expected a readable file" in refused(tmp_path / "loop.csv")
    (tmp_path / "folder.csv").mkdir()
    assert "found a folder" in refused(tmp_path / "folder.csv")
    good = put(tmp_path, "dag;wachtrij;aantal\n1;2;3\n", "odd\n\x1b[31mname.csv")
    (tmp_path / "link.csv").symlink_to(good)
    assert read(tmp_path / "link.csv", separator=";").height == 1
    assert "\x1b" not in refused(good, separator="|")


def test_a_line_of_200_mb_is_refused_at_once_and_in_little_memory(tmp_path):
    """In a process of its own that may hold 1 GiB in all."""

    file = tmp_path / "long.csv"
    with file.open("wb") as handle:
        handle.write(b"dag;wachtrij;aantal\n")
        for _ in range(200):
            handle.write(b"x;" * 500_000)
    program = (
        "import sys; from pathlib import Path;"
        "from tests.forecasting.test_readers import refused;"
        "print(refused(Path(sys.argv[1]), separator=';'));"
        "print(Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(file)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        check=True,
    )
    line, peak = done.stdout.splitlines()  # the peak in KiB
    assert "line 2: expected lines, came one of more than 1,048,576 bytes" in line
    assert int(peak) < 1 << 20
