"""A verified roster becomes a version: its JSON in the lake, its steps in the store."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from forecasting.audit import append
from forecasting.calendar import week_name
from forecasting.lake import put_in_place
from forecasting.records import AuditHead, RosterRecord, RosterStepRecord
from forecasting.runs import RunKey
from forecasting.workspace import Workspace
from staffing.publish.versions import (
    FOLDER,
    State,
    content_hash,
    instance_hash,
    texts_of,
    versions,
)
from staffing.roster.instance import Instance
from staffing.roster.result import Roster


def key_of_outcome(workspace: Workspace, key: RunKey, roster: Roster) -> RunKey:
    """The key of the run of a roster, told apart where it stored another outcome before.

    A search that the clock ends may end otherwise from the same inputs: the tables of a
    version that people may go by are not written over.
    """
    content, found = content_hash(roster.to_json()), versions(workspace, roster.week)
    number, own = 1, key
    while any(one.run == own.id and one.content != content for one in found):
        number += 1
        again = {**key.parameters, "again": str(number)}
        own = replace(key, parameters=again)
    return own


class Draft:
    """A verified roster about to be stored as a version, in the transaction of its run."""

    def __init__(
        self,
        workspace: Workspace,
        run: str,
        instance: Instance,
        roster: Roster,
        now: datetime,
    ) -> None:
        self.workspace, self.run, self.now = workspace, run, now
        self.week = roster.week
        self.texts = (instance.to_json(), roster.to_json())

    def __call__(self, session: Session) -> None:
        """Store it, unless it is the newest version already."""
        query = select(RosterRecord).where(RosterRecord.week == self.week)
        before = session.scalars(query.order_by(RosterRecord.version)).all()
        if before and self._is_same(before[-1]):
            return
        number = before[-1].version + 1 if before else 1
        instance, roster = self.texts
        record = RosterRecord(
            week=self.week,
            version=number,
            run=self.run,
            file=self._keep(before, number),
            content=content_hash(roster),
            instance=instance_hash(instance),
            state="verified",
        )
        session.add(record)
        session.flush()
        for state in ("draft", "verified"):
            add_step(self.workspace, session, record, state, self.now)

    def _is_same(self, record: RosterRecord) -> bool:
        return record.run == self.run and (
            texts_of(self.workspace, record.file) == self.texts
        )

    def _keep(self, before: Sequence[RosterRecord], number: int) -> str:
        """Write the JSON under a name that no other content has; gives the name."""
        own = [record for record in before if record.run == self.run]
        for record in own:
            if self._is_same(record):
                return record.file
        taken = {record.file for record in own}
        name = f"{self.run}.v{number}" if self.run in taken else self.run
        folder = self.workspace.lake.root / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        for suffix, text in zip((".instance.json", ".json"), self.texts, strict=True):
            _write(folder / f"{name}{suffix}", text)
        return name


def _write(file: Path, text: str) -> None:
    draft = file.with_name(f".{uuid.uuid4().hex}")
    try:
        draft.write_text(text, "utf-8")
        put_in_place(draft, file)
    finally:
        draft.unlink(missing_ok=True)


def seal(workspace: Workspace, record: RosterRecord) -> None:
    """Keep the hashes of what stands stored, where they are not known yet."""
    texts = texts_of(workspace, record.file)
    if texts is not None and record.content is None:
        record.instance, record.content = (
            instance_hash(texts[0]),
            content_hash(texts[1]),
        )


def add_step(
    workspace: Workspace,
    session: Session,
    record: RosterRecord,
    state: State,
    now: datetime,
    *,
    by: str | None = None,
    agreed: bool = False,
    people: Sequence[str] = (),
) -> None:
    """Bring a version into a state, with who and when, and tell the audit trail.

    The trail tells how many people agreed to something; who they are can be forgotten.
    """
    actor = workspace.settings.actor
    who = by or actor
    record.state = state
    session.add(
        RosterStepRecord(
            week=record.week,
            version=record.version,
            state=state,
            at=now,
            by=who,
            agreed=agreed,
            people=sorted(people),
        )
    )
    session.flush()
    told = [f"run {record.run}"]
    told += ["notice agreed otherwise"] if agreed else []
    told += [f"{len(people)} people agreed to a change"] if people else []
    told += [f"entered by {actor}"] if who != actor else []
    subject = f"roster {week_name(record.week)} version {record.version}"
    deed = workspace.deed(state, subject, ", ".join(told), now=now)
    head = session.get_one(AuditHead, 1)
    append(session, head, replace(deed, by=who))
