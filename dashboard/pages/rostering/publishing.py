"""Publishing a version: the verifier's word, what is told late, and who agreed to it."""

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from dashboard.pages.asking import Said, ask, carry_out, draw_outcome
from dashboard.pages.faults import said_fault
from dashboard.pages.rostering.choosing import Choice
from dashboard.pages.rostering.notice import late_said, show_late
from dashboard.pages.rostering.violations import draw_verdict, verdict
from dashboard.pages.rostering.writing import Asked, publish
from dashboard.pages.view import View, heading
from dashboard.queries import roster_checks
from dashboard.roles import Action
from forecasting.errors import PiekwijzerError
from staffing.pipeline.publishing import OvertakenError
from staffing.publish.notice import LateChange
from staffing.publish.versions import Version, published_version
from staffing.store import labour_rules

PUBLISH = "publish"
"""Where what is asked of a version is kept, and what came of it."""


def draw_publishing(
    view: View, choice: Choice, version: Version, labels: Mapping[str, str]
) -> None:
    """The version shown, ready to be published or with the reason why it is not."""
    words, public = view.words, choice.at.published
    heading(words("publish.title", number=version.number))
    carry_out(view, PUBLISH)
    draw_outcome(view, PUBLISH, "success", "error")
    draw_verdict(view, choice)
    if version.is_published:
        st.info(words("publish.is_public"), icon=":material/campaign:")
        return
    if version.state == "superseded" or (public and public.number > version.number):
        st.info(words("publish.too_old"), icon=":material/info:")
        return
    if not view.may(Action.publish):
        return
    today = view.local(view.now).date()
    late = roster_checks.late(view.workspace, version, today)
    agreed, people = _draw_agreement(view, version, late, labels)
    missing = _missing(view, late, agreed=agreed, people=people, labels=labels)
    broken = any(found.hard for found in verdict(view, choice))
    seen = 0 if public is None else public.number
    st.caption(
        words("publish.instead", number=seen) if seen else words("publish.first")
    )
    asked = Asked(version.week, version.number, seen, agreed, people)
    st.button(
        words("publish.button", number=version.number),
        type="primary",
        disabled=missing or broken,
        key="publish",
        on_click=ask,
        args=(PUBLISH, partial(_publish, asked)),
    )


def _publish(asked: Asked, view: View) -> Said:
    """Publish it as it stood on the page then, or say why not."""
    words = view.words
    try:
        done = publish(view, asked)
    except OvertakenError:
        return "error", _overtaken(view, asked)
    except PiekwijzerError as error:
        return "error", said_fault(words, error)
    return "success", words("publish.done", number=done.version.number)


def _overtaken(view: View, asked: Asked) -> str:
    """Who was first, with which version, and that nothing was changed."""
    words, public = view.words, published_version(view.workspace, asked.week)
    if public is None:
        return words("publish.overtaken_gone")
    return words(
        "publish.overtaken",
        number=public.number,
        by=public.last.by,
        at=words.moment(view.local(public.last.at)),
        seen=asked.instead_of or words("publish.none"),
    )


def _draw_agreement(
    view: View,
    version: Version,
    late: Sequence[LateChange],
    labels: Mapping[str, str],
) -> tuple[bool, tuple[str, ...]]:
    """What the planner says was agreed: otherwise with all, and by whom."""
    words, rules = view.words, labour_rules(view.workspace)
    if not late:
        st.caption(words("late.in_time", days=rules.notice_days))
        return False, ()
    st.warning(
        words(
            "late.late",
            n=len(late),
            people=len({change.person for change in late}),
            ahead=(version.week - view.local(view.now).date()).days,
            days=rules.notice_days,
            hours_days=rules.notice_hours_days,
        ),
        icon=":material/event_busy:",
    )
    with st.expander(words("late.title")):
        show_late(view, late, labels)
    agreed = False
    if any(not change.own for change in late):
        label = words("late.agreed_otherwise", days=rules.notice_days)
        agreed = st.checkbox(label, key=f"otherwise_{version.number}")
    own = sorted({change.person for change in late})
    people = st.multiselect(
        words("late.who_agreed"),
        own,
        format_func=lambda code: f"{labels.get(code, code)} ({code})",
        placeholder=words("late.choose"),
        key=f"agreed_{version.number}",
    )
    return agreed, tuple(people)


def _missing(
    view: View,
    late: Sequence[LateChange],
    *,
    agreed: bool,
    people: Sequence[str],
    labels: Mapping[str, str],
) -> bool:
    """Say whose agreement is missing; whether any is."""
    words = view.words
    open_ones = [change for change in late if change.person not in people]
    own = [change for change in open_ones if change.own]
    if own:
        who = "; ".join(late_said(view, change, labels) for change in own)
        st.caption(words("late.missing_own", who=who))
    together = not agreed and any(not change.own for change in open_ones)
    if together:
        st.caption(words("late.missing_otherwise"))
    return bool(own) or together
