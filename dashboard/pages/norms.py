"""Which standard holds: kept with a reason by whoever may, or that of the settings."""

from collections.abc import Mapping

import streamlit as st

from dashboard.pages.deeds import acting, permit
from dashboard.pages.saying import attempt
from dashboard.pages.tasks import start_button
from dashboard.pages.view import View
from dashboard.queries import norms
from dashboard.roles import Action
from forecasting.records import KeptStandardRecord
from staffing.pipeline.keeping_standards import (
    KeptStandard,
    drop_standard,
    keep_standard,
)
from staffing.standards import Standard
from staffing.store import standards

REASON = {"reason": "norms.reason"}
"""What this form calls its field."""


def said(view: View, standard: Standard | KeptStandard | KeptStandardRecord) -> str:
    """A standard in words: a share within a time."""
    share = view.words.share(standard.target)
    return view.words(
        "slots.within", share=share, time=view.words.duration(standard.threshold_s)
    )


def say_changed(view: View, worked: Standard, now: Standard) -> None:
    """That the requirement on the page is of before the standard changed, and the remedy."""
    if norms.is_same(worked, now):
        return
    words = view.words
    text = words("norms.changed", now=said(view, now), worked=said(view, worked))
    st.warning(text, icon=":material/update:")
    label = words("job.start_requirement")
    start_button(view, label, ("requirement",), key="requirement_for_norm")


def draw_keeping(view: View, skill: str, chosen: Mapping[str, float]) -> None:
    """What holds now and, for who may, the way to let the chosen share and time hold."""
    words, kept = view.words, norms.kept(view.workspace, skill)
    now = standards(view.workspace).skill[skill]
    st.markdown(f"**{words('norms.title')}**")
    st.text(_in_force(view, now, kept))  # a reason is no markup
    if not view.may(Action.set_standard):
        st.caption(words("norms.who"))
        return
    wish = now.model_copy(
        update={name: chosen[name] for name in ("target", "threshold_s")}
    )
    if norms.is_same(wish, now):
        st.caption(words("norms.move"))
    else:
        _draw_form(view, skill, wish, kept)
    if kept is not None:
        _draw_back(view, kept)


def _in_force(view: View, now: Standard, kept: KeptStandardRecord | None) -> str:
    words = view.words
    if kept is None:
        return words("norms.of_settings", norm=said(view, now))
    return words(
        "norms.of_somebody",
        norm=said(view, kept),
        by=kept.by,
        day=words.day(view.local(kept.at).date()),
        reason=kept.reason,
    )


def _draw_form(
    view: View, skill: str, wish: Standard, kept: KeptStandardRecord | None
) -> None:
    words, seen = view.words, _seen(skill, kept)
    with st.form(f"norm_{skill}", border=False):
        reason = st.text_input(
            words("norms.reason"), help=words("norms.reason_help"), key=f"why_{skill}"
        )
        label = words("norms.keep", norm=said(view, wish))
        pressed = st.form_submit_button(label, key=f"keep_{skill}", type="primary")
    if pressed and attempt(
        view, lambda: _keep(view, skill, wish, reason, seen), REASON
    ):
        st.rerun()


def _seen(skill: str, kept: KeptStandardRecord | None) -> int | None:
    """The number of what stood on the page when a button was pressed."""
    key, now = f"norm_seen_{skill}", None if kept is None else kept.id
    before: int | None = st.session_state.get(key, now)
    st.session_state[key] = now
    return before


def _keep(
    view: View, skill: str, wish: Standard, reason: str, seen: int | None
) -> None:
    user = permit(view, Action.set_standard, skill)
    kept = KeptStandard(skill, wish.target, wish.threshold_s, reason)
    keep_standard(acting(view, user), kept, seen=seen, now=view.clock())


def _draw_back(view: View, kept: KeptStandardRecord) -> None:
    pressed = st.button(view.words("norms.back"), key=f"drop_{kept.skill}")
    if pressed and attempt(view, lambda: _drop(view, kept)):
        st.rerun()


def _drop(view: View, kept: KeptStandardRecord) -> None:
    user = permit(view, Action.set_standard, kept.skill)
    drop_standard(acting(view, user), kept.skill, seen=kept.id, now=view.clock())
