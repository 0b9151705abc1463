"""The web pages: what `streamlit run` gets. Reads what the chain stored, starts jobs."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard.charts.tables import STYLE
from dashboard.labels.words import LANGUAGES, Language, Words
from dashboard.login import Login, read_login
from dashboard.pages import (
    agenda,
    board,
    data,
    demand,
    overview,
    peaks,
    promises,
    requirement,
    roster,
)
from dashboard.pages.address import current, listen, turn_to
from dashboard.pages.deeds import refused
from dashboard.pages.door import draw_door, draw_user, is_inside, whoami
from dashboard.pages.faults import said_fault
from dashboard.pages.tasks import show_running
from dashboard.pages.view import View, switch
from dashboard.queries.imports import synthetic_day, synthetic_note
from dashboard.queries.planning_day import planning_day
from dashboard.roles import Action, RefusedError, User, require
from forecasting.errors import PiekwijzerError
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.store import calendar, catalogue

PAGES: dict[str, tuple[Callable[[View], None], str]] = {
    "overview": (overview.draw, ":material/dashboard:"),
    "board": (board.draw, ":material/dashboard_customize:"),
    "demand": (demand.draw, ":material/show_chart:"),
    "peaks": (peaks.draw, ":material/mail:"),
    "requirement": (requirement.draw, ":material/groups:"),
    "agenda": (agenda.draw, ":material/event_available:"),
    "roster": (roster.draw, ":material/calendar_month:"),
    "promises": (promises.draw, ":material/handshake:"),
    "data": (data.draw, ":material/database:"),
}
FIRST, ROOT = "overview", "root"
"""The page at the address /, which Streamlit wants a path for that no other has."""

# What it takes to see a page, where that is more than to look.
NEEDED = {"data": Action.see_records}
ICON = Path(__file__).parents[1] / "pages" / "icon.svg"
SPOKEN = {"nl": "Nederlands", "en": "English"}


def main() -> None:
    """Show the page that was asked for, in the reader's language."""
    st.set_page_config(page_title="Piekwijzer", page_icon=str(ICON), layout="wide")
    st.html(STYLE)
    listen()
    language = _language()
    plain = Words(language)
    try:
        settings = Settings()
        login = read_login(settings)
        user = whoami(settings, login)
        if not is_inside(user, _clock()):
            _stay_outside(user, plain)
            return
        view = _view(_open_workspace(settings), language, user, login)
    except PiekwijzerError as error:
        said = plain("app.broken", error=said_fault(plain, error))
        st.error(said, icon=":material/error:")
        return
    page = _chosen(view)
    turn_to(page.url_path)
    _draw_header(view, page)
    show_running(view)
    page.run()


def _chosen(view: View) -> StreamlitPage:
    """The page of the address; /overview goes to the first page, whose address is /."""
    first = view.pages[FIRST]
    by_name = st.Page(
        lambda: None, title=first.title, url_path=FIRST, visibility="hidden"
    )
    page = st.navigation([*view.pages.values(), by_name], position="top")
    if page is by_name:
        st.switch_page(first, query_params=st.query_params.to_dict())
    return page


def _language() -> Language:
    chosen = current("lang", LANGUAGES, "nl")
    return next(language for language in LANGUAGES if language == chosen)


@st.cache_resource(show_spinner=False)
def _open_workspace(settings: Settings) -> Workspace:
    return Workspace.open(settings)


def _stay_outside(user: User | None, words: Words) -> None:
    """The door at every address of ours, without the menu of the pages."""

    def draw() -> None:
        draw_door(user, words, _clock())

    doors = [
        st.Page(draw, title="Piekwijzer", url_path=key, default=key == FIRST)
        for key in PAGES
    ]
    st.navigation(doors, position="hidden").run()


def _clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the edge of the room, as the command line


def _view(
    workspace: Workspace, language: Language, user: User, login: Login | None
) -> View:
    names = {
        service.id: service.name_nl if language == "nl" else service.name_en
        for service in catalogue(workspace).service
    }
    words = Words(language, names)
    now = _clock()
    town = calendar(workspace)
    pages: dict[str, StreamlitPage] = {}
    today = planning_day(workspace, now)
    ask = partial(whoami, workspace.settings, login)
    view = View(workspace, words, now, today, town, pages, user, ask, _clock)
    for key, (draw, icon) in PAGES.items():
        pages[key] = st.Page(
            _guarded(view, draw, _needed(key)),
            title=words(f"pages.{key}"),
            icon=icon,
            url_path=ROOT if key == FIRST else key,
            default=key == FIRST,
            visibility="visible" if view.may(_needed(key)) else "hidden",
        )
    return view


def _needed(page: str) -> Action:
    return NEEDED.get(page, Action.look)


def _guarded(
    view: View, draw: Callable[[View], None], needed: Action
) -> Callable[[], None]:
    """Draw a page for who may see it; what can be mended is said in one clear line."""

    def run() -> None:
        try:
            require(view.user, needed, view.clock())
            draw(view)
        except RefusedError as error:
            refused(view, error)
        except PiekwijzerError as error:
            st.error(said_fault(view.words, error), icon=":material/error:")

    return run


def _draw_header(view: View, page: StreamlitPage) -> None:
    words = view.words
    key = next(name for name, known in view.pages.items() if known is page)
    left, right = st.columns([5, 2], vertical_alignment="top")
    with left, st.container(gap="xsmall"):
        st.title(page.title, anchor=False)
        st.caption(words(f"pages.{key}_says"))
        if synthetic_note(view.workspace.settings.home):
            known = synthetic_day(view.workspace) is not None
            day = words("app.synthetic_day", day=words.day(view.today)) if known else ""
            st.caption(f"{words('app.synthetic')} {day}")
    with right, st.container(horizontal_alignment="right"):
        label = words("app.language")
        switch("lang", LANGUAGES, label=label, say=SPOKEN.__getitem__, hidden=True)
        draw_user(view)


if __name__ == "__main__":
    main()
