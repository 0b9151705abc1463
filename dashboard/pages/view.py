"""What every page gets, and how it asks, remembers and shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

import plotly.graph_objects as go
import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard.charts.tables import Table
from dashboard.charts.template import CONFIG
from dashboard.labels.words import Words
from dashboard.pages.memory import remembered
from dashboard.queries.chain import aware
from forecasting.calendar import Calendar, monday
from forecasting.records import RunRecord
from forecasting.workspace import Workspace

P = ParamSpec("P")
T = TypeVar("T")
ALL = ""


@dataclass(frozen=True)
class View:
    """One look at a home folder: its workspace, the reader's words, the time.

    `today` is the day a planner plans from: the town's own, for an invented town whose
    history ends on a fixed day.
    """

    workspace: Workspace
    words: Words
    now: datetime
    today: date
    calendar: Calendar
    pages: Mapping[str, StreamlitPage]

    @property
    def this_week(self) -> date:
        """Monday of the week to plan from: in a weekend, of the week to come."""
        return monday(self.today + timedelta(days=2))

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
    """Ask a query about a run, once: a run never changes, so its answer is kept."""
    name = (query.__module__, query.__qualname__)
    key = (*name, str(args), str(sorted(kwargs.items())), *whose(view, run))
    return remembered(key, lambda: query(view.workspace, run, *args, **kwargs))


def whose(view: View, run: RunRecord) -> tuple[str, str, str]:
    """What tells a run from that of another home, or from one made again."""
    home = str(view.workspace.settings.home.resolve())
    return home, run.id, run.at.isoformat()


def current(name: str, options: Sequence[str], default: str) -> str:
    """The choice in force: from a new address, this page, an earlier page, the default.

    An address that names an unknown option is passed over.
    """
    url, written = st.query_params.get(name), st.session_state.get(f"written_{name}")
    chosen = st.session_state.get(f"choice_{name}")
    kept = st.session_state.get(f"kept_{name}")
    offered = (url if url != written else None, chosen, kept, default)
    value = next((v for v in offered if v is not None and v in options), options[0])
    st.session_state[f"choice_{name}"] = value
    return value


def keep(name: str, value: str, default: str) -> None:
    """Write a choice in the address; carry it to other pages unless it is the default."""
    st.session_state[f"written_{name}"] = value
    st.session_state[f"kept_{name}"] = None if value == default else value
    if value == ALL:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != value:
        st.query_params[name] = value


def turn_to(page: str) -> None:
    """Forget the choices of the page that was left; what is kept comes along."""
    if st.session_state.get("page") == page:
        return
    st.session_state["page"] = page
    left = [str(key) for key in st.session_state if str(key).startswith("choice_")]
    for key in left:
        if key != "choice_lang":
            del st.session_state[key]


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
    """The figures behind a chart, folded away."""
    with st.expander(view.words("common.data")):
        show_table(table)


def show_missing(view: View, key: str, **values: object) -> None:
    """An empty state: what is missing and what to do about it."""
    st.info(view.words(key, **values), icon=":material/info:")


def link(view: View, page: str, label: str, **params: str) -> None:
    """A link to another page that carries choices along."""
    lang = {"lang": view.words.language}
    st.page_link(view.pages[page], label=label, query_params={**lang, **params})
