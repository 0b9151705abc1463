"""Kernels kept on disk: found again, and made anew when what they hold has changed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from numba.core.dispatcher import Dispatcher

from staffing.queueing.compiling import compiled, nested
from tests.test_cli import ROOT

CALLER = """
from staffing.queueing.called import called
from staffing.queueing.compiling import compiled

@compiled
def caller(number: int) -> int:
    return called(number) + 1
"""
CALLED = """
from staffing.queueing.compiling import compiled

MORE = 10

@compiled
def called(number: int) -> int:
    return number + MORE
"""
ASK = """
from staffing.queueing.caller import caller
print(caller(1), sum(caller.stats.cache_hits.values()))
"""


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A room of two kernels of which one calls the other, and of a file that neither asks."""
    room = tmp_path / "staffing" / "queueing"
    room.mkdir(parents=True)
    for name in ("compiling.py", "stamping.py"):
        shutil.copy(ROOT / "staffing" / "queueing" / name, room)
    (room.parent / "__init__.py").touch()
    for name, code in {"caller": CALLER, "called": CALLED, "__init__": ""}.items():
        (room / f"{name}.py").write_text(code, "utf-8")
    return room


def _ask(room: Path, **more: str) -> str:
    """What the kernel answers in a process of its own, and how often it was found."""
    own = {name: text for name, text in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        env={**own, "PYTHONPATH": str(room.parents[1]), **more},
        cwd=room.parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_a_kernel_is_found_again_until_one_that_it_calls_has_changed(room: Path):
    assert _ask(room) == "12 0"
    (room / "elsewhere.py").write_text("OTHER = 1\n", "utf-8")
    assert _ask(room) == "12 1"
    (room / "called.py").write_text(CALLED.replace("10", "20"), "utf-8")
    assert _ask(room) == "22 0"


def test_kernels_are_kept_in_the_folder_that_the_user_names(room: Path, tmp_path: Path):
    kept = tmp_path / "kept"
    assert _ask(room, NUMBA_CACHE_DIR=str(kept)) == "12 0"
    assert list(kept.rglob("*.nbi"))
    assert not list(room.rglob("*.nbi"))


@nested
def _twice(number: int) -> int:
    return 2 * number


@compiled
def _summed(number: int) -> int:
    return _twice(number) + _twice(1) + _twice(-1)


def test_a_kernel_is_compiled_once_for_all_numbers_that_callers_write_out():
    assert _summed(3) == 6
    assert isinstance(_twice, Dispatcher)
    assert len(_twice.signatures) == 1


def test_a_kernel_for_kernels_alone_is_refused_to_others():
    assert _summed(3) == 6
    with pytest.raises(TypeError, match="compiled caller"):
        _twice(3)
