"""A note as typed is kept, or one is withdrawn, by whoever acts at that moment.

A note that somebody else changed meanwhile is not changed: the page says who was first,
and what was typed stays in the form.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from dashboard.pages.deeds import acting, permit
from dashboard.pages.faults import SaidError, said_fault
from dashboard.pages.view import View
from dashboard.roles import Action
from forecasting.errors import InputError, OvertakenError
from forecasting.notes import NOTES, Exclusion
from forecasting.planner import add, change, withdraw

DONE = "note_done"


@dataclass(frozen=True)
class Form:
    """A form: which kind of note, which number (empty: a new one), what it starts from.

    `place` tells its fields from those of another form.
    """

    kind: str
    number: str
    row: Mapping[str, str]
    place: str


def keep_note(view: View, form: Form, fields: Mapping[str, object]) -> None:
    """Keep what stands in the fields, under the name of whoever acts now.

    Raises:
        RefusedError: they may make no notes.
        InputError: a field is empty or out of its range.
        OvertakenError: somebody changed the note meanwhile.
    """
    user = permit(view, Action.note, form.kind)
    if None in fields.values():
        raise SaidError(view.words("notes.incomplete"))
    note: Exclusion = NOTES[form.kind](**fields)  # type: ignore[arg-type]  # it checks itself
    workspace, now = acting(view, user), view.clock()
    if form.number:
        change(workspace, int(form.number), note, now=now)
    else:
        add(workspace, note, now=now)


def withdraw_note(view: View, form: Form) -> None:
    """Let the note of a form hold no longer, under the name of whoever acts now.

    Raises:
        RefusedError: they may withdraw none.
        OvertakenError: somebody changed or withdrew it meanwhile.
    """
    user = permit(view, Action.note, f"{form.kind} {form.number}")
    withdraw(acting(view, user), form.kind, int(form.number), now=view.clock())


def tell(view: View, kind: str, write: Callable[[], None]) -> None:
    """Write, and show the page as it stands then; or say why nothing was written."""
    try:
        write()
    except OvertakenError as error:
        at = view.words.moment(view.local(error.at))
        text = view.words("notes.overtaken", by=error.by, at=at)
        st.warning(text, icon=":material/sync_problem:")
    except InputError as error:
        st.error(said_fault(view.words, error), icon=":material/error:")
    else:
        st.session_state[DONE] = kind
        st.rerun()
