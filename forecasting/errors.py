"""The errors a user can cause, each one clear line: what was expected, what came, what to do."""

from datetime import UTC, datetime
from pathlib import Path


class PiekwijzerError(Exception):
    """Base of every error that the command line shows as one line, with exit status 2."""


class InputError(PiekwijzerError):
    """A file or frame that was handed in cannot be used; nothing of it was stored."""

    def __init__(
        self,
        problem: str,
        *,
        file: Path | str | None = None,
        line: int | None = None,
        column: str | None = None,
        remedy: str | None = None,
    ) -> None:
        self.problem, self.file, self.line = problem, file, line
        self.column, self.remedy = column, remedy
        super().__init__(self._one_line())

    def _one_line(self) -> str:
        places = [str(self.file)] if self.file is not None else []
        places += [f"line {self.line}"] if self.line is not None else []
        places += [f"column '{self.column}'"] if self.column is not None else []
        where = ", ".join(places)
        text = f"{where}: {self.problem}" if where else self.problem
        text = f"{text.rstrip('.')}." + (f" {self.remedy}" if self.remedy else "")
        shown = "".join(sign if sign.isprintable() else " " for sign in text)
        return " ".join(shown.split())


class FieldError(InputError):
    """What was filled in somewhere cannot be: the line names the option of a command.

    A page has other names for its fields and other words: `field` and `fault` say which
    and what by a code, and `values` what belongs in a sentence on it.
    """

    def __init__(
        self,
        field: str,
        fault: str,
        *,
        wanted: str,
        came: object,
        remedy: str | None = None,
        **values: object,
    ) -> None:
        self.field, self.fault, self.values = field, fault, values
        problem = f"--{field}: expected {wanted}, came {came}"
        super().__init__(problem, remedy=remedy)


class PolicyError(PiekwijzerError):
    """A configuration file is missing or breaks its own rules; names file and field."""


class StoreError(PiekwijzerError):
    """The database or a table of the lake cannot be reached, read or written."""


class MissingStepError(PiekwijzerError):
    """An earlier step of the chain has not run yet; the message names its command."""


class OvertakenError(InputError):
    """Somebody else changed it first; nothing of the later change was stored."""

    def __init__(self, what: str, *, by: str, at: datetime) -> None:
        self.by, self.at = by, at
        when = f"{at.astimezone(UTC):%Y-%m-%d %H:%M}Z"
        super().__init__(
            f"{what} was changed by {by} at {when}, and nothing was changed now",
            remedy="Look again, and change it as it stands if that is still wanted.",
        )
