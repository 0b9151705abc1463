"""A forecast of somebody else from a file: looked at first, then read in."""

import polars as pl
import streamlit as st

from dashboard import jobs
from dashboard.access import UPLOAD_LIMIT_MB
from dashboard.charts.tables import Cell, Table
from dashboard.labels.rejecting import reject_reason
from dashboard.pages.deeds import permit
from dashboard.pages.differing import difference, statement_of
from dashboard.pages.faults import said_fault
from dashboard.pages.parts import part
from dashboard.pages.tasks import start
from dashboard.pages.view import View, show_table
from dashboard.queries import offered
from dashboard.queries.offered import Offered
from dashboard.roles import Action
from forecasting.errors import PiekwijzerError
from forecasting.records import RunRecord

UPLOADS = ("csv", "txt", "xlsx", "parquet", "jsonl")
TURN = "offered_turn"
SHOWN = 12


@part()
def draw_offering(view: View, run: RunRecord) -> None:
    """Choose a file and its source; see its rows beside ours; read it in."""
    words, known = view.words, offered.sources(view.workspace.settings)
    turn = st.session_state.get(TURN, 0)
    source = st.selectbox(
        words("data.source"),
        list(known),
        format_func=lambda name: words.named("offered_source", name),
        key="offered_source",
    )
    st.caption(words(f"offered.{source}_says") if source in KNOWN else known[source])
    file = st.file_uploader(
        words("data.file"),
        type=list(UPLOADS),
        help=words("data.file_help", mb=UPLOAD_LIMIT_MB),
        key=f"offered_{turn}",
    )
    if file is None:
        return
    try:
        found = offered.check(view.workspace, run, file.name, file.getvalue(), source)
    except PiekwijzerError as error:
        st.error(said_fault(words, error), icon=":material/error:")
        return
    _draw_found(view, found)
    if found.said.is_empty():
        st.warning(words("offered.nothing"), icon=":material/warning:")
        return
    agreed = found.refused.is_empty() or st.checkbox(
        words.many("offered.skip", found.refused.height), key=f"offered_skip_{turn}"
    )
    if st.button(
        words("data.import"), type="primary", key=f"offer_{turn}", disabled=not agreed
    ):
        read_in(view, file.name, file.getvalue(), source)


KNOWN = {"rvig_outlook", "own_outlook"}
"""Sources whose columns the labels tell of; another is called as its mapping says."""


def read_in(view: View, name: str, content: bytes, source: str) -> None:
    """Start an import of a file that was looked at, without its refused lines.

    Raises:
        RefusedError: who asks may read nothing in.
    """
    permit(view, Action.read_in, source)  # before a byte of it is kept
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    kept = jobs.keep_upload(view.workspace.settings.home, name, content)
    seen = ("--max-rejects", "100%")  # each refused line was shown
    command = ("import", str(kept.resolve()), "--source", source, *seen)
    start(view, command, upload=kept)


def _draw_found(view: View, found: Offered) -> None:
    """How many rows of which months, those that are refused and why, and ours beside."""
    words, said = view.words, found.said
    text = words.many("offered.rows", found.read, good=words.number(said.height))
    if not said.is_empty():
        first, last = said["first"].min(), said["last"].max()
        span = (words.month_of(day) for day in (first, last))  # type: ignore[arg-type]  # dates of a table
        text += words("offered.months", first=next(span), last=next(span))
    st.markdown(text)
    if not found.refused.is_empty():
        _draw_refused(view, found.refused)
    if not said.is_empty():
        _draw_beside(view, found.beside)


def _draw_refused(view: View, refused: pl.DataFrame) -> None:
    words = view.words
    body = [
        [words.number(line), _in_words(view, problem)]
        for line, problem in refused.head(SHOWN).iter_rows()
    ]
    heads = [words("offered.line"), words("data.reject_reason")]
    show_table(Table(words("data.rejects"), heads, body))
    if refused.height > SHOWN:
        st.caption(words("common.more", shown=SHOWN, count=refused.height))


def _in_words(view: View, problem: str) -> str:
    """A column and its reason, told as `column: reason`."""
    column, _, reason = problem.partition(": ")
    return f"{column}: {reject_reason(reason, view.words.language)}"


def _draw_beside(view: View, beside: pl.DataFrame) -> None:
    words = view.words
    body: list[list[str | Cell]] = [
        [
            statement_of(view, row),
            words.number(row["said"]),
            words.number(row["ours"]),
            difference(view, row["said"], row["ours"]),
            words.named("outside_next", row["state"].replace(" ", "_")),
        ]
        for row in beside.head(SHOWN).to_dicts()
    ]
    names = ("about", "said", "ours", "difference", "then")
    heads = [words(f"others.{name}") for name in names]
    show_table(Table(words("offered.beside"), heads, body, frozenset({1, 2, 3})))
    if beside.height > SHOWN:
        st.caption(words("common.more", shown=SHOWN, count=beside.height))
