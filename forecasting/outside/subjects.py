"""Which series a forecast from outside is about."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from forecasting.catalogue import Catalogue

PARTS = 4
COUNTED_IN = ("appointment", "walk_in", "video", "online")
"""Channels in which a service is asked for; others bring questions about it."""


@dataclass(frozen=True)
class Subject:
    """Series that are counted together, and those that follow them and move alike."""

    counted: tuple[str, ...]
    following: tuple[str, ...] = ()


def subject_of(text: str, names: list[str], catalogue: Catalogue) -> Subject:
    """The series of a service, or those that a pattern names.

    A service counts what is asked for (applications, those online too); the second visits
    follow. Questions about it do not: whether they move along is not ours to assume. A
    pattern with `*` on `location/service/step/channel` means its series alone.
    """
    if "/" in text or "*" in text or text in names:
        return Subject(tuple(name for name in names if fnmatchcase(name, text)))
    counted, following = [], []
    for name in names:
        parts = name.split("/")
        if len(parts) != PARTS or parts[1] != text:
            continue
        step = catalogue.find_step(text, parts[2])
        if step is not None and step.follows:
            following.append(name)
        elif parts[3] in COUNTED_IN:
            counted.append(name)
    return Subject(tuple(counted), tuple(following))
