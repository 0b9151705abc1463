"""Parts of a page that run again by themselves, and ask each time whether they still may."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

import streamlit as st

from dashboard.pages.deeds import refused
from dashboard.pages.faults import said_fault
from dashboard.pages.view import View
from dashboard.roles import Action, RefusedError
from forecasting.errors import PiekwijzerError

P = ParamSpec("P")
Draw = Callable[Concatenate[View, P], None]


def part(every: float | None = None) -> Callable[[Draw[P]], Draw[P]]:
    """Mark what draws a part; `every` so many seconds it runs without being touched.

    Streamlit runs it without the page around it, so without the door of that page, and
    without what says there in one line what is wrong.
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
            except PiekwijzerError as error:
                st.error(said_fault(view.words, error), icon=":material/error:")

        return run

    return mark
