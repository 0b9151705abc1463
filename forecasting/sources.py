"""What the mapping of a source says of it, for who reads what the source brought.

`config/sources/NAME.toml` says how a file is read; this reads from it which facts the
rows can hold at all, and within how many seconds "in time" was counted.
"""

import re
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from forecasting.policy import load_policy

IN_TIME, WAIT = "in_time", "wait_s"
SECONDS = re.compile(r"(\d+)\s*(?:s|sec\w*)\b", re.IGNORECASE)
"""Seconds in a heading, as in "Beantwoord binnen 25 s"."""


class Told(BaseModel):
    """Of one field: the column it is read from, and up to which value that is a yes."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    column: str | None = None
    at_most: float | None = None


class Source(BaseModel):
    """One source: its label, and what its fields are read from."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    label: str = ""
    in_time_s: float | None = Field(default=None, gt=0)
    fields: dict[str, Told] = Field(default_factory=dict)

    @property
    def tells_waits(self) -> bool:
        """Whether a row says how long somebody waited; without a wait it is not over."""
        return WAIT in self.fields

    @property
    def threshold_s(self) -> float | None:
        """Within how many seconds the export counts a call as in time; None: untold.

        As the mapping says, or else the heading of the column.
        """
        field = self.fields.get(IN_TIME)
        if self.in_time_s is not None or field is None:
            return self.in_time_s
        if field.at_most is not None:
            return field.at_most
        found = SECONDS.search(field.column or "")
        return float(found[1]) if found else None


def read_source(config: Path, name: str) -> Source:
    """What the mapping of a source says; nothing, where it is gone since.

    Raises:
        PolicyError: the mapping is no TOML, or breaks a rule.
    """
    file = config / "sources" / f"{name}.toml"
    return load_policy(file, Source) if file.is_file() else Source()
