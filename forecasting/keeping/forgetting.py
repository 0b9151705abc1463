"""Forget rows of before a day: their counts stay, the rows are gone from the disk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import delete
from sqlalchemy.orm import Session

from forecasting.calendar import Calendar
from forecasting.errors import InputError
from forecasting.keeping.splitting import Plan, Rules, plan_parts
from forecasting.policy import load_policy
from forecasting.records import PartRecord, RetentionRecord
from forecasting.targets import Target
from forecasting.workspace import Workspace


@dataclass(frozen=True)
class Forgotten:
    """How many rows of each dataset were forgotten."""

    before: date
    rows: dict[str, int]


def forget(
    workspace: Workspace,
    before: date,
    *,
    targets: Mapping[str, Target],
    also: Rules | None = None,
    now: datetime,
) -> Forgotten:
    """Drop rows of fleeting kinds that are of before a local day, and old rejects.

    Rejects go by the day of their import. `also` names more rows to drop. The importer
    takes no such rows in again. Once this returns they are on no disk of the home.

    Raises:
        InputError: the day is still to come.
        StoreError: a part of the lake is gone or damaged.
    """
    zone = town_zone(workspace)
    if before > now.astimezone(ZoneInfo(zone)).date():
        raise InputError(f"--before: expected a day up to today, came {before}")
    rules = dated_rules(targets, before, zone)
    for dataset, gone in (also or {}).items():
        rules[dataset] = [*rules.get(dataset, ()), *gone]
    lake, ledger = workspace.lake, workspace.ledger
    with lake.desk(alone=True) as desk:
        plan = plan_parts(workspace, rules, before, zone, desk)
        told = ", ".join(f"{n} of {name}" for name, n in sorted(plan.rows.items()))
        deed = workspace.deed("forget", f"before {before}", told or "nothing", now=now)
        by = workspace.settings.actor
        with ledger.writing(deed) as session:
            _commit(session, plan)
            session.merge(RetentionRecord(before=before, by=by, at=now))
        lake.purge(ledger.parts(), desk)
    return Forgotten(before, dict(sorted(plan.rows.items())))


def town_zone(workspace: Workspace) -> str:
    """The time zone of the town; that of the Netherlands where no calendar is."""
    file = workspace.settings.config / "calendar.toml"
    return (load_policy(file, Calendar) if file.exists() else Calendar()).zone


def dated_rules(
    targets: Mapping[str, Target], before: date, zone: str
) -> dict[str, list[pl.Expr]]:
    """Per fleeting kind, its rows of before a local day."""
    found = {name: target.forgotten(before, zone) for name, target in targets.items()}
    return {name: [early] for name, early in found.items() if early is not None}


def _commit(session: Session, plan: Plan) -> None:
    for part in plan.drop:
        session.execute(delete(PartRecord).where(PartRecord.id == part.id))
    for keeper in plan.keepers.values():
        session.merge(keeper)
    session.flush()
    session.add_all(plan.parts)
