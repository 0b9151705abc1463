"""The newest tasks: who started each, what was asked, what it said, how it ended."""

import streamlit as st

from dashboard import jobs
from dashboard.pages.tasks import job_origin, task_name
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
            st.caption(f"piekwijzer {' '.join(_shown(job))}")
            st.code(
                jobs.log(home, job) or words("job.no_words"),
                language=None,
                wrap_lines=True,
            )


def _may_read(view: View, job: jobs.Job) -> bool:
    """Whether the reader may see what was asked and said; it may name people."""
    reads_in = action_of(job.command) is Action.read_in
    return view.may(Action.see_people) or reads_in


def _shown(job: jobs.Job) -> list[str]:
    """The command as a person would type it: the upload by its name only."""
    return [word.rsplit("/", 1)[-1] for word in job.command]
