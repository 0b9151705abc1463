"""Why a row was refused, in the reader's language.

The import tells and stores it in English: it is written for the command line as well.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

from dashboard.labels.words import Language

DUTCH = Path(__file__).with_name("rejects_nl.toml")
PLACE = re.compile(r"\\\{(\w+)\\\}")


def reject_reason(reason: str, language: Language) -> str:
    """A stored reason in a language; one that has no words there stays as it is."""
    if language == "nl":
        for pattern, words in _dutch().items():
            found = pattern.fullmatch(reason)
            if found:
                return words.format(**found.groupdict())
    return reason


@cache
def _dutch() -> dict[re.Pattern[str], str]:
    """Reasons as patterns with a group for each place, and their words."""
    known = tomllib.loads(DUTCH.read_text("utf-8"))
    return {
        re.compile(PLACE.sub(r"(?P<\1>.+)", re.escape(reason))): str(words)
        for reason, words in known.items()
    }
