"""Appointments as the booking system exports them: kept, missed, cancelled, planned."""

import math
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from forecasting.reference.days import Days, usual_before
from forecasting.reference.demand import World
from forecasting.reference.setting import Series
from forecasting.reference.streams import Counts, Numbers, hex_references
from forecasting.reference.writing import Export, write_dutch_csv

DAY = 24 * 60
SPLIT = date(2023, 1, 1)  # the booking system was replaced: another file format
URGENT = {"birth": 3}  # days at most: a birth is registered within three days
GRID = 5  # minutes
LEAD_SHAPE = 1.2  # of the gamma distribution of days from booking to visit
TRIAL = "Proefafspraak coördinatie: één per maand, niet gebruiken"  # real lists are no ASCII


def write_bookings(folder: Path, world: World) -> list[Export]:
    """Write the Parquet of the old system and the CSV of the new one."""
    frame = make_bookings(world)
    old = folder / "bookings_2013_2022.parquet"
    new = folder / "bookings_2023_now.csv"
    before = pl.col("startDateTime").dt.date() < SPLIT
    frame.filter(before).write_parquet(old)
    write_dutch_csv(new, frame.filter(~before))
    return [Export(old, "jcc"), Export(new, "jcc")]


def make_bookings(world: World) -> pl.DataFrame:
    """All bookings made up to `until`, in the order in which they were made."""
    lead = _lead_by_week(world)
    booked = [
        _bookings_of(world, series, kept, lead)
        for series, kept in world.of("appointment").items()
    ]
    booked.append(_trial_bookings(world))
    frame = pl.concat(booked).sort("creationDateTime", maintain_order=True)
    frame = frame.filter(
        pl.col("creationDateTime").dt.date() <= world.days.until,
        pl.col("startDateTime").dt.date() >= world.days.start,
    )
    references = hex_references(world.rng("jcc/reference"), frame.height)
    return frame.insert_column(0, pl.Series("publicId", references))


def _lead_by_week(world: World) -> Numbers:
    """Mean days from booking to visit: longer when the weeks are fuller than usual."""
    total = np.sum(list(world.of("appointment").values()), axis=0)
    weekly = total.reshape(-1, 7).sum(axis=1).astype(float)
    smooth = np.convolve(np.pad(weekly, 1, mode="edge"), np.ones(3) / 3, mode="valid")
    fullness = np.clip(smooth / np.maximum(usual_before(weekly), 1), 0.7, 2.0)
    lead: Numbers = world.policy.figure["lead_days"].value * fullness**2.2
    return lead


def _bookings_of(
    world: World, series: Series, kept: Counts, lead: Numbers
) -> pl.DataFrame:
    rng = world.rng(f"jcc/{'/'.join(series)}")
    longest = URGENT.get(series.service, world.policy.figure["longest_lead_days"].value)
    missed, cancelled = world.truth["no_show"], world.truth["cancelled"]
    soon = np.arange(kept.size) <= world.days.index(world.days.until) + longest + 1
    by_status = [kept, rng.poisson(kept * missed), rng.poisson(kept * cancelled)]
    by_status = [np.where(soon, counts, 0) for counts in by_status]
    day = np.concatenate([np.repeat(np.arange(kept.size), n) for n in by_status])
    status = np.repeat(["kept", "noshow", "cancelled"], [n.sum() for n in by_status])
    service = world.catalogue.services[series.service]
    step = world.catalogue.find_step(series.service, series.step)
    length = 2.5 * math.ceil((step.handling_s if step else 600) / 150)
    start = day * DAY + _start_minutes(world, series, day, length, rng)
    created = _created(start, lead[day // 7], longest, rng)
    planned = day > world.days.index(world.days.until)
    return pl.DataFrame(
        {
            "creationDateTime": moments(world.days, created),
            "startDateTime": moments(world.days, start),
            "endDateTime": moments(world.days, start + length),
            "acitivityList": pl.repeat(service.name_nl, day.size, eager=True),
            "appointmentDuration": np.full(day.size, length),
            "location": pl.repeat(world.name_of(series.location), day.size, eager=True),
            "status": np.where(planned & (status != "cancelled"), "planned", status),
        }
    )


def _trial_bookings(world: World) -> pl.DataFrame:
    """What colleagues book to try the system out, about monthly, and cancel at once."""
    rng = world.rng("jcc/trial")
    is_open = world.days.is_open(world.place.desk, "counter") > 0
    day = np.flatnonzero(is_open & (rng.random(is_open.size) < 1 / 21))
    opens = world.days.opens[f"{world.place.desk}/counter"]
    start = (day * DAY + opens[day] + 60).astype(np.float64)
    return pl.DataFrame(
        {
            "creationDateTime": moments(world.days, start - DAY - 30),
            "startDateTime": moments(world.days, start),
            "endDateTime": moments(world.days, start + 10),
            "acitivityList": pl.repeat(TRIAL, day.size, eager=True),
            "appointmentDuration": np.full(day.size, 10.0),
            "location": pl.repeat(
                world.name_of(world.place.desk), day.size, eager=True
            ),
            "status": pl.repeat("cancelled", day.size, eager=True),
        }
    )


def _start_minutes(
    world: World, series: Series, day: Counts, length: float, rng: np.random.Generator
) -> Numbers:
    """Minute of the day on the booking grid, so that the visit ends before closing."""
    key = f"{series.location}/counter"
    opens, minutes = world.days.opens[key][day], world.days.minutes[key][day]
    part = within_opening(world.policy.hours["appointment"].values, day.size, rng)
    places = np.floor((minutes - length) / GRID) + 1
    minute: Numbers = opens + GRID * np.floor(part * places)
    return minute


def _created(
    start: Numbers, lead: Numbers, longest: float, rng: np.random.Generator
) -> Numbers:
    """Minute of booking: some days earlier between 07:00 and 23:00, or shortly before."""
    ahead = np.minimum(np.round(rng.gamma(LEAD_SHAPE, lead / LEAD_SHAPE)), longest)
    minute = 7 * 60 + np.floor(rng.beta(1.6, 2.2, start.size) * 16 * 60)
    earlier = (start // DAY - ahead) * DAY + minute
    shortly: Numbers = start - 20 - np.floor(rng.uniform(0, 100, start.size))
    return np.where(earlier < shortly, earlier, shortly)


def within_opening(
    shares: tuple[float, ...], number: int, rng: np.random.Generator
) -> Numbers:
    """Moments as a part of the opening time, in [0, 1), by shares of equal parts."""
    upto = np.concatenate([[0.0], np.cumsum(shares)]) / sum(shares)
    edges = np.linspace(0, 1, len(shares) + 1)
    return np.interp(rng.random(number), upto, edges)


def moments(days: Days, minutes: Numbers) -> pl.Series:
    """Naive local times from minutes since the first midnight; all of it is by day."""
    seconds = np.round(minutes * 60).astype("timedelta64[s]")
    stamps = np.datetime64(days.first, "s") + seconds
    return pl.Series(stamps.astype("datetime64[us]"))
