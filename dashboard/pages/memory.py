"""Answers that are kept: what was asked of a run stays true, for a run never changes."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

T = TypeVar("T")


def remembered(key: tuple[str, ...], ask: Callable[[], T]) -> T:
    """What `ask` answers, asked once for a key."""
    kept: list[T] = _remember(key, lambda: [ask()])
    return kept[0]


@st.cache_data(max_entries=300, show_spinner=False)
def _remember(key: tuple[str, ...], _ask: Callable[[], list[T]]) -> list[T]:
    return _ask()
