"""What a town is known to have, whether or not a week asks for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from staffing.roster.wanted import Demand, Pool
from staffing.supply.people import LEARNING


@dataclass(frozen=True)
class Town:
    """Known skills and locations, what authorisations allow, and what is shared.

    `allows` names the skills that an authorisation gives where they are asked for.
    `pools` names, for a skill that all locations do for one another, where its demand
    stands. Of the hours that contracts leave `contract_minimum` must be rostered.
    """

    skills: frozenset[str] = frozenset()
    locations: frozenset[str] = frozenset()
    allows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pools: Mapping[str, str] = field(default_factory=dict)
    contract_minimum: float = 0.0


def pools_of(
    demands: Iterable[Demand], staff: pl.DataFrame, town: Town
) -> tuple[Pool, ...]:
    """The pool of each shared skill that is asked for: whoever can do it is a member.

    A pool has the places of all people who can do it, a centre without calls of its own
    too; where these are one, there is nothing to share.
    """
    places: dict[str, set[str]] = {}
    for demand in demands:
        places.setdefault(demand.skill, set()).add(demand.location)
    found = []
    for skill, name in sorted(town.pools.items()):
        asked = places.get(skill, set())
        where = name if name in asked else min(asked, default="")
        able = staff.filter(pl.col("skills").list.contains(skill))
        homes, others = able["location"], able["elsewhere"].drop_nulls().explode()
        members = {*homes, *others.drop_nulls()} | (asked - {name})
        if len(asked) == 1 and members - {where}:
            found.append(
                Pool(skill=skill, location=where, members=tuple(sorted(members)))
            )
    return tuple(found)


def taught(staff: pl.DataFrame, town: Town, asked: Iterable[str]) -> pl.DataFrame:
    """Staff with the skills that count: those allowed besides, less those being learned.

    A trainee counts for nothing, and whoever learns a skill not for that one.
    """
    wanted = set(asked)
    rows = [_able(row, town, wanted) for row in staff.iter_rows(named=True)]
    return staff.with_columns(pl.Series("skills", rows, dtype=pl.List(pl.String)))


def _able(person: Mapping[str, object], town: Town, asked: set[str]) -> list[str]:
    told = {name: person[name] for name in ("skills", "authorisations")}
    words = {
        name: {str(word) for word in value} if isinstance(value, list) else set()
        for name, value in told.items()
    }
    may = words["authorisations"]
    if "trainee" in may:
        return []
    learning = {
        word.removeprefix(LEARNING) for word in may if word.startswith(LEARNING)
    }
    allowed = {skill for word in may for skill in (word, *town.allows.get(word, ()))}
    return sorted((words["skills"] | allowed & asked) - learning)
