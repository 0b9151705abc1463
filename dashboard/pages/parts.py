"""Parts of a page that run again by themselves, and ask each time whether they still may."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

import streamlit as st

from dashboard.pages.deeds import refused
from dashboard.pages.view import View
from dashboard.roles import Action, RefusedError

P = ParamSpec("P")
Draw = Callable[Concatenate[View, P], None]


def part(every: float | None = None) -> Callable[[Draw[P]], Draw[P]]:
    """Mark what draws a part; `every` so many seconds it runs without being touched.

    Streamlit runs it without the page around it, so without the door of that page.
    """

    def mark(draw: Draw[P]) -> Draw[P]:
        @st.fragment(run_every=every)
        @wraps(draw)
        def run(view: View, /, *args: P.args, **kwargs: P.kwargs) -> None:
            if not view.may(Action.look):
                st.rerun()
            try:
                draw(view, *args, **kwargs)
            except RefusedError as error:
                refused(view, error)

        return run

    return mark
