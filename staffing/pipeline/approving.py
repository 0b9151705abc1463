"""Approve the letters of a mailing week: a second person lets a plan become a batch."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forecasting.calendar import monday, week_name
from forecasting.errors import InputError, OvertakenError, PolicyError
from forecasting.records import BatchRecord, BatchStepRecord, RunRecord
from forecasting.workspace import Workspace
from staffing import store
from staffing.pipeline.drafting_batch import Draft, draft_batch, newest_plan
from staffing.pipeline.second_person import maker_but, person
from staffing.reminders.batches.stored import (
    APPROVED,
    MADE,
    Batch,
    BatchStep,
    batch_of,
)
from staffing.reminders.batches.storing import add_step, put_counts, tell


class ApprovedAlreadyError(InputError):
    """The week has a batch: `by` approved it `at` that moment, from the plan of a `run`."""

    def __init__(self, batch: BatchRecord, step: BatchStepRecord) -> None:
        self.by, self.at, self.run = step.by, step.at, batch.run
        super().__init__(f"batch {batch.name} was approved already by {step.by}")


def approve_batch(
    workspace: Workspace,
    *,
    week: date,
    now: datetime,
    by: str | None = None,
    verified: bool = False,
    seen: str | None = None,
) -> Batch:
    """Approve the letters that the newest plan sends in the week of a Monday.

    The batch is named by its week and never changes; it can be withdrawn. From now on
    the forecast reckons with its letters.

    Args:
        workspace: the home.
        week: the Monday of the mailing week.
        now: the moment.
        by: who approves; the actor of the settings unless said otherwise.
        verified: whether a login stands behind that name. Then `by` is what the login
            gave, never typed, and the caller has checked that it may approve.
        seen: the plan that was looked at, by the id of its run; any other is refused.

    Raises:
        MissingStepError: no plan was made.
        OvertakenError: another plan was made since.
        ApprovedAlreadyError: the week has a batch.
        InputError: no letters go in that week, it is past, or whoever approves made the plan or is not logged in where logins are kept.
        PolicyError: the draw of the hold-out differs from that of earlier batches.
    """
    who = person(workspace, by, verified=verified)
    run = _plan(workspace, seen)
    draft = draft_batch(workspace, run, week)
    refuse_past(workspace, week, now)
    maker = maker_but(workspace, run, who)
    _refuse_few(draft)
    record = BatchRecord(
        mailing_week=week,
        run=run.id,
        channel=draft.channel,
        letters=draft.letters,
        seed=draft.seed,
        held_out=draft.held_out,
        terms=draft.terms.model_dump_json(),
    )
    steps = {
        MADE: BatchStep(run.at, maker, verified=False),
        APPROVED: BatchStep(now, who, verified=verified),
    }
    with workspace.ledger.writing() as session:
        _refuse_again(session, record)
        record.name = _free_name(session, week)
        session.add(record)
        session.flush()
        put_counts(session, record.name, draft.counts, draft.fates)
        for state, step in steps.items():
            add_step(session, record.name, state, step)
            plan = f"plan {run.id}"
            tell(workspace, session, record.name, state, step, now=now, detail=plan)
    return batch_of(workspace, week)


def _plan(workspace: Workspace, seen: str | None) -> RunRecord:
    run = newest_plan(workspace)
    if seen is not None and run.id != seen:
        by = maker_but(workspace, run, "")
        raise OvertakenError(f"plan {seen}", by=by, at=run.at)
    return run


def _refuse_few(draft: Draft) -> None:
    if draft.counts.is_empty():
        few = draft.terms.small_cell
        raise InputError(
            f"expected {few} letters or more of a service in {week_name(draft.week)}, "
            "came fewer of each",
            remedy="Approve another week, or plan again.",
        )


def refuse_past(workspace: Workspace, week: date, now: datetime) -> None:
    """Refuse a mailing week that is over: its letters would come too late, and uncounted.

    Raises:
        InputError: it is.
    """
    zone = ZoneInfo(store.calendar(workspace).zone)
    this_week = monday(now.astimezone(zone).date())
    if week < this_week:
        raise InputError(
            f"--week: expected a mailing week from {week_name(this_week)} on, "
            f"came {week_name(week)}"
        )


def _free_name(session: Session, week: date) -> str:
    """The week, numbered where an earlier batch of it was withdrawn: names stay known."""
    of_week = BatchRecord.mailing_week == week
    earlier = session.scalar(select(func.count()).where(of_week)) or 0
    return f"{week_name(week)}-{earlier + 1}" if earlier else week_name(week)


def _refuse_again(session: Session, record: BatchRecord) -> None:
    """Refuse a week that has a batch, and a draw that would set others apart."""
    standing = select(BatchRecord).where(~BatchRecord.withdrawn)
    earlier = session.scalars(standing).all()
    for batch in earlier:
        if batch.mailing_week == record.mailing_week:
            step = session.get_one(BatchStepRecord, (batch.name, APPROVED))
            raise ApprovedAlreadyError(batch, step)
        if batch.seed != record.seed or batch.held_out > record.held_out:
            raise PolicyError(
                f"reminders.toml: expected the draw of earlier batches (batch.seed "
                f"{batch.seed}, plan.held_out {batch.held_out:g} or more), came "
                f"{record.seed} and {record.held_out:g}: documents held out so far would "
                "get letters."
            )
