"""An instance of plain shift cover as a board: every person compiled, stacked and padded."""

from collections.abc import Sequence

import numpy as np

from staffing.roster.cover.board import Board, Desk, Plan
from staffing.roster.instance import Instance
from staffing.roster.lawful.compiling import Compiled
from staffing.roster.lawful.frame import (
    BIG,
    COUNTS,
    HEAD,
    MOST_OF_WEEK,
    NONE,
    REST,
    Bytes,
    Floats,
    Ints,
    space_for,
)
from staffing.roster.lawful.framing import compile_person
from staffing.roster.personal import change_cost, wish_cost


def shift_names(instance: Instance) -> tuple[str, ...]:
    """The named shifts, in order."""
    return tuple(dict.fromkeys(template.name for template in instance.templates))


def stack(instance: Instance) -> Board:
    """The board of an instance."""
    people = [compile_person(instance, person) for person in instance.people]
    return Board(
        choices=_stacked([c.frame.choices for c in people]),
        days=np.stack([c.frame.days for c in people]),
        follow=_follow(people),
        most_kind=_padded_kinds(people),
        limits=np.stack([c.frame.limits for c in people]),
        entry=_entries(people),
        choice_of=np.stack([_choice_of(instance, c) for c in people]),
        own=np.stack([_own(instance, c) for c in people]),
        step=_steps(instance),
        cuts=np.array([_cuts(c) for c in people], np.int64),
    )


def _stacked(tables: Sequence[Ints]) -> Ints:
    """Tables of choices, padded with choices that are none."""
    most = max(table.shape[1] for table in tables)
    days, fields = tables[0].shape[0], tables[0].shape[2]
    found = np.zeros((len(tables), days, most, fields), np.int64)
    found[..., HEAD] = NONE
    for person, table in enumerate(tables):
        found[person, :, : table.shape[1]] = table
    return found


def _follow(people: Sequence[Compiled]) -> Bytes:
    """Tables of successions, padded; the day off stays the last tail."""
    tables = [c.frame.follow for c in people]
    shape = np.max([table.shape for table in tables], axis=0)
    found = np.zeros((len(tables), *shape), np.uint8)
    for person, table in enumerate(tables):
        nights, tails, heads = table.shape
        found[person, :nights, : tails - 1, :heads] = table[:, :-1]
        found[person, :, -1] = 1
    return found


def _padded_kinds(people: Sequence[Compiled]) -> Ints:
    most = max(c.frame.most_kind.size for c in people)
    found = np.full((len(people), most), BIG // 4, np.int64)
    for person, c in enumerate(people):
        found[person, : c.frame.most_kind.size] = c.frame.most_kind
    return found


def _entries(people: Sequence[Compiled]) -> Ints:
    most = max(c.frame.entry.size for c in people)
    found = np.zeros((len(people), most), np.int64)
    for person, c in enumerate(people):
        found[person, : c.frame.entry.size] = c.frame.entry
    return found


def _choice_of(instance: Instance, compiled: Compiled) -> Ints:
    names = {name: place for place, name in enumerate(shift_names(instance))}
    found = np.full((instance.length, len(names)), NONE, np.int64)
    shifts = [names[option.shift.name] for option in compiled.options]
    found[compiled.day, shifts] = compiled.choice
    return found


def _own(instance: Instance, compiled: Compiled) -> Floats:
    """Euros of wishes and changes per day and shift, the last for a day off."""
    person, names = compiled.person, shift_names(instance)
    shapes = {template.name: template for template in instance.templates}
    columns = [*(shapes[name] for name in names), None]
    found = np.zeros((instance.length, len(columns)))
    for day in _days_that_matter(instance, compiled):
        for column, shape in enumerate(columns):
            when = instance.days[day]
            found[day, column] = wish_cost(person, when, shape)
            found[day, column] += change_cost(instance, person, when, shape)
    found[compiled.must == 1, -1] = np.inf
    return found


def _days_that_matter(instance: Instance, compiled: Compiled) -> range | list[int]:
    if instance.known is not None:
        return range(instance.length)
    wishes = compiled.person.wishes
    return sorted({(wish.day - instance.week).days for wish in wishes})


def _steps(instance: Instance) -> Floats:
    """What one more head costs on a day's shift, after each number of heads."""
    names = {name: place for place, name in enumerate(shift_names(instance))}
    size = len(instance.people) + 1
    found = np.zeros((instance.length, len(names), size))
    heads = np.arange(size)
    for cover in instance.covers:
        step = np.where(heads < cover.wanted, -cover.price_under, cover.price_over)
        found[(cover.day - instance.week).days, names[cover.shift]] += step
    return found


def _cuts(compiled: Compiled) -> bool:
    """Whether no rule but rows of days reaches from a window into days after it."""
    frame = compiled.frame
    weekly = (frame.days[:, MOST_OF_WEEK] < BIG).any()
    return bool(frame.limits[REST] < 0 and not weekly and (frame.follow < 2).all())


def desk_for(board: Board, most: int) -> Desk:
    """Working space for one thread, for at most so many labels a day."""
    people, days, choices, _ = board.choices.shape
    kinds = board.most_kind.shape[1]
    return Desk(
        space=space_for(days, kinds, most),
        costs=np.full((days, choices), np.inf),
        off=np.zeros(days),
        pick=np.full((days, choices), NONE, np.int64),
        path=np.full(days, NONE, np.int64),
        label=np.zeros(COUNTS + kinds, np.int64),
        kept=np.zeros((people, days), np.int64),
        chosen=np.zeros(people, np.int64),
    )


def empty_plan(board: Board) -> Plan:
    """Nobody works; not lawful yet for who must."""
    people, days = board.own.shape[:2]
    return Plan(
        np.full((people, days), NONE, np.int64),
        np.zeros((days, board.own.shape[2] - 1), np.int64),
    )


class Value:
    """The objective of a plan in euros, from tables."""

    def __init__(self, instance: Instance, board: Board) -> None:
        self.own = board.own
        self.reached = np.cumsum(np.insert(board.step, 0, 0, axis=2), axis=2)
        self.empty = sum(cover.wanted * cover.price_under for cover in instance.covers)

    def __call__(self, plan: Plan) -> float:
        """Own costs of everybody, and heads amiss."""
        own = np.take_along_axis(self.own, plan.shift[..., None], axis=2).sum()
        cover = np.take_along_axis(self.reached, plan.heads[..., None], axis=2).sum()
        return float(own + cover + self.empty)

    def plan(self, shift: Ints) -> Plan:
        """A plan with its heads counted."""
        shifts = self.own.shape[2] - 1
        heads = [(shift == number).sum(axis=0) for number in range(shifts)]
        return Plan(shift, np.stack(heads, axis=1).astype(np.int64))
