"""Work for one series or service at a time: who fails is named, and the rest goes on."""

import warnings
from collections.abc import Callable, Mapping
from typing import TypeVar

from forecasting.errors import PiekwijzerError

LONGEST_REASON = 300

Made = TypeVar("Made")


class Attempts:
    """What was tried; `failures` tells by name why it came to nothing, the first time."""

    def __init__(self) -> None:
        self.failures: dict[str, str] = {}

    def at(self, name: str, work: Callable[[], Made]) -> Made | None:
        """What the work gives, or None where it failed.

        Raises:
            PiekwijzerError: what was handed in is wrong, which someone must mend.
        """
        try:
            return work()
        except PiekwijzerError:
            raise
        except Exception as error:  # any fault of one is its own
            self.failures.setdefault(name, reason_of(error))
            return None


def reason_of(error: Exception) -> str:
    """What went wrong, in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:LONGEST_REASON]


def warn_of(failures: Mapping[str, str], kind: str) -> None:
    """Warn whoever called the library that some of its series (documents) fell out."""
    for name, reason in failures.items():
        warnings.warn(
            f"{kind} '{name}' could not be forecast and is left out: {reason}",
            stacklevel=2,
        )
