"""What somebody asked by a press, done once as it stood on the page when pressed.

The page may look otherwise by the time a press is handled: somebody else was first. So a
button keeps what was asked of what stood there, and the page begins with doing it.

What came of it is told until it could be read. A page is drawn anew also when a task ends
or another press follows: what is told in one drawing only may be gone before it is seen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import streamlit as st

from dashboard.pages.view import View

Kind = Literal["success", "warning", "error"]
Said = tuple[Kind, str]
"""What came of it, and in words."""

Deed = Callable[[View], Said]
READ = timedelta(seconds=5)
"""How long it is told at least, however often the page is drawn in between."""

ICONS: dict[Kind, str] = {
    "success": ":material/check:",
    "warning": ":material/sync_problem:",
    "error": ":material/error:",
}


@dataclass
class Told:
    """What came of a press, and the drawings of a page that told it: first and last."""

    said: Said | None = None
    first: datetime | None = None
    last: datetime | None = None


def ask(place: str, deed: Deed) -> None:
    """Keep what is to be done at a place; by who is there then, with a fresh clock."""
    st.session_state[_asked(place)] = deed
    st.session_state.pop(_told(place), None)


def carry_out(view: View, place: str) -> None:
    """Do what was asked there a moment ago, and show the page again.

    Another press stops this run where it touches the session: so not between the deed,
    which draws nothing, and keeping what came of it.

    Raises:
        RefusedError: who asks may not.
    """
    deed: Deed | None = st.session_state.get(_asked(place))
    if deed is not None:
        told = st.session_state[_told(place)] = Told()
        del st.session_state[_asked(place)]
        told.said = deed(view)
        st.rerun()


def draw_outcome(view: View, place: str, *kinds: Kind) -> None:
    """What came of what was asked there, where it is of one of these kinds.

    Once in a drawing: what is wrong with a form stands below it, where it was pressed.
    """
    told: Told | None = st.session_state.get(_told(place))
    if told is None or told.said is None or told.last == view.now:
        return
    kind, text = told.said
    if kind not in kinds:
        return
    told.first, told.last = told.first or view.now, view.now
    if view.now - told.first >= READ:
        del st.session_state[_told(place)]
        return
    say = {"success": st.success, "warning": st.warning, "error": st.error}[kind]
    say(text, icon=ICONS[kind])


def _asked(place: str) -> str:
    return f"{place}_asked"


def _told(place: str) -> str:
    return f"{place}_told"
