"""An instance of plain shift cover as a board: every person compiled, stacked and padded."""

from collections.abc import Sequence
from typing import NamedTuple

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
    Frame,
    Ints,
    space_for,
)
from staffing.roster.lawful.framing import compile_person
from staffing.roster.people import Person
from staffing.roster.personal import change_cost
from staffing.roster.shifts import Template


def shift_names(instance: Instance) -> tuple[str, ...]:
    """The named shifts, in order."""
    return tuple(dict.fromkeys(template.name for template in instance.templates))


class Row(NamedTuple):
    """What a board keeps of one person."""

    frame: Frame
    choice_of: Ints
    own: Floats
    cuts: bool


def stack(instance: Instance) -> Board:
    """The board of an instance."""
    people = [_row(instance, person) for person in instance.people]
    return Board(
        choices=_stacked([row.frame.choices for row in people]),
        days=np.stack([row.frame.days for row in people]),
        follow=_follow([row.frame.follow for row in people]),
        most_kind=_padded([row.frame.most_kind for row in people], BIG // 4),
        limits=np.stack([row.frame.limits for row in people]),
        entry=_padded([row.frame.entry for row in people], 0),
        dues=np.zeros((0, 0)),
        choice_of=np.stack([row.choice_of for row in people]),
        own=np.stack([row.own for row in people]),
        step=_steps(instance),
        cuts=np.array([row.cuts for row in people], np.int64),
    )


def _row(instance: Instance, person: Person) -> Row:
    compiled = compile_person(instance, person)
    return Row(
        compiled.frame,
        _choice_of(instance, compiled),
        _own(instance, compiled),
        _cuts(compiled.frame),
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


def _follow(tables: Sequence[Bytes]) -> Bytes:
    """Tables of successions, padded; the day off stays the last tail."""
    shape = np.max([table.shape for table in tables], axis=0)
    found = np.zeros((len(tables), *shape), np.uint8)
    for person, table in enumerate(tables):
        nights, tails, heads = table.shape
        found[person, :nights, : tails - 1, :heads] = table[:, :-1]
        found[person, :, -1] = 1
    return found


def _padded(rows: Sequence[Ints], number: int) -> Ints:
    """Rows of different lengths, filled up with a number."""
    found = np.full((len(rows), max(row.size for row in rows)), number, np.int64)
    for person, row in enumerate(rows):
        found[person, : row.size] = row
    return found


def _choice_of(instance: Instance, compiled: Compiled) -> Ints:
    names = {name: place for place, name in enumerate(shift_names(instance))}
    found = np.full((instance.length, len(names)), NONE, np.int64)
    shifts = [names[option.shift.name] for option in compiled.options]
    found[compiled.day, shifts] = compiled.choice
    return found


def _own(instance: Instance, compiled: Compiled) -> Floats:
    """Euros of wishes and changes per day and shift, the last for a day off."""
    shapes = {template.name: template for template in instance.templates}
    columns = [*(shapes[name] for name in shift_names(instance)), None]
    found = np.zeros((instance.length, len(columns)))
    for wish in compiled.person.wishes:
        if 0 <= (wish.day - instance.week).days < instance.length:
            refused = [not wish.granted(shape) for shape in columns]
            found[(wish.day - instance.week).days] += wish.weight * np.array(refused)
    if instance.known is not None:
        found += _changes(instance, compiled.person, columns)
    found[compiled.must == 1, -1] = np.inf
    return found


def _changes(
    instance: Instance, person: Person, columns: Sequence[Template | None]
) -> Floats:
    rows = [
        [change_cost(instance, person, day, shape) for shape in columns]
        for day in instance.days
    ]
    return np.array(rows)


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


def _cuts(frame: Frame) -> bool:
    """Whether no rule but rows of days reaches from a window into days after it."""
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
