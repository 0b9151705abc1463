"""Age bands as the data name them."""

import re
from dataclasses import dataclass

from forecasting.validity import Ages

OLDEST = 99


@dataclass(frozen=True)
class Bands:
    """Age bands in order of age: the labels of the data, and the ages they stand for."""

    labels: tuple[str, ...]
    ages: tuple[Ages, ...]


def bands_of(labels: list[str]) -> Bands:
    """The bands that labels name ("0-17", "65 t/m 74", "75+", "<18"); others are all ages."""
    named = sorted((ages_of(label), label) for label in set(labels))
    return Bands(tuple(label for _, label in named), tuple(ages for ages, _ in named))


def ages_of(label: str) -> Ages:
    """The ages that one label stands for, 0 to 99 where it names none."""
    found = [int(digits) for digits in re.findall(r"\d+", label)]
    if not found or found[0] > OLDEST:
        return 0, OLDEST
    if len(found) > 1:
        return found[0], max(min(found[1], OLDEST), found[0])
    if label.strip()[0] in "<-":
        return 0, max(found[0] - 1, 0)
    return found[0], OLDEST if not label.strip().isdigit() else found[0]
