"""Writing the files of a batch for whoever asks on the page; none stays behind."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from dashboard.pages.deeds import acting, permit, permit_later
from dashboard.pages.view import View
from dashboard.roles import Action
from forecasting.errors import InputError
from staffing.pipeline.exporting_batch import export_batch
from staffing.publish.batch_files import BatchFormat
from staffing.reminders.batches.stored import Batch

WRITTEN = (1980, 1, 1, 0, 0, 0)
"""The time that every packed file bears: the same batch packs to the same bytes."""


class Upload(Protocol):
    """A file that a browser sent."""

    @property
    def name(self) -> str:
        """Its name on the machine of the reader."""

    def getvalue(self) -> bytes:
        """All of it."""


def prepare(view: View, batch: Batch, references: Upload | None) -> None:
    """Settle what a batch holds: quotas or, with a file, references drawn of it.

    Raises:
        RefusedError: who asks may not hand out.
        InputError: as `export_batch`.
    """
    user = permit(view, Action.hand_out, f"batch {batch.name}")
    with _desk(view) as folder:
        file = None if references is None else _written(references, folder)
        try:
            export_batch(
                acting(view, user),
                week=batch.mailing_week,
                now=view.clock(),
                out=folder / "out",
                references=file,
                by=user.name,
                verified=user.verified,
                name=batch.name,
            )
        except InputError as error:
            raise _as_sent(error, references) from None


@contextmanager
def _desk(view: View) -> Iterator[Path]:
    """A folder for the files of a moment, among the uploads of the home.

    What a server that was killed leaves there goes with `piekwijzer forget`.

    Raises:
        InputError: the disk takes no files.
    """
    uploads = view.workspace.settings.home / "uploads"
    try:
        uploads.mkdir(exist_ok=True)
        with TemporaryDirectory(dir=uploads) as folder:
            yield Path(folder)
    except OSError as error:
        raise InputError(
            f"expected a folder that takes the files, came '{error.strerror}'",
            file=uploads,
            remedy="Make room on that disk or let this account write there; try again.",
        ) from None


def _written(upload: Upload, folder: Path) -> Path:
    file = folder / f"references{Path(upload.name).suffix.lower()}"
    file.write_bytes(upload.getvalue())
    return file


def _as_sent(error: InputError, upload: Upload | None) -> InputError:
    """An error of a file under the name that its sender knows."""
    if upload is None or error.file is None:
        return error
    return InputError(
        error.problem,
        file=upload.name,
        line=error.line,
        column=error.column,
        remedy=error.remedy,
    )


def take(view: View, batch: Batch, kind: BatchFormat, now: datetime) -> bytes:
    """The files of `piekwijzer reminders export`, packed: letters, hold-out, manifest.

    Raises:
        PiekwijzerError: as `export_batch`, or it is not for whom the page was drawn.
    """
    user = permit_later(view, Action.hand_out, now)
    with _desk(view) as folder:
        handed = export_batch(
            acting(view, user),
            week=batch.mailing_week,
            now=now,
            out=folder,
            format=kind,
            by=user.name,
            verified=user.verified,
            name=batch.name,
        )
        return _packed(handed.files)


def _packed(files: Sequence[Path]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.name, WRITTEN)
            archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
