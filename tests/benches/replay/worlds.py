"""Made-up call centres: who is ready how much, and how patient callers are, is known."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from staffing.simulation.outcomes import Floats
from staffing.simulation.replaying_kernel import live_through

SLOTS, SLOT_S, THRESHOLD_S = 20, 1800, 25
START = datetime(2026, 3, 2, 9)  # noqa: DTZ001 - any clock will do


@dataclass(frozen=True)
class World:
    """What makes a centre; the spreads of readiness are per slot and per day."""

    readiness: float = 0.85
    patience_s: float = 300.0
    handling_cv: float = 1.2
    uneven_slots: float = 0.0
    uneven_days: float = 0.0
    contacts: float = 60.0
    planned_means: bool = False


WORLDS = {
    "plain": World(),
    "readiness 0.6, patience 150 s": World(readiness=0.6, patience_s=150.0),
    "readiness uneven by slot": World(uneven_slots=0.2),
    "readiness uneven by day": World(uneven_days=0.1),
    "handling cv 0.5": World(handling_cv=0.5),
    "planned handling times": World(planned_means=True),
    "20 contacts a slot": World(contacts=20.0),
    "250 contacts a slot": World(contacts=250.0),
}


def lived(world: World, days: int, seed: int) -> pl.DataFrame:
    """Days of a world as the frame that `replay` takes, with what happened."""
    rng = np.random.default_rng(seed)
    each = [_day(world, rng, seed * 1000 + day) for day in range(days)]
    starts = [
        START + timedelta(days=day, seconds=SLOT_S * slot)
        for day in range(days)
        for slot in range(SLOTS)
    ]
    return pl.DataFrame({"start": starts}).hstack(pl.concat(each))


def _day(world: World, rng: np.random.Generator, seed: int) -> pl.DataFrame:
    shape = 0.6 + 0.8 * np.sin(np.linspace(0, np.pi, SLOTS))
    busy = world.contacts * shape * np.exp(0.15 * rng.standard_normal())
    offered = rng.poisson(busy).astype(np.float64)
    agents = np.maximum(offered * 180 / SLOT_S / rng.uniform(0.55, 1.05, SLOTS), 1.0)
    handling = _means(world, rng, offered)
    apart = world.uneven_slots * rng.standard_normal(SLOTS)
    ready = world.readiness * np.exp(apart + world.uneven_days * rng.standard_normal())
    told = live_through(
        np.array([seed], dtype=np.uint32), offered, handling, (agents * ready)[None],
        SLOT_S, THRESHOLD_S, world.handling_cv, True, world.patience_s,
    )  # fmt: skip
    return pl.DataFrame(
        {
            "offered": offered,
            "agents": agents,
            "handling_time_s": np.full(SLOTS, 180.0)
            if world.planned_means
            else handling,
            "answered_in_time": told[0, 0],
            "abandoned": told[1, 0],
        }
    )


def _means(world: World, rng: np.random.Generator, offered: Floats) -> Floats:
    """Means of as many lognormal handling times as came, about a mean that wanders."""
    sigma = np.sqrt(np.log1p(world.handling_cv**2))
    wanders = 180 * np.exp(0.1 * rng.standard_normal(SLOTS))
    units = [
        rng.lognormal(-(sigma**2) / 2, sigma, max(int(count), 1)).mean()
        for count in offered
    ]
    return np.asarray(wanders * np.array(units), dtype=np.float64)
