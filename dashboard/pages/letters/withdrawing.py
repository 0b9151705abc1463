"""Withdrawal of a batch that was not sent, as it was looked at, with a reason."""

from functools import partial

import streamlit as st

from dashboard.pages.asking import Said, ask, draw_outcome
from dashboard.pages.deeds import acting, permit
from dashboard.pages.faults import said_fault
from dashboard.pages.letters import LETTERS
from dashboard.pages.view import View
from dashboard.roles import Action
from forecasting.errors import InputError, MissingStepError, OvertakenError
from staffing.pipeline.withdrawing import LONGEST_REASON, Seen, withdraw_batch
from staffing.reminders.batches.stored import Batch

FIELDS = {
    "reason": "withdrawal.reason",
    "by": "withdrawal.name",
}
"""What this form calls the options of the command."""


def draw_withdrawal(view: View, batch: Batch) -> None:
    """What it means and, for who may, the form: why, and that nothing went out."""
    words = view.words
    if not view.may(Action.approve):
        st.caption(words("withdrawal.who"))
        return
    with st.expander(words("withdrawal.title"), key=f"withdrawal_{batch.name}"):
        st.markdown(words("withdrawal.means"))
        if batch.content is not None:
            st.markdown(words("withdrawal.means_handed_out"))
        with st.form(f"withdraw_{batch.name}", border=False, width=560):
            _draw_fields(view, batch)
            st.form_submit_button(
                words("withdrawal.button"), key="withdraw", on_click=_ask, args=(batch,)
            )
        draw_outcome(view, LETTERS, "error")


def _draw_fields(view: View, batch: Batch) -> None:
    words, key = view.words, partial(_key, batch)
    label = words("withdrawal.reason")
    st.text_input(
        label,
        max_chars=LONGEST_REASON,
        help=words("withdrawal.reason_help"),
        key=key("reason"),
    )
    if batch.content is not None:
        st.checkbox(words("withdrawal.not_sent"), key=key("not_sent"))
    if not view.user.verified:
        name = words("withdrawal.name")
        st.text_input(name, view.user.name, key=key("name"), max_chars=100)
        st.caption(words("withdrawal.unverified"))


def _key(batch: Batch, field: str) -> str:
    return f"withdraw_{field}_{batch.name}"


def _ask(batch: Batch) -> None:
    """Keep what was filled in, of the batch as it stood on the page."""
    reason, not_sent, name = (
        st.session_state.get(_key(batch, field))
        for field in ("reason", "not_sent", "name")
    )
    typed = str(name or ""), str(reason or "")
    ask(LETTERS, lambda view: _withdraw(view, batch, typed, not_sent=bool(not_sent)))


def _withdraw(
    view: View, batch: Batch, typed: tuple[str, str], *, not_sent: bool
) -> Said:
    words, (name, reason) = view.words, typed
    user = permit(view, Action.approve, f"batch {batch.name}")
    if not user.verified and not name.strip():
        return "error", words("withdrawal.no_name")
    try:
        withdraw_batch(
            acting(view, user),
            week=batch.mailing_week,
            now=view.clock(),
            reason=reason,
            by=user.name if user.verified else name,
            verified=user.verified,
            not_sent=not_sent,
            seen=Seen(batch.name, batch.state),
        )
    except OvertakenError as error:
        at = words.moment(view.local(error.at))
        return "warning", words("withdrawal.overtaken", by=error.by, at=at)
    except (InputError, MissingStepError) as error:
        return "error", said_fault(words, error, FIELDS)
    return "success", words("withdrawal.done", week=words.week(batch.mailing_week))
