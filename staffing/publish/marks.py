"""How an activity shows on paper: a Dutch name, a mark, a fill that survives grey.

The mark stands in every cell beside the fill, so that colour is never alone. The fills
run from light to dark in steps of about ten of lightness (CIE L*), so that a grey printer
keeps them apart, and black letters stay readable on all of them (WCAG 2.1: 4.5 to 1).
"""

from collections.abc import Iterable
from dataclasses import dataclass

SKILL_NAMES = {
    "counter": "Balie",
    "phone": "Telefoon",
    "civil_status": "Burgerlijke stand",
    "back_office": "Uitgesteld werk",
}
MARKS = {"counter": "B", "phone": "T", "civil_status": "S", "back_office": "U"}
FILLS = ("#FFFFFF", "#D6E9F8", "#F2C57C", "#8FBF8F", "#B58BB5", "#9C7A5B")
"""The first ones in the order of `SKILL_NAMES`; then in turn for other skills."""

PAUSE, APART, OTHER = "pauze", "vrijgehouden tijd", "overig werk"
PAUSE_MARK = "p"


@dataclass(frozen=True)
class Shown:
    """An activity as it shows."""

    name: str
    mark: str
    fill: str


def skill_name(skill: str) -> str:
    """The Dutch name of a skill."""
    return SKILL_NAMES.get(skill, skill)


def shown_skills(skills: Iterable[str]) -> dict[str, Shown]:
    """How each of these skills shows; no two have the same mark."""
    known = list(SKILL_NAMES)
    others = sorted(set(skills) - set(known))
    taken = dict(MARKS)
    for skill in others:
        taken[skill] = _mark(skill, set(taken.values()))
    return {
        skill: Shown(skill_name(skill), taken[skill], FILLS[place % len(FILLS)])
        for place, skill in enumerate([*known, *others])
        if skill in set(skills)
    }


def _mark(skill: str, taken: set[str]) -> str:
    """The first letter that is free, else the first with a number."""
    letters = [letter.upper() for letter in skill if letter.isalpha()]
    free = [letter for letter in letters if letter not in taken]
    if free:
        return free[0]
    first = letters[0] if letters else "X"
    numbered = (f"{first}{number}" for number in range(2, len(taken) + 3))
    return next(mark for mark in numbered if mark not in taken)
