"""What the program says is wrong, in the reader's language.

It is said in English, for the command line as well, and told here by a catalogue of
forms. What is not in the catalogue is shown as it came, and said to be so.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from dashboard.labels.forms import forms_of, in_dutch
from dashboard.labels.rejecting import reject_reason
from dashboard.labels.values import value_in_words
from dashboard.labels.words import Words

DUTCH = Path(__file__).with_name("errors_nl.toml")
PLACE = re.compile(
    r"(?P<file>[^:]*?)(?:, sheet '(?P<sheet>[^']*)')?"
    r"(?:(?:^|, )line (?P<line>\d+))?(?:(?:^|, )column '(?P<column>[^']*)')?: "
)
"""Where something is wrong, as it stands before what is wrong."""
COMMAS = {"; ": "app.semicolon", ", ": "app.comma", " and ": "app.and"}
FOLDERS = re.compile(r"^(?:sqlite:/{3})?/[^:]*/(?=[^/:]+: )")


def error_in_words(said: object, words: Words) -> str:
    """What an error says, line by line; in English as it is, without the folders.

    Of what the catalogue does not know, the line itself is shown behind a lead.
    """
    lines = [FOLDERS.sub("", line.strip()) for line in str(said).splitlines()]
    told = [_line(line, words) for line in lines if line]
    if words.language == "en" or None in told:
        error = "\n".join(line for line in lines if line)
        return error if words.language == "en" else words("app.in_english", error=error)
    return "\n".join(line for line in told if line)


def _line(line: str, words: Words) -> str | None:
    plain = line.removesuffix(".")
    at_place = _told_at_place(plain, words)
    if at_place is not None:
        return _stopped(at_place)
    told = _told(plain, words)
    return None if told is None else _as_sentence(told, plain)


def _as_sentence(told: str, said: str) -> str:
    """With a capital, but for a name that stands first, and one stop at its end."""
    first = told.partition(" ")[0]
    named = first.endswith(":") and said.startswith(first)
    begun = told if named else f"{told[:1].upper()}{told[1:]}"
    return _stopped(begun)


def _stopped(told: str) -> str:
    """With one stop at its end, of whatever kind."""
    return told if told.endswith("?") else f"{told.rstrip('.')}."


def _told_at_place(line: str, words: Words) -> str | None:
    """What is wrong at a place in a file, which the program names first."""
    found = PLACE.match(line)
    told = found and _told(line[found.end() :], words)
    return f"{_place(found.groupdict(), words)}: {told}" if found and told else None


def _place(parts: Mapping[str, str | None], words: Words) -> str:
    names = [name for name in ("sheet", "line", "column") if parts[name]]
    named = [words(f"app.at_{name}", value=parts[name]) for name in names]
    return ", ".join([parts["file"], *named] if parts["file"] else named)


def _told(text: str, words: Words) -> str | None:
    return in_dutch(forms_of(DUTCH), text, lambda part: phrase_in_words(part, words))


def phrase_in_words(text: str, words: Words) -> str | None:
    """A word or a part of a sentence of the program; None where it is not known."""
    if not text.strip():
        return text
    told = _told(text, words) or value_in_words(text, words)
    if told is not None:
        return told
    reason = reject_reason(text, words.language)
    return reason if reason != text else _list_in_words(text, words)


def _list_in_words(text: str, words: Words) -> str | None:
    """A list of which each is known."""
    for comma, said in COMMAS.items():
        parts = text.split(comma)
        told = [phrase_in_words(part, words) for part in parts] if parts[1:] else [None]
        if None not in told:
            return words(said).join(part or "" for part in told)
    return None
