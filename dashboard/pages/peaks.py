"""Peaks and reminders: where work exceeds capacity, and which letters flatten it."""

from dashboard.pages.letters.approving import draw_approval
from dashboard.pages.letters.batches import draw_batches
from dashboard.pages.letters.cohorts import draw_letters
from dashboard.pages.letters.did import draw_did
from dashboard.pages.letters.gains import draw_gains
from dashboard.pages.letters.named import draw_peaks
from dashboard.pages.letters.quick import draw_quick
from dashboard.pages.letters.reply import draw_reply
from dashboard.pages.letters.smoothing import draw_cards, draw_smoothing
from dashboard.pages.letters.verdict import draw_verdict
from dashboard.pages.letters.whereabouts import draw_whereabouts
from dashboard.pages.tasks import start_button
from dashboard.pages.view import View, show_missing
from dashboard.queries import chain
from forecasting.records import RunRecord

PLAN = ("reminders", "plan")


def draw(view: View) -> None:
    """Lay out the page."""
    run = chain.newest_run(view.workspace, "reminders")
    if run is None:
        show_missing(view, "peaks.empty")
        start_button(view, view.words("job.start_reminders"), PLAN, key="reminders")
    else:
        _draw_plan(view, run)
    draw_batches(view)
    draw_approval(view, run)
    draw_did(view)
    draw_reply(view)
    draw_peaks(view)


def _draw_plan(view: View, run: RunRecord) -> None:
    draw_verdict(view, run)
    draw_cards(view, run)
    draw_smoothing(view, run)
    draw_gains(view, run)
    draw_letters(view, run)
    draw_whereabouts(view, run)
    draw_quick(view, run)
    start_button(view, view.words("job.again_reminders"), PLAN, key="reminders")
