"""Starting long work from a page, and seeing how it goes."""

from pathlib import Path

import streamlit as st

from dashboard import jobs
from dashboard.pages.view import View
from forecasting.errors import InputError

TWO_WORDS = {"reminders_export"}
"""Tasks that the second word of their command tells from others of the first."""


def task_name(view: View, job: jobs.Job) -> str:
    """What a job does, in words, with the week it is about."""
    words = view.words
    plain = "_".join(job.command[:2]) in TWO_WORDS
    name = words.named("task", "_".join(job.command[: 1 + plain]))
    week = next((word for word in job.command if "-W" in word), None)
    return f"{name} {words.week(week)}" if week else name


def start_button(view: View, label: str, command: tuple[str, ...], *, key: str) -> None:
    """A button that starts a command as a job of its own."""
    busy = any(job.command == command for job in jobs.running(_home(view)))
    text = view.words("job.busy_button") if busy else label
    if st.button(text, key=key, disabled=busy):
        start(view, command)


def start(view: View, command: tuple[str, ...]) -> None:
    """Start a command and show the page again, with the job on it."""
    try:
        jobs.start(view.workspace.settings, command, now=view.now)
    except InputError:
        st.toast(view.words("job.already"))
        return
    st.rerun()


def show_running(view: View) -> None:
    """A line per job at work, kept up to date; the page is shown again at the end."""
    active = jobs.running(_home(view))
    if active:
        _watch(view, tuple(job.id for job in active))
    else:
        _say_failure(view)


@st.fragment(run_every=2)
def _watch(view: View, ids: tuple[str, ...]) -> None:
    active = jobs.running(_home(view))
    if tuple(job.id for job in active) != ids:
        st.rerun()
    for job in active:
        st.info(
            view.words("job.running", task=task_name(view, job)),
            icon=":material/hourglass_top:",
        )


def _say_failure(view: View) -> None:
    """The newest job, when it went wrong: its error in words."""
    newest = next(iter(jobs.listed(_home(view))), None)
    if newest is None or newest.state not in {"failed", "lost"}:
        return
    said = jobs.last_words(_home(view), newest) or view.words("job.no_words")
    key = f"job.{newest.state}"
    st.error(
        view.words(key, task=task_name(view, newest), error=said),
        icon=":material/error:",
    )


def _home(view: View) -> Path:
    return view.workspace.settings.home
