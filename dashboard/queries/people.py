"""Marks queries whose answers tell who works when: not every reader may see those."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
MARKED: set[tuple[str, str]] = set()


def about_people(query: Callable[P, T]) -> Callable[P, T]:
    """Mark a query as one about individuals."""
    MARKED.add((query.__module__, query.__qualname__))
    return query


def is_about_people(query: Callable[..., object]) -> bool:
    """Whether a query was marked so."""
    return (query.__module__, query.__qualname__) in MARKED
