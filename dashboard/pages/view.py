"""What every page gets, and how it asks, remembers and shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Concatenate, ParamSpec, TypeVar

import plotly.graph_objects as go
import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard.charts.tables import Table
from dashboard.charts.template import CONFIG
from dashboard.labels.words import Words
from dashboard.pages.address import ALL, current, keep
from dashboard.pages.memory import remembered
from dashboard.queries.chain import aware
from dashboard.queries.people import is_about_people
from dashboard.queries.planning_day import planning_week
from dashboard.roles import Action, User, allowed, require
from forecasting.calendar import Calendar
from forecasting.records import RunRecord
from forecasting.workspace import Workspace

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class View:
    """One look at a home folder: its workspace, the reader's words, the time.

    `today` is the day a planner plans from: the town's own, for an invented town whose
    history ends on a fixed day. `user` is who this look is for; `whoami` asks again who
    that is, and `clock` what time it is, when something is about to be written.
    """

    workspace: Workspace
    words: Words
    now: datetime
    today: date
    calendar: Calendar
    pages: Mapping[str, StreamlitPage]
    user: User
    whoami: Callable[[], User | None]
    clock: Callable[[], datetime]

    def may(self, action: Action) -> bool:
        """Whether the reader may do this; what may not be done is not offered."""
        return allowed(self.user, action, self.clock())

    @property
    def this_week(self) -> date:
        """Monday of the week to plan from: in a weekend, of the week to come."""
        return planning_week(self.today)

    @property
    def zone(self) -> str:
        """The town's time zone."""
        return self.calendar.zone

    def local(self, at: datetime) -> datetime:
        """A stored time on the town's clock."""
        return aware(at).astimezone(self.calendar.tz)


def read(
    view: View,
    query: Callable[Concatenate[Workspace, RunRecord, P], T],
    run: RunRecord,
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Ask a query about a run, once: a run never changes, so its answer is kept.

    Raises:
        RefusedError: the query is about people, and the reader may see totals only.
    """
    if is_about_people(query):
        require(view.user, Action.see_people, view.clock())
    name = (query.__module__, query.__qualname__)
    key = (*name, str(args), str(sorted(kwargs.items())), *whose(view, run))
    return remembered(key, lambda: query(view.workspace, run, *args, **kwargs))


def whose(view: View, run: RunRecord) -> tuple[str, str, str]:
    """What tells a run from that of another home, or from one made again."""
    home = str(view.workspace.settings.home.resolve())
    return home, run.id, run.at.isoformat()


def choose(
    name: str,
    options: Sequence[str],
    *,
    label: str,
    say: Callable[[str], str],
    default: str | None = None,
    all_label: str | None = None,
) -> str | None:
    """A select box whose choice stands in the address; None when all are meant."""
    offered = list(options) if all_label is None else [ALL, *options]
    if not offered:
        return None
    usual = default if default is not None else offered[0]
    current(name, offered, usual)
    value = st.selectbox(
        label,
        offered,
        key=f"choice_{name}",
        format_func=lambda v: all_label if v == ALL and all_label else say(v),
    )
    keep(name, value, usual)
    return value or None


def switch(
    name: str,
    options: Sequence[str],
    *,
    label: str,
    say: Callable[[str], str],
    default: str | None = None,
    hidden: bool = False,
) -> str:
    """A row of buttons of which one is chosen; the choice stands in the address."""
    current(name, options, default or options[0])
    value = st.segmented_control(
        label,
        list(options),
        key=f"choice_{name}",
        format_func=say,
        required=True,
        label_visibility="collapsed" if hidden else "visible",
    )
    chosen = value if value is not None else options[0]
    keep(name, chosen, default or options[0])
    return chosen


def heading(text: str) -> None:
    """The heading of a part of a page."""
    st.header(text, anchor=False)


def show_chart(figure: go.Figure, *, alt: str, key: str) -> None:
    """A figure with its text alternative, without tools that distract."""
    st.plotly_chart(figure, theme=None, alt=alt, key=key, config=dict(CONFIG))
    st.caption(alt)


def show_table(table: Table) -> None:
    """A table of ours."""
    st.html(table.html())


def show_data(view: View, table: Table) -> None:
    """The figures behind a chart, folded away and sent once they are asked for."""
    name = f"data_{table.caption}"
    with st.expander(view.words("common.data"), key=name, on_change="rerun") as part:
        if part.open:
            show_table(table)


def show_missing(view: View, key: str, **values: object) -> None:
    """An empty state: what is missing and what to do about it."""
    st.info(view.words(key, **values), icon=":material/info:")


def link(view: View, page: str, label: str, **params: str) -> None:
    """A link to another page that carries choices along; plain text to a closed one."""
    if view.pages[page].visibility == "hidden":
        st.markdown(label)
        return
    lang = {"lang": view.words.language}
    st.page_link(view.pages[page], label=label, query_params={**lang, **params})
