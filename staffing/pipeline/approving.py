"""Approve the letters of a mailing week: a second person lets a plan become a batch."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import dataframely as dy
import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from forecasting.calendar import monday, week_name
from forecasting.errors import (
    InputError,
    MissingStepError,
    PolicyError,
    StoreError,
)
from forecasting.policy import load_policy
from forecasting.records import AuditRecord, BatchRecord, RunRecord
from forecasting.workspace import Workspace
from staffing import store
from staffing.pipeline.publishing import checked_name
from staffing.reminders import ReminderSettings
from staffing.reminders.batches.quotas import quotas
from staffing.reminders.batches.stored import (
    APPROVED,
    MADE,
    Batch,
    BatchStep,
    batch_of,
)
from staffing.reminders.batches.storing import add_step, put_counts, tell
from staffing.tables import Letters


def approve_batch(
    workspace: Workspace,
    *,
    week: date,
    now: datetime,
    by: str | None = None,
    verified: bool = False,
) -> Batch:
    """Approve the letters that the newest plan sends in the week of a Monday.

    The batch is named by its week and never changes. From now on the forecast reckons
    with its letters.

    Args:
        workspace: the home.
        week: the Monday of the mailing week.
        now: the moment.
        by: who approves; the actor of the settings unless said otherwise.
        verified: whether a login stands behind that name.

    Raises:
        MissingStepError: no plan was made.
        InputError: no letters go in that week, it is past, it was approved already, or
            whoever approves made the plan or is not logged in where logins are kept.
        PolicyError: the draw of the hold-out differs from that of earlier batches.
    """
    _refuse_unverified(workspace, verified=verified)
    who = checked_name(by or workspace.settings.actor, "--by")
    run = _plan(workspace)
    letters = _letters_of(workspace, run, week)
    _refuse_past(workspace, week, now)
    maker = _maker(workspace, run, who)
    settings = reminder_settings(workspace)
    share, seed = settings.plan.held_out, settings.batch.seed
    counts, fates = quotas(
        letters,
        share=share,
        small_cell=settings.plan.small_cell,
        seed=seed + week.toordinal(),
    )
    if counts.is_empty():
        raise InputError(
            f"expected {settings.plan.small_cell} letters or more of a service in "
            f"{week_name(week)}, came fewer of each",
            remedy="Approve another week, or plan again.",
        )
    name = week_name(week)
    record = BatchRecord(
        name=name,
        mailing_week=week,
        run=run.id,
        channel=settings.plan.channel,
        seed=seed,
        held_out=share,
    )
    with workspace.ledger.writing() as session:
        _refuse_again(session, record)
        session.add(record)
        session.flush()
        put_counts(session, name, counts, fates)
        made = BatchStep(run.at, maker, verified=False)
        add_step(session, name, MADE, made)
        detail = f"plan {run.id}"
        tell(workspace, session, name, MADE, made, now=now, detail=detail)
        approved = BatchStep(now, who, verified=verified)
        add_step(session, name, APPROVED, approved)
        tell(workspace, session, name, APPROVED, approved, now=now, detail=detail)
    return batch_of(workspace, week)


def reminder_settings(workspace: Workspace) -> ReminderSettings:
    """The whole of `config/reminders.toml`."""
    return load_policy(workspace.settings.config / "reminders.toml", ReminderSettings)


def _refuse_unverified(workspace: Workspace, *, verified: bool) -> None:
    provider = workspace.settings.identity_provider
    if provider is not None and not verified:
        raise InputError(
            f"expected an approval by somebody who is logged in at {provider:.80}, came "
            "one without a login",
            remedy="A command line proves no name: approve where people log in.",
        )


def _plan(workspace: Workspace) -> RunRecord:
    run = workspace.ledger.latest("reminders", {})
    if run is None:
        raise MissingStepError(
            "Expected a stored mailing plan, found none. "
            "Make one first: piekwijzer reminders plan."
        )
    return run


def _letters_of(
    workspace: Workspace, run: RunRecord, week: date
) -> dy.DataFrame[Letters]:
    table = Letters.validate(workspace.table(run, "letters").collect())
    letters = table.filter(pl.col("mailing_week") == week)
    if letters.is_empty():
        weeks = table["mailing_week"].unique().sort()
        known = ", ".join(week_name(one) for one in weeks.head(8))
        more = " and later" if len(weeks) > 8 else ""
        raise InputError(
            f"--week: expected a week in which the plan sends letters "
            f"({known or 'there is none'}{more}), came {week_name(week)}"
        )
    return Letters.validate(letters)


def _refuse_past(workspace: Workspace, week: date, now: datetime) -> None:
    zone = ZoneInfo(store.calendar(workspace).zone)
    this_week = monday(now.astimezone(zone).date())
    if week < this_week:
        raise InputError(
            f"--week: expected a mailing week from {week_name(this_week)} on, "
            f"came {week_name(week)}"
        )


def _maker(workspace: Workspace, run: RunRecord, who: str) -> str:
    """Who made the plan last; refuses whoever made it, then or earlier."""
    query = select(AuditRecord.by).where(
        AuditRecord.action == run.kind, AuditRecord.subject == run.id
    )
    with workspace.ledger.reading() as session:
        makers: Sequence[str] = session.scalars(query.order_by(AuditRecord.place)).all()
    if not makers:
        raise StoreError(
            f"Plan {run.id}: expected in the audit trail who made it, found nobody. "
            "Plan again: piekwijzer reminders plan."
        )
    if _plain(who) in {_plain(maker) for maker in makers}:
        raise InputError(
            f"expected a second person to approve, came {who}, who made the plan",
            remedy="Let somebody else approve it, named with --by.",
        )
    return makers[-1]


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _refuse_again(session: Session, record: BatchRecord) -> None:
    """Refuse a week that has a batch, and a draw that would set others apart."""
    earlier = session.scalars(select(BatchRecord)).all()
    for batch in earlier:
        if batch.mailing_week == record.mailing_week:
            raise InputError(f"batch {batch.name} was approved already")
        if batch.seed != record.seed or batch.held_out > record.held_out:
            raise PolicyError(
                f"reminders.toml: expected the draw of earlier batches (batch.seed "
                f"{batch.seed}, plan.held_out {batch.held_out:g} or more), came "
                f"{record.seed} and {record.held_out:g}: documents held out so far would "
                "get letters."
            )
