"""Compile a numeric kernel to machine code on its first call, kept on disk after that."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from numba import njit

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def compiled(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """`numba.njit` with its cache on and the types of the function kept."""
    kernel: Callable[Arguments, Result] = njit(cache=True)(function)
    return kernel


def threadable(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """As `compiled`, and lets other threads run meanwhile."""
    kernel: Callable[Arguments, Result] = njit(cache=True, nogil=True)(function)
    return kernel


def inlined(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """As `compiled`, made part of what calls it.

    A call costs two atomic counts of references for every array handed over, which is
    more than most small steps of a simulation themselves.
    """
    kernel: Callable[Arguments, Result] = njit(cache=True, inline="always")(function)
    return kernel
