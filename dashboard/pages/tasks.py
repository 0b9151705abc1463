"""Starting long work from a page, seeing how it goes, and ending it."""

from datetime import datetime
from pathlib import Path

import streamlit as st

from dashboard import jobs
from dashboard.labels.erring import error_in_words
from dashboard.pages.deeds import permit, record
from dashboard.pages.faults import as_text
from dashboard.pages.parts import part
from dashboard.pages.view import View
from dashboard.roles import Action, action_of
from forecasting.errors import InputError

TWO_WORDS = {"reminders_export"}
"""Tasks that the second word of their command tells from others of the first."""
SEEN = "job_put_away"
"""Where a session keeps the job whose end its reader knows of."""


def task_name(view: View, job: jobs.Job) -> str:
    """What a job does, in words, with the week it is about."""
    words = view.words
    plain = "_".join(job.command[:2]) in TWO_WORDS
    name = words.named("task", "_".join(job.command[: 1 + plain]))
    week = next((word for word in job.command if "-W" in word), None)
    return f"{name} {words.week(week)}" if week else name


def start_button(view: View, label: str, command: tuple[str, ...], *, key: str) -> None:
    """A button that starts a command as a job; only for who may give that command."""
    if not view.may(action_of(command)):
        return
    busy = any(job.command == command for job in jobs.running(_home(view)))
    text = view.words("job.busy_button") if busy else label
    if st.button(text, key=key, disabled=busy):
        start(view, command)


def start(view: View, command: tuple[str, ...], upload: Path | None = None) -> None:
    """Start a command and show the page again, with the job on it.

    Raises:
        RefusedError: who asks may not give this command, or is not logged in any more.
    """
    user = permit(view, action_of(command), command[0])
    settings, now = view.workspace.settings, view.clock()
    try:
        job = jobs.start(settings, command, now=now, by=user.name, upload=upload)
    except InputError:
        st.toast(view.words("job.already"))
        return
    record(view, user, "start", job.id, command[0])
    st.rerun()


def cancel(view: View, job: jobs.Job) -> None:
    """End a job for whoever asks, if that is allowed.

    Raises:
        RefusedError: it is not.
    """
    user = permit(view, Action.cancel, job.id)
    jobs.cancel(_home(view), job, by=user.name)
    record(view, user, "cancel", job.id, job.command[0])


def show_running(view: View) -> None:
    """A line per job at work, kept up to date; the page is shown again at the end."""
    active = jobs.running(_home(view))
    if active:
        _watch(view, tuple(job.id for job in active))
    else:
        _say_end(view)


@part(every=2)
def _watch(view: View, ids: tuple[str, ...]) -> None:
    active = jobs.running(_home(view))
    if tuple(job.id for job in active) != ids:
        st.rerun()
    for job in active:
        _draw_job(view, job)


def _draw_job(view: View, job: jobs.Job) -> None:
    words, told = view.words, jobs.progress(_home(view), job)
    text = words("job.running", task=task_name(view, job))
    with st.container(border=True, gap="xsmall"):
        line, button = st.columns([5, 1], vertical_alignment="center")
        with line:
            st.markdown(f":material/hourglass_top: {text}")
            st.text(job_origin(view, job))  # a name is no markup
        if told is not None:
            phase = words.named("phase", told.label.lower())
            of = words("job.progress", phase=phase, share=words.share(told.share))
            st.progress(told.share, text=of)
        if view.may(Action.cancel):
            with button:
                _cancel_button(view, job)


def job_origin(view: View, job: jobs.Job) -> str:
    """Who started a job, when, and how long it has been, or was, at work."""
    began = datetime.fromisoformat(job.started)
    end = datetime.fromisoformat(job.finished) if job.finished else view.clock()
    minutes = int((end - began).total_seconds() // 60)
    at = f"{view.local(began):%H:%M}"
    return view.words("job.by", name=job.by, at=at, minutes=minutes)


def _cancel_button(view: View, job: jobs.Job) -> None:
    key = f"cancel_{job.id}"
    if st.button(view.words("job.cancel"), key=key, icon=":material/stop_circle:"):
        cancel(view, job)
        st.toast(view.words("job.cancelling"))


def _say_end(view: View) -> None:
    """The newest job, when it went wrong or was ended, until its reader puts it away."""
    words, newest = view.words, next(iter(jobs.listed(_home(view))), None)
    if newest is None or newest.state in {"running", "done"}:
        return
    if not view.may(Action.see_records):  # only who can do something about it
        return
    if st.session_state.get(SEEN) != newest.id:
        line, button = st.columns([6, 1], vertical_alignment="center")
        with line:
            _draw_end(view, newest)
        with button:
            st.button(words("job.seen"), key="job_seen", on_click=_see, args=(newest,))


def _see(job: jobs.Job) -> None:
    st.session_state[SEEN] = job.id


def _draw_end(view: View, newest: jobs.Job) -> None:
    words = view.words
    task = task_name(view, newest)
    if newest.state == "cancelled":
        said = words("job.cancelled", task=task, name=newest.stopped_by)
        st.text(said)  # a name is no markup
        return
    key = f"job.{newest.state}"
    told = words(key, task=task, error=as_text(said_at_end(view, newest)))
    st.error(told, icon=":material/error:")


def said_at_end(view: View, job: jobs.Job) -> str:
    """The error or last line of a job that did not get to its end, in words."""
    if job.status is not None and job.status < 0:  # by a signal: it had no last word
        return view.words("job.killed")
    said = jobs.last_words(_home(view), job)
    return error_in_words(said, view.words) or view.words("job.no_words")


def _home(view: View) -> Path:
    return view.workspace.settings.home
