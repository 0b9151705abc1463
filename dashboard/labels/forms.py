"""Sentences of the program with places in them, and how each is told in Dutch.

A catalogue holds English forms with their Dutch ones. What fills a place is put into
words too, unless it stands in quotation marks: then it is told as it came.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PLACE = re.compile(r"(?<!\{)\{(\w+)([!-]?)\}(Z(?![a-z]))?")
"""A place; `{name!}` holds only what is known, `{name-}` one word, `{name}Z` UTC."""
ONE_WORD = r"(?:[^\s;,]|,(?=\d))+"
QUOTED = re.compile(r"'[^']*'")

Fill = Callable[[str], str | None]
"""What fills a place, in words; None where it is not known."""


@dataclass(frozen=True)
class Form:
    """A sentence and its Dutch; which places are known or quoted; letters of its own."""

    pattern: re.Pattern[str]
    dutch: str
    known: frozenset[str]
    quoted: frozenset[str]
    weight: int

    def filled(self, came: Mapping[str, str], fill: Fill) -> str | None:
        """The Dutch of what came; None where a place would hold unknown English."""
        told: dict[str, str] = {}
        for name, text in came.items():
            said = text if name in self.quoted else fill(text)
            if said is None and name in self.known:
                return None
            told[name] = text if said is None else said
        return self.dutch.format(**told)


def in_dutch(forms: Iterable[Form], text: str, fill: Fill) -> str | None:
    """A text by the form that fits it with most letters; None where none does."""
    for form in forms:
        found = form.pattern.fullmatch(text)
        told = None if found is None else form.filled(found.groupdict(), fill)
        if told is not None:
            return told
    return None


def catalogue(file: Path) -> Mapping[str, Mapping[str, str]]:
    """The forms of a file by section, English with Dutch."""
    return tomllib.loads(file.read_text("utf-8"))


@cache
def forms_of(file: Path) -> tuple[Form, ...]:
    """All forms of a file, those with most letters of their own first."""
    sections = catalogue(file).values()
    found = [_form(*both) for section in sections for both in section.items()]
    return tuple(sorted(found, key=lambda form: -form.weight))


def _form(english: str, dutch: str) -> Form:
    pattern = re.compile(_pattern(english), re.DOTALL)
    known = frozenset(place[1] for place in PLACE.finditer(english) if place[2] == "!")
    quotes = " ".join(QUOTED.findall(dutch))
    quoted = frozenset(place[1] for place in PLACE.finditer(quotes))
    return Form(pattern, dutch, known, quoted, len(PLACE.sub("", english)))


def _pattern(english: str) -> str:
    """A regular expression with a group per place; one that comes again is the same."""
    found, end, seen = "", 0, set[str]()
    for place in PLACE.finditer(english):
        held = (ONE_WORD if place[2] == "-" else ".*?") + (place[3] or "")
        again = f"(?P={place[1]})" if place[1] in seen else f"(?P<{place[1]}>{held})"
        found += re.escape(_plain(english[end : place.start()])) + again
        seen.add(place[1])
        end = place.end()
    return found + re.escape(_plain(english[end:]))


def _plain(text: str) -> str:
    return text.replace("{{", "{").replace("}}", "}")
