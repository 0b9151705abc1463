"""Choices that stand in the address, so that a link repeats them."""

from collections.abc import Sequence

import streamlit as st

ALL = ""
CARRIED = ("location", "service", "week")
"""What a link keeps on every page, also on one that offers no choice of it."""
OF_A_PAGE = ("show",)
"""What every page has its own of: the choice on one says nothing of that on another."""
LONGEST = 64


def listen() -> None:
    """Note whether this run came of a choice that was turned on the page.

    The browser tells its address with each. Who turns two quickly tells with the second
    an address from before the first: it is old then, not new. Call it before any choice.
    """
    choices = {
        str(key).removeprefix("choice_"): value
        for key, value in st.session_state.items()
        if str(key).startswith("choice_")
    }
    st.session_state["turned"] = any(
        st.session_state.get(f"written_{_memory(name)}", value) != value
        for name, value in choices.items()
    )


def current(name: str, options: Sequence[str], default: str) -> str:
    """The choice in force: from a new address, this page, an earlier page, the default.

    An address that names an unknown option is passed over.
    """
    written = st.session_state.get(f"written_{_memory(name)}")
    told = st.query_params.get(name)
    url = None if told == written or st.session_state.get("turned") else told
    chosen = st.session_state.get(f"choice_{name}")
    kept = st.session_state.get(f"kept_{_memory(name)}")
    offered = (url, chosen, kept, default)
    value = next((v for v in offered if v is not None and v in options), options[0])
    if chosen != value:  # what is set anew takes away what is being turned meanwhile
        st.session_state[f"choice_{name}"] = value
    return value


def keep(name: str, value: str, default: str) -> None:
    """Write a choice in the address; carry it to other pages unless it is the default."""
    st.session_state[f"written_{_memory(name)}"] = value
    st.session_state[f"kept_{_memory(name)}"] = None if value == default else value
    if value == ALL:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != value:
        st.query_params[name] = value


def belongs(name: str, to: str) -> None:
    """Forget a choice that was made of something else, such as a version of another week.

    What a new address names is no such choice, and stays.
    """
    before = st.session_state.get(f"{name}_of", to)
    st.session_state[f"{name}_of"] = to
    if before == to:
        return
    if st.query_params.get(name) == st.session_state.get(f"written_{name}"):
        st.query_params.pop(name, None)
    for memory in ("choice", "kept"):
        st.session_state.pop(f"{memory}_{name}", None)


def turn_to(page: str) -> None:
    """Forget the choices of the page that was left; what is kept comes along."""
    if st.session_state.get("page") == page:
        return
    st.session_state["page"] = page
    left = [str(key) for key in st.session_state if str(key).startswith("choice_")]
    for key in left:
        if key != "choice_lang":
            del st.session_state[key]
    for name in CARRIED:
        _carry(name)


def carried(name: str) -> str | None:
    """What is kept of a choice that this page may not offer itself."""
    kept: str | None = st.session_state.get(f"kept_{name}")
    return kept


def _carry(name: str) -> None:
    """Keep what a link names, and write what is kept where the link does not name it.

    A page that offers the choice decides after this whether it knows the value.
    """
    named, kept = st.query_params.get(name), st.session_state.get(f"kept_{name}")
    if named:
        st.session_state[f"kept_{name}"] = named[:LONGEST]
    elif kept:
        st.query_params[name] = kept


def _memory(name: str) -> str:
    """What a choice is remembered by: those of a page with the name of that page."""
    page = st.session_state.get("page")
    return f"{name}_{page}" if name in OF_A_PAGE else name
