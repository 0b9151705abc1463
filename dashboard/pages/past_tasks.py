"""The newest tasks: who started each, what was asked, what it said, how it ended."""

from collections.abc import Sequence

import streamlit as st

from dashboard import jobs
from dashboard.jobs.telling import ERROR
from dashboard.labels.answering import answer_in_words
from dashboard.labels.words import Words
from dashboard.pages.tasks import job_origin, said_at_end, task_name
from dashboard.pages.view import View, heading
from dashboard.roles import Action, action_of

SHOWN = 8


def draw_tasks(view: View) -> None:
    """A line per task, to be folded open."""
    words, home = view.words, view.workspace.settings.home
    heading(words("data.jobs"))
    found = jobs.listed(home)[:SHOWN]
    if not found:
        st.caption(words("data.no_jobs"))
    for job in found:
        title = f"{task_name(view, job)} \u00b7 {words(f'job.state_{job.state}')}"
        with st.expander(title):
            st.text(job_origin(view, job))  # a name is no markup
            if not _may_read(view, job):
                continue
            _draw_said(view, job)
            st.caption(f"piekwijzer {' '.join(_shown(job))}")


def _draw_said(view: View, job: jobs.Job) -> None:
    """What a job said in the reader's words; what is not known there, as it came."""
    words, log = view.words, jobs.log(view.workspace.settings.home, job)
    if job.state in {"failed", "lost"}:
        st.text(said_at_end(view, job))
        lines = [line for line in log.splitlines() if not line.startswith(ERROR)]
        _draw_left(words, lines)
        return
    said = answer_in_words(log, words)
    if said.told or not said.left:
        st.text("\n".join(said.told) or words("job.no_words"))
    _draw_left(words, said.left)


def _draw_left(words: Words, lines: Sequence[str]) -> None:
    """Lines of the program that no words are known for."""
    if lines:
        st.caption(words("job.in_english"))
        st.code("\n".join(lines), language=None, wrap_lines=True)


def _may_read(view: View, job: jobs.Job) -> bool:
    """Whether the reader may see what was asked and said; it may name people."""
    reads_in = action_of(job.command) is Action.read_in
    return view.may(Action.see_people) or reads_in


def _shown(job: jobs.Job) -> list[str]:
    """The command as a person would type it: the upload by its name only."""
    return [word.rsplit("/", 1)[-1] for word in job.command]
