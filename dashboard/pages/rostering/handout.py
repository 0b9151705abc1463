"""What goes out of a roster: publishing it, files to take along, its versions."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.rostering.choosing import Choice
from dashboard.pages.rostering.making import draw_making
from dashboard.pages.rostering.publishing import draw_publishing
from dashboard.pages.rostering.writing import hand_out
from dashboard.pages.view import View, heading, read, show_missing, show_table
from dashboard.queries import chain, roster_checks
from dashboard.queries.roster_versions import replanned_from, run_of
from dashboard.roles import Action
from staffing.publish.exporting import RosterFormat
from staffing.publish.versions import Version

KINDS: tuple[RosterFormat, ...] = ("xlsx", "csv", "ics")


def draw_release(view: View, choice: Choice) -> None:
    """Publish, hand out, look back, and make again."""
    version = choice.at.version
    if version is None:
        show_missing(view, "edit.unversioned")
    else:
        run = choice.at.run
        team = read(view, roster_checks.team, run, version.number)
        labels = dict(team.select("code", "label").rows())
        draw_publishing(view, choice, version, labels)
        if view.may(Action.hand_out):
            _draw_downloads(view, choice, version, labels)
        _draw_versions(view, choice)
    draw_making(view, choice.week)


def _draw_downloads(
    view: View, choice: Choice, version: Version, labels: Mapping[str, str]
) -> None:
    words = view.words
    heading(words("handout.title"))
    if not version.is_published:
        st.caption(words("handout.draft"))
    person = st.selectbox(
        words("handout.person"),
        ["", *labels],
        format_func=lambda code: (
            f"{labels[code]} ({code})" if code else words("handout.everybody")
        ),
        key="handout_person",
    )
    for column, kind in zip(st.columns(len(KINDS)), KINDS, strict=True):
        with column:
            _download(view, choice.week, version.number, kind, person or None)


def _download(
    view: View, week: str, number: int, kind: RosterFormat, person: str | None
) -> None:
    """A button whose file is made, and told to the audit trail, when it is pressed."""
    words = view.words
    several = person is None and kind != "csv"
    tail = f"-{person}" if person else ""
    suffix = f"-{kind}.zip" if several else f".{kind}"
    st.download_button(
        words(f"handout.{kind}_one" if person else f"handout.{kind}"),
        partial(_content, view, week, number, kind, person),
        file_name=f"rooster-{week}{tail}{suffix}",
        key=f"get_{kind}",
        icon=":material/download:",
        on_click="ignore",
    )


def _content(
    view: View, week: str, number: int, kind: RosterFormat, person: str | None
) -> bytes:
    return hand_out(view, week, number, kind, person, view.clock())


def _draw_versions(view: View, choice: Choice) -> None:
    words = view.words
    heading(words("version.title"))
    names = ("number", "state", "at", "by", "how", "hours", "short", "gap")
    heads = [words(f"version.{name}") for name in names]
    body = [_version_row(view, one) for one in reversed(choice.at.versions)]
    show_table(
        Table(words("version.title"), heads, body, frozenset({5, 6, 7}), stacks=True)
    )
    st.caption(words("version.note"))


def _version_row(view: View, version: Version) -> list[str | Cell]:
    words, run = view.words, run_of(view.workspace, version)
    before = None if run is None else replanned_from(run)
    how = words("version.made")
    if before is not None:
        how = words("version.replanned", number=before)
    late = len(version.last.people) or ""
    agreed = words("version.agreed", n=late) if late else ""
    return [
        words.number(version.number),
        Cell(words(f"roster.short_{version.state}"), agreed),
        words.moment(view.local(version.last.at)),
        version.last.by or words("missing"),
        how,
        words.hours(chain.figure(run, "rostered_hours")),
        words.number(chain.figure(run, "shortfall_count")),
        words.share(chain.figure(run, "gap"), 1),
    ]
