"""Compile a numeric kernel to machine code on its first call, kept on disk after that.

Numba compiles again when the file of a kernel changes, but not when that of a kernel it
calls does. So what is kept has a folder for every state of this room's code.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from numba import config, njit

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def _folder_of_this_code() -> Path:
    room = Path(__file__).parents[1]
    code = hashlib.sha256()
    for file in sorted(room.rglob("*.py")):
        code.update(file.read_bytes())
    return room / "__pycache__" / f"kernels-{code.hexdigest()[:16]}"


if not vars(config)["CACHE_DIR"]:  # the user's own, by NUMBA_CACHE_DIR
    vars(config)["CACHE_DIR"] = str(_folder_of_this_code())


def compiled(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """`numba.njit` with its cache on and the types of the function kept."""
    kernel: Callable[Arguments, Result] = njit(cache=True, error_model="numpy")(
        function
    )
    return kernel


def threadable(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """As `compiled`, and lets other threads run meanwhile."""
    kernel: Callable[Arguments, Result] = njit(
        cache=True, error_model="numpy", nogil=True
    )(function)
    return kernel


def stepping(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """As `compiled`, for a small step that makes no array and keeps none.

    No references to arrays are counted: those atomic counts, two for every array handed
    over, would cost more than most steps themselves. A division by zero is infinite.
    """
    kernel: Callable[Arguments, Result] = njit(  # type: ignore[call-overload]  # no `_nrt`
        cache=True, error_model="numpy", _nrt=False
    )(function)
    return kernel
