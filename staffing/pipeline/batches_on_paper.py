"""What approved batches still put on paper, by week: the print room and budget have less."""

from collections import defaultdict
from datetime import date, timedelta

from sqlalchemy import select

from forecasting.records import BatchCountRecord, BatchRecord
from forecasting.workspace import Workspace
from staffing.reminders.batches.tables import HELD_OUT
from staffing.reminders.paper import on_paper
from staffing.reminders.response import Response

WEEK = timedelta(weeks=1)


def paper_due(workspace: Workspace, response: Response) -> dict[date, float]:
    """Letters on paper per week (a Monday) of all batches that stand.

    Those sent as such, and those expected to follow messages that nobody read.
    """
    due: defaultdict[date, float] = defaultdict(float)
    for channel, mailing, expiry, messages in _messages(workspace):
        if channel not in response.channel:
            due[mailing] += messages
            continue
        told = [((expiry - mailing) // WEEK, messages)]
        own, later = on_paper(told, response, channel)
        due[mailing] += own
        due[mailing + response.weeks_until_letter(channel) * WEEK] += later
    return {week: letters for week, letters in sorted(due.items()) if letters}


def _messages(workspace: Workspace) -> list[tuple[str, date, date, int]]:
    """Channel, mailing week, week of expiry and number of what batches send."""
    of = BatchCountRecord
    batch = BatchRecord
    query = (
        select(batch.channel, batch.mailing_week, of.expiry_week, of.count)
        .join(batch, batch.name == of.batch)
        .where(of.arm != HELD_OUT, ~batch.withdrawn)
    )
    with workspace.ledger.reading() as session:
        rows = session.execute(query)
        return [(how, mailing, expiry, int(n)) for how, mailing, expiry, n in rows]
