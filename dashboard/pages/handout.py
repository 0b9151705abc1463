"""What goes out with a roster: shortfalls with their reason, files, new jobs."""

from collections.abc import Mapping
from datetime import datetime

import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.tasks import start_button
from dashboard.pages.view import View, heading, show_table
from dashboard.queries import roster
from forecasting.records import RunRecord
from staffing.publish.versions import Version

SHORTFALLS_SHOWN = 20


def draw_shortfalls(view: View, run: RunRecord) -> None:
    """Where there are fewer people than required, and why."""
    words, rows = view.words, roster.shortfalls(run)
    heading(words("roster.shortfalls"))
    if not rows:
        st.success(words("roster.no_shortfalls"), icon=":material/check:")
        return
    heads = [
        words(f"roster.shortfall_{n}") for n in ("when", "team", "short", "reason")
    ]
    body = [_shortfall_row(view, row) for row in rows[:SHORTFALLS_SHOWN]]
    show_table(Table(words("roster.shortfalls"), heads, body, frozenset({2})))
    count = roster.shortfall_count(run)
    if count > SHORTFALLS_SHOWN:
        st.caption(words("common.more", shown=SHORTFALLS_SHOWN, count=count))


def _shortfall_row(view: View, row: Mapping[str, object]) -> list[str | Cell]:
    words = view.words
    starts, ends = (_moment(view, row.get(name)) for name in ("start", "end"))
    when = words("missing")
    if starts is not None:
        until = f"\u2013{ends:%H:%M}" if ends is not None else ""
        when = f"{words.short_day(starts)} {starts:%H:%M}{until}"
    team = Cell(
        words.named("skill", str(row.get("skill"))),
        words.named("location", str(row.get("location"))),
    )
    reason = row.get("reason_nl") if words.language == "nl" else None
    people = row.get("short")
    return [
        when,
        team,
        words.number(people) if isinstance(people, int | float) else words("missing"),
        str(reason or row.get("reason") or words("missing")),
    ]


def _moment(view: View, value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    return view.local(datetime.fromisoformat(value))


def draw_exports(view: View, week: str) -> None:
    """Files to download, and jobs that make them or the roster again."""
    words = view.words
    heading(words("roster.exports"))
    for version in roster.standing(view.workspace, week):
        _draw_version(view, version)
    settings = view.workspace.settings
    found = [(f.name, f.read_bytes()) for f in roster.exported(settings, week)]
    packed = roster.calendars(settings, week)
    if packed is not None:
        found.append((f"rooster-{week}-ics.zip", packed))
    if not found:
        st.caption(words("roster.no_exports"))
    columns = st.columns(4)
    for i, (name, content) in enumerate(found):
        with columns[i % 4]:
            _download(view, name, content)
    out = str(view.workspace.settings.exports.resolve())
    export = ("export", "roster", "--week", week, "--out", out, "--format")
    actions = {
        words("roster.export", kind="Excel"): (*export, "xlsx"),
        words("roster.export", kind="CSV"): (*export, "csv"),
        words("roster.export_calendars"): (*export, "ics"),
        words("job.again_roster"): ("roster", "--week", week),
        words("job.start_simulate"): ("simulate", "--week", week),
    }
    for column, (label, action) in zip(st.columns(5), actions.items(), strict=True):
        with column:
            start_button(view, label, action, key=f"start_{action[0]}_{action[-1]}")


def _draw_version(view: View, version: Version) -> None:
    words = view.words
    told = words(
        "roster.version",
        number=version.number,
        state=words(f"roster.state_{version.state}"),
        at=words.moment(view.local(version.last.at)),
        by=version.last.by or words("missing"),
    )
    st.text(told)  # a name is no markup


def _download(view: View, name: str, content: bytes) -> None:
    st.download_button(
        view.words("roster.download", file=name),
        content,
        file_name=name,
        key=f"get_{name}",
        icon=":material/download:",
        on_click="ignore",
    )
