"""Compile a numeric kernel to machine code on its first call, kept on disk after that."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from numba import config, njit

from staffing.queueing.stamping import LOCATORS

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

vars(config)["CACHE_LOCATOR_CLASSES"] = ",".join(
    f"{each.__module__}.{each.__name__}" for each in LOCATORS
)


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
