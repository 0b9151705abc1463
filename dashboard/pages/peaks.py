"""Peaks and reminders: where work exceeds capacity, and which letters flatten it."""

from collections.abc import Callable

from dashboard.pages.asking import carry_out
from dashboard.pages.letters import LETTERS
from dashboard.pages.letters.again import PLAN
from dashboard.pages.letters.cohorts import draw_letters
from dashboard.pages.letters.did import draw_did
from dashboard.pages.letters.gains import draw_gains
from dashboard.pages.letters.named import draw_peaks
from dashboard.pages.letters.quick import draw_quick
from dashboard.pages.letters.reply import draw_reply
from dashboard.pages.letters.sending import draw_sending
from dashboard.pages.letters.smoothing import draw_cards, draw_smoothing
from dashboard.pages.letters.verdict import draw_verdict
from dashboard.pages.letters.whereabouts import draw_whereabouts
from dashboard.pages.tasks import start_button
from dashboard.pages.view import View, show_missing, switch
from dashboard.queries import chain
from dashboard.roles import Action
from forecasting.records import RunRecord

Part = Callable[[View, RunRecord], None]


def draw(view: View) -> None:
    """Lay out the page: without a plan what there is, else one part of it at a time."""
    carry_out(view, LETTERS)
    run = chain.newest_run(view.workspace, "reminders")
    if run is None:
        _draw_without(view)
        return
    draw_verdict(view, run)
    draw_cards(view, run)
    records = view.may(Action.see_records)
    show = switch(
        "show",
        [part for part in PARTS if part != SEND or records],
        label=view.words("peaks.show"),
        say=lambda part: view.words(f"peaks.show_{part}"),
        hidden=True,
    )
    PARTS[show](view, run)


def _draw_without(view: View) -> None:
    show_missing(view, "peaks.empty")
    start_button(view, view.words("job.start_reminders"), PLAN, key="reminders")
    if view.may(Action.see_records):
        show_missing(view, "batches.empty")
    draw_did(view)
    draw_reply(view)
    draw_peaks(view)


def _draw_weeks(view: View, run: RunRecord) -> None:
    draw_smoothing(view, run)
    draw_gains(view, run)
    draw_peaks(view)


def _draw_letters(view: View, run: RunRecord) -> None:
    draw_letters(view, run)
    draw_whereabouts(view, run)


def _draw_learned(view: View, _run: RunRecord) -> None:
    draw_did(view)
    draw_reply(view)


SEND = "send"
PARTS: dict[str, Part] = {
    "weeks": _draw_weeks,
    "letters": _draw_letters,
    "choices": draw_quick,
    SEND: draw_sending,
    "learned": _draw_learned,
}
"""The parts of the page by the name that stands in the address."""
