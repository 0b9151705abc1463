"""Long work as a process of its own, that outlives the browser tab and the server.

A job is a folder `HOME/jobs/ID`: `state.json`, replaced in one step, `log.txt`, what the
command tells of its progress, and a wish to stop it. A runner process (`python -m
dashboard.jobs.runner FOLDER`) holds a lock on the folder while its command runs, so a
reader can tell a running job from one that was cut short.
"""

from dashboard.jobs.records import Job, State, listed, running
from dashboard.jobs.starting import keep_upload, start
from dashboard.jobs.stopping import cancel
from dashboard.jobs.telling import last_words, log, progress

__all__ = [
    "Job",
    "State",
    "cancel",
    "keep_upload",
    "last_words",
    "listed",
    "log",
    "progress",
    "running",
    "start",
]
