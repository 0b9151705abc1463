"""Phone traffic per quarter-hour and queue, as the exchange exports it.

Waiting follows the Erlang A model (Poisson arrivals, exponential handling and patience),
with the agents of a plan made on last year's calls: enough in the dip, short in peaks.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from forecasting.reference.bookings import DAY, moments
from forecasting.reference.demand import World
from forecasting.reference.streams import Counts, Numbers, gamma_factors, lognormal
from forecasting.reference.writing import Export, write_dutch_csv

SLOT_MINUTES = 15
SLOT_S = 900
THRESHOLD_S = 25


@dataclass(frozen=True)
class _Slots:
    """The open quarter-hours: day, minute since the first midnight, profile, weekday."""

    day: Counts
    minute: Counts
    profile: Numbers
    slot_of_week: Counts


def write_calls(folder: Path, world: World) -> list[Export]:
    """Write one row per open quarter-hour and queue, zeros included."""
    file = folder / "telephony.csv"
    write_dutch_csv(file, make_calls(world))
    return [Export(file, "telephony")]


def make_calls(world: World) -> pl.DataFrame:
    """Offered, answered, given up and answered within 25 s per quarter-hour and queue."""
    slots = _open_slots(world)
    rng = world.rng("telephony")
    offered = _offered(world, slots, rng)
    handling = np.array(
        [_handling(world, queue.service) for queue in world.policy.queue]
    )
    abandoned, in_time = _outcomes(world, slots, offered, handling, rng)
    queues = [queue.name for queue in world.policy.queue]
    frames = [
        _queue_frame(
            world, slots, name, offered[:, i], handling[i], (abandoned, in_time), rng
        )
        for i, name in enumerate(queues)
    ]
    return pl.concat(frames).sort("Interval start", maintain_order=True)


def _open_slots(world: World) -> _Slots:
    days = world.days
    key = f"{world.place.desk}/phone"
    minutes = np.where(days.past, days.minutes[key], 0)
    number = minutes // SLOT_MINUTES
    day = np.repeat(np.arange(days.number), number)
    nth = np.arange(day.size) - np.repeat(np.cumsum(number) - number, number)
    minute = days.opens[key][day] + SLOT_MINUTES * nth
    shares = np.array(world.policy.hours["phone"].values)
    part = (nth + 0.5) / number[day]
    tenths = (np.arange(shares.size) + 0.5) / shares.size
    profile = np.interp(part, tenths, shares)
    profile /= np.bincount(day, profile, days.number)[day]
    slot_of_week = (day % 7) * (DAY // SLOT_MINUTES) + minute // SLOT_MINUTES
    return _Slots(day, day * DAY + minute, profile, slot_of_week)


def _offered(world: World, slots: _Slots, rng: np.random.Generator) -> Counts:
    """Calls per slot (rows) and queue (columns); the totals of a day stay as they were."""
    columns = []
    for counts in world.of("phone").values():
        noise = gamma_factors(rng, world.policy.figure["slot_cv"].value, slots.day.size)
        upto = np.cumsum(slots.profile * noise)
        caller_day = np.repeat(
            np.arange(counts.size), np.where(world.days.past, counts, 0)
        )
        first = np.searchsorted(slots.day, caller_day, side="left")
        last = np.searchsorted(slots.day, caller_day, side="right") - 1
        low = np.where(first > 0, upto[first - 1], 0.0)
        at = low + rng.random(caller_day.size) * (upto[last] - low)
        place = np.clip(np.searchsorted(upto, at), first, last)
        columns.append(np.bincount(place, minlength=slots.day.size))
    return np.stack(columns, axis=1)


def _handling(world: World, service: str) -> float:
    step = world.catalogue.find_step(service, "question")
    return (step.handling_s if step else 240.0) * world.truth.handling[service]


def _outcomes(
    world: World,
    slots: _Slots,
    offered: Counts,
    handling: Numbers,
    rng: np.random.Generator,
) -> tuple[Numbers, Numbers]:
    """Chance to give up and to be answered within the threshold, per slot."""
    calls = offered.sum(axis=1)
    mean_handling = np.where(
        calls > 0, offered @ handling / np.maximum(calls, 1), handling.mean()
    )
    agents = _planned_agents(world, slots, offered @ handling / SLOT_S)
    absent = world.policy.figure["absent_agents"].value
    present = np.maximum(agents - rng.binomial(agents, absent), 1)
    smooth = np.convolve(np.pad(calls, 1, mode="edge"), [0.25, 0.5, 0.25], mode="valid")
    load = smooth * mean_handling / SLOT_S
    return erlang_a(load, mean_handling, present, world.truth["patience_s"])


def _planned_agents(world: World, slots: _Slots, load: Numbers) -> Counts:
    """Agents per slot of the week, planned on the mean load of the year before."""
    year = slots.day // 364
    agents = np.zeros(slots.day.size, dtype=np.int64)
    for current in range(int(year.max(initial=0)) + 1):
        of_year, known = year == current, year == max(current - 1, 0)
        number = np.bincount(slots.slot_of_week[known], minlength=7 * 96)
        total = np.bincount(slots.slot_of_week[known], load[known], minlength=7 * 96)
        mean = total / np.maximum(number, 1)
        plan = np.ceil(
            world.policy.figure["staffing_margin"].value * mean + np.sqrt(mean)
        )
        agents[of_year] = np.maximum(plan, 2)[slots.slot_of_week[of_year]]
    return agents


def erlang_a(
    load: Numbers, handling_s: Numbers, agents: Counts, patience_s: float
) -> tuple[Numbers, Numbers]:
    """Chance to give up, and to be answered within 25 s, in M/M/n+M (sums of states).

    The wait of those who wait is taken as exponential, which is an approximation.
    """
    load = np.maximum(load, 1e-6)
    weight = np.ones_like(load)
    total, waiting, queue = np.ones_like(load), np.zeros_like(load), np.zeros_like(load)
    waiting += np.where(agents == 0, weight, 0.0)
    for state in range(1, int(agents.max(initial=1)) + 60):
        excess = np.maximum(state - agents, 0)
        out = np.minimum(state, agents) + excess * handling_s / patience_s
        weight = weight * load / out
        total += weight
        waiting += np.where(state >= agents, weight, 0.0)
        queue += excess * weight
    delayed, queued = waiting / total, queue / total
    gives_up = np.minimum(queued * handling_s / patience_s / load, delayed)
    mean_wait = np.maximum(queued * handling_s / load / np.maximum(delayed, 1e-9), 1e-6)
    soon = 1 - np.exp(-THRESHOLD_S / mean_wait)
    return gives_up, (1 - delayed) + (delayed - gives_up) * soon


def _queue_frame(
    world: World,
    slots: _Slots,
    name: str,
    offered: Counts,
    handling: float,
    chances: tuple[Numbers, Numbers],
    rng: np.random.Generator,
) -> pl.DataFrame:
    gives_up, in_time = chances
    abandoned = rng.binomial(offered, gives_up)
    answered = offered - abandoned
    soon = rng.binomial(answered, np.clip(in_time / (1 - gives_up), 0, 1))
    after = world.policy.figure["after_call_share"].value
    talk = _mean_seconds(rng, (1 - after) * handling, answered)
    wrap_up = _mean_seconds(rng, after * handling, answered)
    return pl.DataFrame(
        {
            "Interval start": moments(world.days, slots.minute.astype(float)),
            "Wachtrij": pl.repeat(name, offered.size, eager=True),
            "Aangeboden": offered,
            "Beantwoord": answered,
            "Afgehaakt": abandoned,
            "Beantwoord binnen 25 s": soon,
            "Gem. gesprekstijd (s)": talk,
            "Gem. nawerktijd (s)": wrap_up,
        }
    )


def _mean_seconds(rng: np.random.Generator, mean: float, answered: Counts) -> pl.Series:
    """The mean of that many handling times (cv 1), with one decimal; null without calls."""
    calls = np.maximum(answered, 1)
    draws = lognormal(rng, np.full(answered.size, mean), 1 / np.sqrt(calls))
    values = pl.Series(np.round(draws, 1))
    return values.set(pl.Series(answered == 0), None)
