"""The door: who is outside sees how to come in, or why not; nothing else is drawn."""

from datetime import datetime
from typing import TypeGuard

import streamlit as st

from dashboard.labels.words import Words
from dashboard.login import Login, is_loopback, user_of
from dashboard.pages.view import View
from dashboard.roles import Action, User, allowed, owner
from forecasting.settings import Settings

DOOR_WIDTH = 480
LOOK_S = 15
"""Seconds after the end of a login in which an idle page is taken away."""


def whoami(settings: Settings, login: Login | None) -> User | None:
    """Who sits at the browser, as the server knows it; None for nobody.

    Without logins it is who works on the machine, and only if no other machine can
    reach the server.
    """
    if login is not None:
        return user_of(st.user.to_dict(), login)
    bound = st.get_option("server.address")
    return owner(settings.actor) if bound and is_loopback(bound) else None


def is_inside(user: User | None, now: datetime) -> TypeGuard[User]:
    """Whether somebody may see anything at all."""
    return user is not None and allowed(user, Action.look, now)


def draw_door(user: User | None, words: Words, now: datetime) -> None:
    """The way in for who is outside or, for who has no role, why there is none."""
    with st.container(width=DOOR_WIDTH):
        st.title("Piekwijzer", anchor=False)
        if user is not None and user.is_current(now):
            _draw_refusal(user, words)
        else:
            _draw_login(words, ended=user is not None)


def _draw_login(words: Words, *, ended: bool) -> None:
    if "is_logged_in" not in st.user:  # the server knows no provider
        st.error(words("door.closed"), icon=":material/lock:")
        return
    text = words("door.ended") if ended else words("door.welcome")
    st.info(text, icon=":material/lock:")
    st.button(words("door.log_in"), type="primary", on_click=st.login)


def _draw_refusal(user: User, words: Words) -> None:
    st.error(words("door.no_role"), icon=":material/block:")
    st.text(words("door.you_are", name=user.name))  # a name is no markup
    st.button(words("door.log_out"), on_click=st.logout)


def draw_user(view: View) -> None:
    """Who is logged in, as what, and the way out; nothing where nobody logs in."""
    user, words = view.user, view.words
    if not user.verified:
        return
    roles = ", ".join(words(f"role.{role}") for role in sorted(user.roles))
    st.text(words("door.as", name=user.name, roles=roles))  # a name is no markup
    leave = words("door.log_out")
    st.button(leave, key="log_out", type="tertiary", on_click=st.logout)
    _watch_login(view)


@st.fragment(run_every=LOOK_S)
def _watch_login(view: View) -> None:
    """Take an idle page away when the login ends."""
    user = view.whoami()
    if user is None or not user.is_current(view.clock()):
        st.rerun()
