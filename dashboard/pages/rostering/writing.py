"""Every write of the roster page, one function each; long work starts in `tasks`."""

import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from dashboard import pending
from dashboard.pages.deeds import permit, permit_later
from dashboard.pages.view import View
from dashboard.pending import PendingEdit
from dashboard.roles import Action
from forecasting.calendar import parse_week, week_name
from staffing.pipeline.handing_out import hand_out_roster
from staffing.pipeline.publishing import Publication, publish_roster
from staffing.publish.exporting import RosterFormat


@dataclass(frozen=True)
class Asked:
    """What a planner asks to publish, and which version was published as they looked."""

    week: date
    version: int
    instead_of: int
    agreed: bool
    people: tuple[str, ...]


def enter_edit(
    view: View, week: str, edit: PendingEdit, done: tuple[str, ...] = ()
) -> None:
    """Put an edit on the list of its week; those that are done leave it.

    Raises:
        RefusedError: who asks may not plan.
    """
    permit(view, Action.run, f"edit of {week}")
    home = view.workspace.settings.home
    pending.drop(home, week, done)
    pending.add(home, week, edit)


def withdraw_edits(view: View, week: str, ids: tuple[str, ...]) -> None:
    """Take edits off the list of their week.

    Raises:
        RefusedError: who asks may not plan.
    """
    permit(view, Action.run, f"edit of {week}")
    pending.drop(view.workspace.settings.home, week, ids)


def publish(view: View, asked: Asked) -> Publication:
    """Publish a version, as `piekwijzer publish` does.

    Raises:
        PiekwijzerError: as `publish_roster`, or who asks may not publish.
    """
    user = permit(view, Action.publish, f"roster {week_name(asked.week)}")
    return publish_roster(
        view.workspace,
        week=asked.week,
        now=view.clock(),
        who=user.name,
        version=asked.version,
        agreed=asked.agreed,
        people=asked.people,
        instead_of=asked.instead_of,
    )


def hand_out(
    view: View,
    week: str,
    version: int,
    kind: RosterFormat,
    person: str | None,
    now: datetime,
) -> bytes:
    """A roster as a file; of several files a ZIP.

    They are those of `piekwijzer export roster`, and nothing of them stays behind.

    Raises:
        PiekwijzerError: as `hand_out_roster`, or it is not for whom the page was drawn.
    """
    user = permit_later(view, Action.hand_out, now)
    with TemporaryDirectory() as folder:
        _, files = hand_out_roster(
            view.workspace,
            week=parse_week(week),
            format=kind,
            out=Path(folder),
            now=now,
            version=version,
            person=person,
            who=user.name,
        )
        if len(files) == 1:
            return files[0].read_bytes()
        return _packed(files)


def _packed(files: list[Path]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
    return packed.getvalue()
