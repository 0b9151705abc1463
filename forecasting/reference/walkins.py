"""Walk-in visits as the queue-ticket system exports them, with waits and who left."""

from pathlib import Path

import numpy as np
import polars as pl

from forecasting.reference.bookings import DAY, moments, within_opening
from forecasting.reference.days import usual_before
from forecasting.reference.demand import World
from forecasting.reference.setting import Series
from forecasting.reference.streams import Counts, Numbers, hex_references, lognormal
from forecasting.reference.writing import Export

TICKETS = {
    ("passport", "collection"): "Afhalen paspoort",
    ("id_card", "collection"): "Afhalen identiteitskaart",
    ("licence", "collection"): "Afhalen rijbewijs",
    ("departure", "declaration"): "Vertrek naar het buitenland",
    ("extract", "application"): "Uittreksel BRP",
    ("conduct", "application"): "Verklaring omtrent het gedrag",
    ("death", "declaration"): "Aangifte overlijden",
    ("legalisation", "application"): "Legalisatie handtekening",
    ("general", "visit"): "Informatie en overige vragen",
}


def write_visits(folder: Path, world: World) -> list[Export]:
    """Write all walk-in visits up to `until`."""
    file = folder / "visits.parquet"
    make_visits(world).write_parquet(file)
    return [Export(file, "qmatic")]


def make_visits(world: World) -> pl.DataFrame:
    """Visits in order of arrival; who left waited but was not served."""
    crowding = _crowding(world)
    visits = [
        _visits_of(world, series, np.where(world.days.past, counts, 0), crowding)
        for series, counts in world.of("walk_in").items()
    ]
    frame = pl.concat(visits).sort("created", maintain_order=True)
    references = hex_references(world.rng("qmatic/reference"), frame.height)
    return frame.insert_column(0, pl.Series("publicId", references))


def _crowding(world: World) -> dict[str, Numbers]:
    """Per location and day: counter work beside the usual of the two years before."""
    work = {k.id: np.zeros(world.days.number) for k in world.place.locations}
    for channel in ("appointment", "walk_in"):
        for series, counts in world.of(channel).items():
            step = world.catalogue.find_step(series.service, series.step)
            work[series.location] += counts * (step.handling_s if step else 0.0)
    return {location: _beside_usual(hours) for location, hours in work.items()}


def _beside_usual(work: Numbers) -> Numbers:
    weekly = work.reshape(-1, 7).sum(axis=1)
    usual = np.repeat(np.maximum(usual_before(weekly), 1), 7) / 5
    crowding: Numbers = np.clip(work / usual, 0.4, 2.2)
    return crowding


def _visits_of(
    world: World, series: Series, counts: Counts, crowding: dict[str, Numbers]
) -> pl.DataFrame:
    rng = world.rng(f"qmatic/{'/'.join(series)}")
    day = np.repeat(np.arange(counts.size), counts)
    key = f"{series.location}/counter"
    part = within_opening(world.policy.hours["walk_in"].values, day.size, rng)
    minute = world.days.opens[key][day] + part * world.days.minutes[key][day]
    figure = world.policy.figure
    mean = figure["counter_wait_s"].value * crowding[series.location][day] ** 2.5
    wait = rng.gamma(1.2, mean / 1.2)
    patience = rng.exponential(figure["counter_patience_s"].value, day.size)
    left = wait > patience
    served, extra = map(pl.Series, _served(world, series, day.size, rng))
    left_early = pl.Series(left)
    return pl.DataFrame(
        {
            "service": pl.repeat(
                TICKETS[series.service, series.step], day.size, eager=True
            ),
            "location": pl.repeat(world.name_of(series.location), day.size, eager=True),
            "created": moments(world.days, np.floor(60 * (day * DAY + minute)) / 60),
            "waitingTime": np.minimum(wait, patience).astype(np.int64),
            "duration": served.set(left_early, None),
            "additionalCustomerDuration": extra.set(left_early, None),
            "left": left,
        }
    )


def _served(
    world: World, series: Series, number: int, rng: np.random.Generator
) -> tuple[Counts, Counts]:
    """Seconds served and, for one in four, seconds extra: together the handling time."""
    step = world.catalogue.find_step(series.service, series.step)
    mean, cv = (step.handling_s, step.handling_cv) if step else (300.0, 0.6)
    mean *= world.truth.handling[series.service]
    total = lognormal(rng, np.full(number, mean), cv)
    extra = np.where(rng.random(number) < 0.25, 0.2 * total, 0.0)
    return (total - extra).astype(np.int64) + 1, extra.astype(np.int64)
