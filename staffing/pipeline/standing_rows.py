"""Rows of which one stands per subject: whoever changes it must have seen that one."""

from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from forecasting.errors import OvertakenError
from forecasting.records.steering import Kept

AnyKept = TypeVar("AnyKept", bound=Kept)


def take_back(
    session: Session,
    kind: type[AnyKept],
    subject: InstrumentedAttribute[str],
    name: str,
    *,
    seen: int | None,
    by: str,
    now: datetime,
) -> None:
    """Let the row that stands for a subject stand no longer, if it is the one seen.

    Within the writer's turn. `seen` is the number of the row that was looked at, None
    where none stood.

    Raises:
        OvertakenError: another row stands by now, or none does.
    """
    newest = session.scalars(
        select(kind).where(_of(subject, name)).order_by(kind.id.desc()).limit(1)
    ).first()
    stands = newest is not None and newest.withdrawn_at is None
    if newest is not None and (newest.id if stands else None) != seen:
        raise OvertakenError(
            name,
            by=newest.withdrawn_by or newest.by,
            at=newest.withdrawn_at or newest.at,
        )
    if newest is not None and stands:
        newest.withdrawn_at, newest.withdrawn_by = now, by
        session.flush()  # before another row stands: the database allows one


def _of(subject: InstrumentedAttribute[str], name: str) -> ColumnElement[bool]:
    return subject == name
