"""Data: what came in, what was refused and why, how fresh it is, what is assumed."""

from datetime import datetime

import streamlit as st

from dashboard import jobs
from dashboard.access import UPLOAD_LIMIT_MB
from dashboard.charts.tables import Cell, Table
from dashboard.labels.rejecting import reject_reason
from dashboard.pages.assumptions import draw_settings
from dashboard.pages.deeds import permit
from dashboard.pages.notes import draw_notes
from dashboard.pages.past_tasks import draw_tasks
from dashboard.pages.tasks import start
from dashboard.pages.trail import draw_trail
from dashboard.pages.view import View, heading, read, show_missing, show_table
from dashboard.queries import chain, imports
from dashboard.roles import Action
from forecasting.records import ImportRecord

SHOWN = 30
TURN = "upload_turn"
"""How many files this browser sent: each has a form of its own, which takes one press."""
UPLOADS = ("csv", "txt", "tsv", "xlsx", "xlsm", "parquet", "jsonl", "ndjson")


def draw(view: View) -> None:
    """Lay out the page."""
    _draw_imports(view)
    left, right = st.columns([1, 1], gap="large")
    with left:
        _draw_upload(view)
    with right:
        draw_tasks(view)
    _draw_rejects(view)
    draw_notes(view)
    _draw_gaps(view)
    _draw_runs(view)
    draw_trail(view)
    draw_settings(view)


def _draw_imports(view: View) -> None:
    words, records = view.words, imports.imports(view.workspace)
    heading(words("data.imports"))
    if not records:
        show_missing(view, "data.empty")
        return
    names = ("file", "source", "kind", "rows", "rejected", "newest", "at")
    heads = [words(f"data.column_{name}") for name in names]
    newest = imports.newest_rows(view.workspace)
    body = [_import_row(view, one, newest.get(one.id)) for one in records[:SHOWN]]
    show_table(
        Table(words("data.imports"), heads, body, frozenset({3, 4}), stacks=True)
    )
    if len(records) > SHOWN:
        st.caption(words("common.more", shown=SHOWN, count=len(records)))


def _import_row(
    view: View, record: ImportRecord, newest: datetime | None
) -> list[str | Cell]:
    words = view.words
    refused = record.rows_rejected
    return [
        record.file,
        record.source,
        words.named("kind", record.kind),
        words.number(record.rows_imported),
        Cell(words.number(refused), tone="near" if refused else "plain"),
        "\u2013" if newest is None else words.day(view.local(newest)),
        words.moment(view.local(record.at)),
    ]


def _draw_upload(view: View) -> None:
    if not view.may(Action.read_in):
        return
    words, known = view.words, imports.sources(view.workspace.settings)
    heading(words("data.upload"))
    if not known:
        show_missing(view, "data.no_sources")
        return
    turn = st.session_state.get(TURN, 0)
    with st.form(f"upload_{turn}"):
        file = st.file_uploader(
            words("data.file"),
            type=list(UPLOADS),
            help=words("data.file_help", mb=UPLOAD_LIMIT_MB),
        )
        source = st.selectbox(
            words("data.source"), known, help=words("data.source_help")
        )
        sent = st.form_submit_button(words("data.import"), type="primary")
    if not sent:
        return
    if file is None or source is None:
        st.warning(words("data.no_file"))
        return
    permit(view, Action.read_in, source)  # before a byte of it is kept
    st.session_state[TURN] = turn + 1  # a second press is on a form that is gone
    home = view.workspace.settings.home
    kept = jobs.keep_upload(home, file.name, file.getvalue())
    start(view, ("import", str(kept.resolve()), "--source", source), upload=kept)


def _draw_rejects(view: View) -> None:
    words = view.words
    heading(words("data.rejects"))
    rows = imports.rejects(view.workspace)
    if rows.is_empty():
        st.caption(words("data.no_rejects"))
        return
    reasons = imports.reject_reasons(rows)
    heads = [
        words(f"data.reject_{n}") for n in ("file", "column", "reason", "rows", "line")
    ]
    body = [
        [
            r["file"],
            r["column"],
            reject_reason(r["reason"], words.language),
            words.number(r["rows"]),
            words.number(r["line"]),
        ]
        for r in reasons.head(SHOWN).to_dicts()
    ]
    show_table(
        Table(words("data.rejects"), heads, body, frozenset({3, 4}), stacks=True)
    )


def _draw_gaps(view: View) -> None:
    words, run = view.words, chain.newest_run(view.workspace, "forecast")
    if run is None:
        return
    heading(words("data.gaps"))
    rows = read(view, imports.gaps, run)
    if rows.is_empty():
        st.caption(words("data.no_gaps"))
        return
    columns = ("first", "last", "periods", "kind", "covered_by", "count", "series")
    heads = [words(f"data.gap_{name}") for name in columns]
    body = [
        [
            words.day(r["first"]),
            words.day(r["last"]),
            words.number(r["periods"]),
            words.named("gap_kind", r["kind"]),
            words.named("gap_cover", r["covered_by"]),
            words.number(r["count"]),
            words.series(r["series"]),
        ]
        for r in rows.head(12).to_dicts()
    ]
    show_table(Table(words("data.gaps"), heads, body, frozenset({2, 5}), stacks=True))
    st.caption(words("data.gaps_note"))


def _draw_runs(view: View) -> None:
    words = view.words
    heading(words("data.runs"))
    runs = view.workspace.ledger.runs()
    if not runs:
        st.caption(words("data.no_runs"))
        return
    heads = [
        words(f"data.run_{n}") for n in ("step", "at", "week", "seed", "policy", "id")
    ]
    body = [
        [
            words.named("step", run.kind),
            words.moment(view.local(run.at)),
            words.week(run.parameters["week"])
            if "week" in run.parameters
            else "\u2013",
            str(run.seed),
            run.config_hash,
            run.id,
        ]
        for run in runs[:SHOWN]
    ]
    show_table(Table(words("data.runs"), heads, body, stacks=True))
