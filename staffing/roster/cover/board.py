"""All people of a shift-cover instance side by side: rules, own costs, and who works."""

from typing import NamedTuple

from staffing.roster.lawful.frame import Bytes, Floats, Ints, Space


class Board(NamedTuple):
    """Rules and costs; P people, D days, S named shifts, G choices of a day.

    `frames` of all people: `choices` (P, D, G, 6), `days` (P, D, 4), `follow` (P, nights,
    tails, heads), `most_kind` (P, kinds), `limits` (P, 9), `entry` (P, fields);
    nobody has `dues` (0, 0).
    `choice_of` (P, D, S): the choice of a shift, -1 where it may not be had. `own`
    (P, D, S + 1): what wishes and changes cost, the last for a day off, infinite where a
    lock says to work. `step` (D, S, P + 1): what one more head costs after so many.
    `cuts`: whether days far from a change may be left alone when it is checked.
    """

    choices: Ints
    days: Ints
    follow: Bytes
    most_kind: Ints
    limits: Ints
    entry: Ints
    dues: Floats
    choice_of: Ints
    own: Floats
    step: Floats
    cuts: Ints


class Plan(NamedTuple):
    """Who works what: `shift` (P, D), -1 off; `heads` (D, S)."""

    shift: Ints
    heads: Ints


class Desk(NamedTuple):
    """Working space of one thread."""

    space: Space
    costs: Floats
    off: Floats
    pick: Ints
    path: Ints
    label: Ints
    kept: Ints
    chosen: Ints
