"""Writing from a page, and saying in one clear line why nothing was written."""

from collections.abc import Callable, Mapping

import streamlit as st

from dashboard.pages.faults import said_fault
from dashboard.pages.view import View
from forecasting.errors import InputError, OvertakenError


def attempt(
    view: View, write: Callable[[], None], fields: Mapping[str, str] | None = None
) -> bool:
    """Write; whether that was done. What was typed stays in the form where it was not.

    `fields` are labels of fields that this form calls otherwise than others do.

    Raises:
        RefusedError: who asks may not.
    """
    try:
        write()
    except OvertakenError as error:
        at = view.words.moment(view.local(error.at))
        text = view.words("app.overtaken", by=error.by, at=at)
        st.warning(text, icon=":material/sync_problem:")
    except InputError as error:
        st.error(said_fault(view.words, error, fields), icon=":material/error:")
    else:
        return True
    return False
