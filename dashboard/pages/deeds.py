"""Whatever a page writes begins here: who acts is asked again, checked and recorded."""

from datetime import datetime

import streamlit as st

from dashboard.pages.view import View
from dashboard.roles import Action, RefusedError, User, require
from forecasting.audit import Deed
from forecasting.workspace import Workspace

SUBJECT = 120


def permit(view: View, action: Action, subject: str = "") -> User:
    """Who acts, as the login says at this moment, where that is allowed.

    Raises:
        RefusedError: it is not; somebody who is known is told of in the audit trail.
    """
    user, now = view.whoami(), view.clock()
    try:
        return require(user, action, now)
    except RefusedError:
        if user is not None:
            about = subject or action.value
            deed = Deed(user.name, now, "refused", about[:SUBJECT], action.value)
            view.workspace.ledger.tell(deed)
        raise


def permit_later(view: View, action: Action, now: datetime) -> User:
    """Whoever a page was drawn for, when something of it is asked for after its run.

    A file that is made when its button is pressed has no page around it to ask anew.

    Raises:
        RefusedError: it was not for them, or their login has ended since.
    """
    return require(view.user, action, now)


def record(view: View, user: User, action: str, subject: str, detail: str = "") -> None:
    """Tell the audit trail what somebody did on a page that leaves no entry by itself."""
    proof = "logged in" if user.verified else "unverified"
    told = f"{proof}; {detail}" if detail else proof
    deed = Deed(user.name, view.clock(), action, subject[:SUBJECT], told)
    view.workspace.ledger.tell(deed)


def acting(view: View, user: User) -> Workspace:
    """The workspace in the hands of somebody: what it records bears that name."""
    own = view.workspace
    settings = own.settings.model_copy(update={"actor": user.name})
    return Workspace(settings, own.lake, own.ledger)


def refused(view: View, error: RefusedError) -> None:
    """Say on the page that something was refused, and what it would take."""
    words = view.words
    roles = words("door.or").join(words(f"role.{role}") for role in error.needed)
    key = "door.refused" if error.needed else "door.refused_ended"
    st.error(words(key, roles=roles), icon=":material/block:")
