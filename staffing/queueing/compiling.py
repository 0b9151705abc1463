"""Compile a numeric kernel to machine code on its first call, kept on disk after that."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from numba import config, njit
from numba.core.compiler import CompileResult
from numba.core.dispatcher import Dispatcher
from numba.core.types import Type, unliteral

from staffing.queueing.stamping import LOCATORS

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

vars(config)["CACHE_LOCATOR_CLASSES"] = ",".join(
    f"{each.__module__}.{each.__name__}" for each in LOCATORS
)


def compiled(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """`numba.njit` with its cache on and the types of the function kept."""
    return _once(_compiler(function))


def threadable(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """As `compiled`, and lets other threads run meanwhile."""
    return _once(_compiler(function, nogil=True))


def nested(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """As `compiled`, for kernels alone to call.

    There is no way in from Python: for a table of many arrays that takes longer to
    compile than the kernel itself.
    """
    return _inward(_compiler(function, no_cpython_wrapper=True))


def stepping(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """As `nested`, for a small step that makes no array and keeps none.

    No references to arrays are counted: those atomic counts, two for every array handed
    over, would cost more than most steps themselves. A division by zero is infinite.
    """
    return _inward(_compiler(function, no_cpython_wrapper=True, _nrt=False))


def _compiler(
    function: Callable[Arguments, Result], **options: bool
) -> Callable[Arguments, Result]:
    kernel: Callable[Arguments, Result] = njit(  # type: ignore[call-overload]  # not all options are told
        cache=True, error_model="numpy", no_cfunc_wrapper=True, **options
    )(function)
    return kernel


def _once(kernel: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """The kernel, compiled once for all whole numbers.

    Numba would compile it anew for each number that a compiled caller writes out.
    """
    if not isinstance(kernel, Dispatcher):  # NUMBA_DISABLE_JIT
        return kernel
    for_types = kernel.get_call_template

    def for_any_number(
        args: tuple[Type, ...], kws: dict[str, Type]
    ) -> tuple[object, ...]:
        plain = {name: _of_any_number(each) for name, each in kws.items()}
        found: tuple[object, ...] = for_types(tuple(map(_of_any_number, args)), plain)
        return found

    vars(kernel)["get_call_template"] = for_any_number
    return kernel


def _of_any_number(told: Type) -> Type:
    plain: Type = unliteral(told)  # type: ignore[no-untyped-call]  # Numba's own lacks types
    return plain


def _inward(kernel: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """The kernel, refused to callers that are not compiled; they would end the process."""

    def refuse(*_: object, **__: object) -> None:
        raise TypeError("expected a compiled caller of a kernel for kernels alone")

    def keep(found: CompileResult) -> None:
        kept[tuple(found.signature.args)] = found  # type: ignore[attr-defined]  # as above

    if isinstance(kernel, Dispatcher):
        kept = kernel.overloads
        vars(kernel).update(_compile_for_args=refuse, add_overload=keep)
    return _once(kernel)
