"""The quantities that settings are given in, each with the range that makes sense."""

from typing import Annotated

from pydantic import Field

LONGEST_DAYS = 4018
"""Eleven years: documents live ten, and no forecast reaches further."""

Days = Annotated[int, Field(ge=1, le=LONGEST_DAYS)]
"""Whole days, of a window or a horizon."""

Weeks = Annotated[int, Field(ge=1, le=LONGEST_DAYS // 7)]
"""Whole weeks, likewise."""

Count = Annotated[int, Field(ge=1, le=1000)]
"""How many of something that is counted on hands: origins, draws, runs."""

Order = Annotated[int, Field(ge=1, le=12)]
"""Pairs of sine and cosine in a year: the finest is a month long."""

Years = Annotated[float, Field(gt=0, le=100)]
"""Years of a window or a half-life."""

FadingDays = Annotated[float, Field(gt=0, le=36_525)]
"""Days of a half-life, up to a century, which forgets nothing."""

Spread = Annotated[float, Field(gt=0, le=100)]
"""A standard deviation or scale; on a log scale 100 is as good as none known."""

Strength = Annotated[float, Field(gt=0, le=1_000_000)]
"""What something assumed counts for, as if so many had told it."""

Weakness = Annotated[float, Field(ge=0, le=1_000_000)]
"""The same of what may count for nothing."""

Times = Annotated[float, Field(gt=1, le=1000)]
"""How many times as much."""

Proportion = Annotated[float, Field(ge=0, le=1_000_000)]
"""A number of which only the ratio to others matters."""

Share = Annotated[float, Field(ge=0, le=1)]
"""A part of all, none and all included."""

Part = Annotated[float, Field(gt=0, lt=1)]
"""A part of all that is neither none nor all."""

Speed = Annotated[float, Field(gt=0, le=1)]
"""The part of a surprise that is taken over at once."""


def ascends(numbers: tuple[int, ...]) -> bool:
    """Whether numbers rise, none twice."""
    return list(numbers) == sorted(set(numbers))


def some_count(proportions: tuple[float, ...]) -> bool:
    """Whether proportions tell anything: they are not all 0."""
    return sum(proportions) > 0
