"""Seeded shift-cover instances of any size, in the text format of the benchmark.

Made as a town's personnel would be: most full-time, some part-time; shifts of different
lengths, a night or late one that may not be followed by an early one; two days off each;
wishes in runs of days; cover a little above what the people can give.
"""

from dataclasses import dataclass

import numpy as np

LENGTHS = (480, 480, 600, 720, 360, 540)


@dataclass(frozen=True)
class Size:
    """People, weeks and kinds of shifts of an instance."""

    people: int
    weeks: int
    shifts: int

    @property
    def days(self) -> int:
        """Days of the horizon."""
        return 7 * self.weeks


def text_of(size: Size, seed: int) -> str:
    """An instance as a file's text."""
    draw = np.random.default_rng(seed)
    names = [f"s{number}" for number in range(size.shifts)]
    lengths = [int(draw.choice(LENGTHS)) for _ in names]
    staff, minutes = _staff(size, names, draw)
    parts = [
        "SECTION_HORIZON",
        str(size.days),
        "SECTION_SHIFTS",
        *_shifts(names, lengths),
        "SECTION_STAFF",
        *staff,
        "SECTION_DAYS_OFF",
        *_days_off(size, draw),
        "SECTION_SHIFT_ON_REQUESTS",
        *_wishes(size, names, draw),
        "SECTION_SHIFT_OFF_REQUESTS",
        *_wishes(size, names, draw),
        "SECTION_COVER",
        *_cover(size, names, lengths, minutes, draw),
    ]
    return "\n".join(parts) + "\n"


def _shifts(names: list[str], lengths: list[int]) -> list[str]:
    """The later of a day's shifts may not be followed by those a good deal earlier."""
    return [
        f"{name},{length},{'|'.join(names[: max(0, place - len(names) // 3)])}"
        for place, (name, length) in enumerate(zip(names, lengths, strict=True))
    ]


def _staff(
    size: Size, names: list[str], draw: np.random.Generator
) -> tuple[list[str], int]:
    rows, total = [], 0
    for person in range(size.people):
        part = float(draw.choice([1.0, 1.0, 1.0, 0.6, 0.4]))
        most = int(size.weeks * 2160 * part)
        total += most
        most_of = {name: _most(size, draw) for name in names}
        most_of[names[person % len(names)]] = size.days
        kinds = "|".join(f"{name}={number}" for name, number in most_of.items())
        rest = f"{int(draw.choice([5, 5, 6]))},2,{int(draw.choice([2, 2, 3]))}"
        weekends = max(1, round(size.weeks * float(draw.choice([0.5, 0.5, 0.75]))))
        rows.append(f"p{person},{kinds},{most},{int(0.6 * most)},{rest},{weekends}")
    return rows, total


def _most(size: Size, draw: np.random.Generator) -> int:
    return int(draw.choice([0, size.days, size.days, size.days // 2]))


def _days_off(size: Size, draw: np.random.Generator) -> list[str]:
    number = max(1, size.weeks // 2)
    return [
        f"p{person},{','.join(map(str, sorted(draw.choice(size.days, number, False))))}"
        for person in range(size.people)
    ]


def _wishes(size: Size, names: list[str], draw: np.random.Generator) -> list[str]:
    rows = {}
    for person in range(size.people):
        for _ in range(size.weeks):
            first, name = int(draw.integers(size.days)), str(draw.choice(names))
            weight = int(draw.integers(1, 4))
            for day in range(first, min(first + int(draw.integers(1, 5)), size.days)):
                rows[person, day] = f"p{person},{day},{name},{weight}"
    return list(rows.values())


def _cover(
    size: Size,
    names: list[str],
    lengths: list[int],
    minutes: int,
    draw: np.random.Generator,
) -> list[str]:
    mean = 1.02 * minutes / (size.days * sum(lengths))
    return [
        f"{day},{name},{int(draw.poisson(mean * (1.1 if day % 7 < 5 else 0.75)))},100,1"
        for day in range(size.days)
        for name in names
    ]
