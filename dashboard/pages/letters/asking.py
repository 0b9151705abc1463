"""What somebody asked of a mailing week, done once as it stood on the page when pressed.

The page may look otherwise by the time a press is handled: somebody else was first. So a
button keeps what was asked of what stood there, and the page begins with doing it.
"""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from dashboard.pages.view import View

Kind = Literal["success", "warning", "error"]
Said = tuple[Kind, str]
"""What came of it, and in words."""

Deed = Callable[[View], Said]
ASKED, TOLD = "letters_asked", "letters_told"
"""Where a session keeps what was asked, and what came of it."""

ICONS: dict[Kind, str] = {
    "success": ":material/check:",
    "warning": ":material/sync_problem:",
    "error": ":material/error:",
}


def ask(deed: Deed) -> None:
    """Keep what is to be done; it is done with a fresh clock, by who is there then."""
    st.session_state[ASKED] = deed


def carry_out(view: View) -> None:
    """Do what was asked a moment ago, and show the page again.

    Raises:
        RefusedError: who asks may not.
    """
    deed = st.session_state.pop(ASKED, None)
    if deed is not None:
        st.session_state[TOLD] = deed(view)
        st.rerun()


def draw_outcome(*kinds: Kind) -> None:
    """What came of what was asked, once, where it is of one of these kinds.

    What is wrong with a form stands below it, where it was pressed.
    """
    kind, text = st.session_state.get(TOLD, ("", ""))
    if kind in kinds:
        del st.session_state[TOLD]
        say = {"success": st.success, "warning": st.warning, "error": st.error}[kind]
        say(text, icon=ICONS[kind])
