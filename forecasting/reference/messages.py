"""E-mails and callback requests as the contact register exports them, at any hour."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl

from forecasting.reference.demand import World
from forecasting.reference.streams import Counts
from forecasting.reference.writing import Export

SUBJECTS = (
    ("Paspoort of identiteitskaart", 0.30),
    ("Verhuizing", 0.22),
    ("Rijbewijs", 0.16),
    ("Uittreksel", 0.10),
    ("Geboorte, huwelijk en overlijden", 0.08),
    ("Overig", 0.14),
)


def write_messages(folder: Path, messages: pl.DataFrame) -> list[Export]:
    """Write all messages up to `until`, each with its offset from UTC.

    Requests to be called back are among them, and are counted as tasks.
    """
    file = folder / "klantcontact.csv"
    messages.write_csv(file)
    return [Export(file, "open_klant_messages")]


def make_messages(world: World, zone: str) -> pl.DataFrame:
    """Messages in order of arrival."""
    rng = world.rng("klantcontact")
    counts = np.sum(list(world.of("callback").values()), axis=0)
    day = np.repeat(np.arange(counts.size), np.where(world.days.past, counts, 0))
    at = np.sort(_instants(world, day, zone, rng))
    email = rng.random(day.size) < world.policy.figure["message_by_email"].value
    reached = email | (rng.random(day.size) < world.truth["reached"])
    names, shares = zip(*SUBJECTS, strict=True)
    local = pl.Series(at.astype("datetime64[us]")).dt.replace_time_zone("UTC")
    return pl.DataFrame(
        {
            "uuid": identifiers(rng, day.size),
            "kanaal": np.where(email, "e-mail", "terugbelverzoek"),
            "onderwerp": rng.choice(np.array(names), day.size, p=shares),
            "plaatsgevondenOp": local.dt.convert_time_zone(zone).dt.to_string(
                "%Y-%m-%dT%H:%M:%S%:z"
            ),
            "indicatieContactGelukt": reached,
        }
    )


def _instants(
    world: World, day: Counts, zone: str, rng: np.random.Generator
) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    """Moments in UTC: midnight plus a part of the day, which lasts 23, 24 or 25 hours."""
    starts = midnights(world, zone)
    shares = np.array(world.policy.hours["online"].values)
    hour = rng.choice(24, day.size, p=shares / shares.sum())
    part = (hour + rng.random(day.size)) / 24
    seconds = np.floor(part * (starts[day + 1] - starts[day]))
    return (starts[day] + seconds).astype("datetime64[s]")


def midnights(world: World, zone: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Seconds since 1970 at each local midnight, one more than there are days."""
    days = [world.days.first + timedelta(days=i) for i in range(world.days.number + 1)]
    local = pl.Series(days).cast(pl.Datetime("us")).dt.replace_time_zone(zone)
    return local.dt.epoch("s").to_numpy().astype(float)


def identifiers(rng: np.random.Generator, number: int) -> list[str]:
    """Random identifiers in the form of UUID version 4."""
    texts = rng.bytes(16 * number).hex()
    parts = (texts[32 * i : 32 * i + 32] for i in range(number))
    return [f"{t[:8]}-{t[8:12]}-4{t[13:16]}-a{t[17:20]}-{t[20:]}" for t in parts]
