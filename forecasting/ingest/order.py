"""What is to be imported and how, and the identity that follows from it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from forecasting.errors import InputError
from forecasting.ingest.mapping import SourceMapping
from forecasting.ingest.readers.reading import check_is_file
from forecasting.targets import Target


@dataclass(frozen=True)
class Order:
    """What is to be imported, and how."""

    file: Path
    source: str
    mapping: SourceMapping
    target: Target
    digest: str
    now: datetime
    max_rejects: float
    instead: bool

    @property
    def id(self) -> str:
        """The identity of an import: its source, its content, and how that is read."""
        read = self.digest.encode() + self.mapping.model_dump_json().encode()
        return f"{self.source}-{hashlib.sha256(read).hexdigest()[:16]}"


def content_hash(file: Path) -> str:
    """The SHA-256 of a file's content, in hex.

    Raises:
        InputError: there is no such file, or it cannot be read.
    """
    check_is_file(file)
    try:
        with file.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise InputError(
            f"expected a readable file; {error.strerror}", file=file
        ) from None
