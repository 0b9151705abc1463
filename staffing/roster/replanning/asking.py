"""More (or fewer) contacts on a day: what the quarter-hours ask for then.

The contacts are spread as those expected already are. Late contacts are worked out anew by
the formulas of the requirement (Erlang A, or C without patience), from the contacts,
load and handling time stored per slot. What those formulas alone do not know - the
spread of the forecast, visits that are planned, what the simulation found - is taken
from the stored table itself: the factor on the load by which the formula gives the late
contacts stored for the number chosen, applied to the new load as well. What the formula
then tells more (or fewer) is added to the table: with no contacts more it stays as it is.
"""

import math
from datetime import date

import numpy as np
import polars as pl

from forecasting.errors import InputError
from staffing.requirement.buying import Ladder, climb
from staffing.requirement.queue import SLOT_S, Counts, Queue
from staffing.requirement.rates import Floats, expected_rates
from staffing.roster.instance import Instance
from staffing.roster.replanning.events import Asked
from staffing.roster.wanted import Demand
from staffing.roster.week.curves import convex_envelope
from staffing.standards import Standard

MOST_STRAIN = 4.0
"""Factors on the load beyond this, or below its inverse, are not looked for."""

HALVINGS = 30
"""Steps in which the factor is found: to a billionth."""

MORE = 6
"""Numbers of people told above what is asked for."""

CHOSEN = ["location", "skill", "start"]


def ask(
    instance: Instance,
    requirement: pl.DataFrame,
    standard: Standard | None,
    *,
    location: str,
    skill: str,
    day: date,
    contacts: float,
    at_work: float,
) -> Asked:
    """What the quarter-hours of a day ask for with so many contacts more (below 0: fewer).

    `requirement` is the table the instance was made of; `standard` that of the skill
    (none is needed for work that can wait); `at_work` the part of rostered time worked.

    Raises:
        InputError: nothing is asked for there, or there are not so many contacts.
    """
    place = instance.served(location, skill)
    slots = instance.slots.get((place, skill, day), {})
    demands = [slots[quarter] for quarter in sorted(slots)]
    if not demands:
        raise InputError(
            f"expected open hours of {skill} at {location} on {day}, found none"
        )
    rows = _rows(requirement, demands)
    offered = rows["offered"].to_numpy()
    if contacts < 0 and offered.sum() + contacts < 0:
        raise InputError(
            f"expected at most {offered.sum():.0f} contacts fewer of {skill} at "
            f"{location} on {day}, came {-contacts:g}"
        )
    if contacts == 0:
        return Asked(on=(day,), demands=tuple(demands))
    if demands[0].deferrable:
        quarters = contacts * _handling(rows).mean() / SLOT_S / at_work
        return Asked(on=(day,), demands=_waiting(demands, quarters))
    if standard is None:
        raise InputError(
            f"expected a standard of {skill} in standards.toml, found none"
        )
    return Asked(on=(day,), demands=_queued(demands, rows, standard, contacts, at_work))


def _rows(requirement: pl.DataFrame, demands: list[Demand]) -> pl.DataFrame:
    """One row per quarter-hour of the demands: that of the number chosen."""
    keys = pl.DataFrame(
        [(d.location, d.skill, d.start) for d in demands],
        schema={name: requirement.schema[name] for name in CHOSEN},
        orient="row",
    )
    chosen = requirement.filter("chosen").unique(CHOSEN)
    rows = keys.join(chosen, on=CHOSEN, how="left", maintain_order="left")
    if rows["offered"].null_count():
        raise InputError(
            "expected the requirement that the roster was made of, found another"
        )
    return rows


def _handling(rows: pl.DataFrame) -> Floats:
    """Handling time per slot; of slots without contacts the mean of the others."""
    told = rows["handling_s"].to_numpy()
    if not (told > 0).any():
        raise InputError("expected a handling time of the work, found none that day")
    return np.where(told > 0, told, told[told > 0].mean())


def _waiting(demands: list[Demand], quarters: float) -> tuple[Demand, ...]:
    """Work that can wait: so many person-quarters more, in the last open slots first."""
    required = [demand.required for demand in demands]
    left = math.ceil(quarters - 1e-9)
    while left > 0:
        for place in reversed(range(len(required))):
            required[place] += left > 0
            left -= left > 0
    while left < 0 and any(required):
        for place in reversed(range(len(required))):
            fewer = left < 0 and required[place] > 0
            required[place] -= fewer
            left += fewer
    return tuple(
        demand.model_copy(update={"required": max(number, demand.minimum)})
        for demand, number in zip(demands, required, strict=True)
    )


def _queued(
    demands: list[Demand],
    rows: pl.DataFrame,
    standard: Standard,
    contacts: float,
    at_work: float,
) -> tuple[Demand, ...]:
    offered, handling = rows["offered"].to_numpy(), _handling(rows)
    total = offered.sum()
    share = offered / total if total > 0 else np.full(offered.size, 1 / offered.size)
    more = offered + contacts * share
    factor = np.divide(more, offered, out=np.ones_like(more), where=offered > 0)
    plain = more * handling / SLOT_S
    load = np.where(offered > 0, rows["load"].to_numpy() * factor, plain)
    strain = _strain(rows, handling, standard, at_work)
    before, after = (
        _climbed(rows, contacts_then, load_then, strain, standard, at_work, sizes=None)
        for contacts_then, load_then in (
            (offered, rows["load"].to_numpy()),
            (more, load),
        )
    )
    grows = after.enough - before.enough
    grows = np.maximum(grows, 0) if contacts > 0 else np.minimum(grows, 0)
    sizes = np.maximum(before.sizes, after.sizes)
    had = _late(
        rows, offered, rows["load"].to_numpy(), strain, standard, at_work, sizes
    )
    has = _late(rows, more, load, strain, standard, at_work, sizes)
    return tuple(
        _asked(demand, demand.required + int(step), there - here)
        for demand, step, here, there in zip(demands, grows, had, has, strict=True)
    )


def _asked(demand: Demand, required: int, more: Floats) -> Demand:
    """The quarter-hour with so many late contacts more for 0, 1, 2 ... people."""
    stored = np.array([demand.late_with(number) for number in range(more.size)])
    falling = np.minimum.accumulate(np.maximum(stored + more, 0.0))
    return demand.model_copy(
        update={
            "required": max(required, demand.minimum, 0),
            "late": tuple(convex_envelope(falling).tolist()),
        }
    )


def _late(
    rows: pl.DataFrame,
    offered: Floats,
    load: Floats,
    strain: Floats,
    standard: Standard,
    at_work: float,
    sizes: Counts,
) -> list[Floats]:
    """Late contacts of 0, 1, 2 ... people per slot, as the formula tells them."""
    ladder = _climbed(rows, offered, load, strain, standard, at_work, sizes)
    late = offered[ladder.slot] * (1 - ladder.share).clip(0, 1)
    return np.split(late, ladder.begins[1:-1])


def _strain(
    rows: pl.DataFrame, handling: Floats, standard: Standard, at_work: float
) -> Floats:
    """The factor on the load by which the formula tells the late contacts stored."""
    offered, load = rows["offered"].to_numpy(), rows["load"].to_numpy()
    chosen, late = rows["people"].to_numpy(), rows["late"].to_numpy()
    low = np.full(offered.size, 1 / MOST_STRAIN)
    high = np.full(offered.size, MOST_STRAIN)
    for _ in range(HALVINGS):
        middle = np.sqrt(low * high)
        sizes = chosen + 1
        ladder = _climbed(rows, offered, load, middle, standard, at_work, sizes)
        is_late = offered * (1 - ladder.at(chosen)) > late
        high = np.where(is_late, middle, high)
        low = np.where(is_late, low, middle)
    return np.where((offered > 0) & (load > 0), np.sqrt(low * high), 1.0)


def _climbed(
    rows: pl.DataFrame,
    offered: Floats,
    load: Floats,
    strain: Floats,
    standard: Standard,
    at_work: float,
    sizes: Counts | None,
) -> Ladder:
    """The ladder of the slots at a strain, without further spread."""
    zeros = np.zeros(rows.height, dtype=np.int64)
    none = np.zeros(rows.height)
    queue = Queue(
        keys=rows.select(CHOSEN),
        day=zeros,
        opening=zeros,
        walk_ins=offered,
        booked=none,
        handling_s=_handling(rows),
        handling_cv=none,
        noise_cv=none,
        factors=np.ones((1, 1)),
        load=load,
        strain=strain,
    )
    smooth = standard.patience_s is not None
    rates = expected_rates(queue.factors, queue.day, queue.noise_cv, smooth=smooth)
    if sizes is None:
        return climb(queue, standard, rates, at_work=at_work, more=MORE)
    return climb(queue, standard, rates, at_work=at_work, sizes=sizes)
