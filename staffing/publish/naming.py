"""Names of files and sheets made from codes and labels, whatever stands in those."""

import hashlib
from collections import Counter
from collections.abc import Iterable

LONGEST_STEM = 60
LONGEST_SHEET = 31
"""What Excel allows, in UTF-16 units."""

FORBIDDEN = set("[]:*?/\\'")
"""Characters that Excel allows in no name of a sheet."""

RESERVED = {"history"}
"""A name of a sheet that Excel keeps for itself."""


def file_parts(codes: Iterable[str]) -> dict[str, str]:
    """Each code as a part of a file name: letters, digits, `-` and `_`; others become `-`.

    What had to change, is not ASCII, or differs from another code by its case alone (as
    some disks do not) gets digits of its hash, so that two codes never share a file.
    """
    every = sorted(set(codes))
    plain = {code: _stem(code) for code in every}
    times = Counter(stem.casefold() for stem in plain.values())
    return {
        code: stem
        if stem == code and code.isascii() and times[stem.casefold()] == 1
        else f"{stem}-{hashlib.sha256(code.encode()).hexdigest()[:8]}"
        for code, stem in plain.items()
    }


def _stem(code: str) -> str:
    signs = (s if s.isascii() and (s.isalnum() or s in "-_") else "-" for s in code)
    return "".join(signs)[:LONGEST_STEM]


def sheet_names(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """A name of a sheet for each of some names: none forbidden, too long, or twice."""
    used = {name.casefold() for name in taken} | RESERVED
    made = []
    for name in names:
        plain = _plain(name)
        number, found = 1, _cut(plain, LONGEST_SHEET)
        while found.casefold() in used:
            number += 1
            tail = f" ({number})"
            found = _cut(plain, LONGEST_SHEET - len(tail)) + tail
        used.add(found.casefold())
        made.append(found)
    return made


def _plain(name: str) -> str:
    signs = ("-" if s in FORBIDDEN or not s.isprintable() else s for s in name)
    return "".join(signs).strip() or "-"


def _cut(name: str, units: int) -> str:
    while len(name.encode("utf-16-le")) // 2 > units:
        name = name[:-1]
    return name.strip()
