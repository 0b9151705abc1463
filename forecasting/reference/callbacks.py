"""Requests to be called back as tasks: assigned at once, done on some working day."""

from pathlib import Path

import numpy as np
import polars as pl

from forecasting.reference.demand import World
from forecasting.reference.messages import identifiers, midnights
from forecasting.reference.streams import Numbers, gamma_factors
from forecasting.reference.writing import Export

AT_WORK = (9.0, 17.0)
"""Hours of the day between which tasks are done."""
SAME_DAY = 15.0
"""Who asks before this hour may be called back on the same day."""
WRITTEN = "%Y-%m-%dT%H:%M:%S%:z"


def write_callbacks(
    folder: Path, world: World, zone: str, messages: pl.DataFrame
) -> list[Export]:
    """Write a task for each request to be called back among the messages."""
    file = folder / "interne_taken.csv"
    make_callbacks(world, zone, messages).write_csv(file)
    return [Export(file, "open_klant_tasks")]


def make_callbacks(world: World, zone: str, messages: pl.DataFrame) -> pl.DataFrame:
    """Tasks in order of assignment; what is not done by the last day has no end."""
    rng = world.rng("internetaak")
    asked = messages.filter(pl.col("kanaal") == "terugbelverzoek")["plaatsgevondenOp"]
    moments = asked.str.to_datetime(WRITTEN, time_unit="us", time_zone="UTC")
    done = _done(world, zone, moments.dt.epoch("s").to_numpy().astype(float), rng)
    ended = pl.Series(done, nan_to_null=True).cast(pl.Int64) * 1_000_000
    local = ended.cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(zone)
    open_ = np.isnan(done)
    return pl.DataFrame(
        {
            "uuid": identifiers(rng, done.size),
            "toegewezenOp": asked,
            "afgehandeldOp": local.dt.to_string(WRITTEN),
            "status": np.where(open_, "te_verwerken", "verwerkt"),
        }
    )


def _done(world: World, zone: str, asked: Numbers, rng: np.random.Generator) -> Numbers:
    """When each task was done, in seconds since 1970; nan for those still open.

    On each working day a task is done with a chance that all tasks of that day share:
    on a bad day few are.
    """
    starts, days = midnights(world, zone), world.days
    figure = world.policy.figure
    noise = gamma_factors(rng, figure["callback_day_cv"].value, days.number)
    chance = (figure["callback_done_chance"].value * noise).clip(0, 1)
    chance *= days.is_open(world.place.desk, "phone")
    first, last = AT_WORK
    done = np.full(asked.size, np.nan)
    for day in np.flatnonzero((chance > 0) & days.past):
        begin, end = starts[day] + 3600 * first, starts[day] + 3600 * last
        soon = asked < starts[day] + 3600 * SAME_DAY
        waiting = np.flatnonzero(soon & np.isnan(done))
        chosen = waiting[rng.random(waiting.size) < chance[day]]
        earliest = np.maximum(asked[chosen] + 300, begin)
        done[chosen] = np.floor(rng.uniform(earliest, end))
    return done
