"""The share applied for of those mailed, less that of those held out, week by week.

In each stratum of each batch both shares have a beta law given the counts. Beforehand one
document's worth is held of each: that both arms did as both together did, so that small
strata pull the difference towards nothing, and neither up nor down. Strata weigh as their
arms can tell (Mantel and Haenszel 1959): N M / (N + M). The interval is of the weighted
sum of differences, by draws.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import dataframely as dy
import numpy as np
import polars as pl

from staffing.reminders.effect_tables import ALL_LEADS, LetterEffects
from staffing.reminders.timing import FloatArray

DRAWS = 4000
LEVEL = 0.95


@dataclass(frozen=True)
class Arms:
    """Documents and applications of both arms: one number per stratum."""

    mailed: FloatArray
    mailed_came: FloatArray
    held_out: FloatArray
    held_out_came: FloatArray

    @property
    def weights(self) -> FloatArray:
        """How much each stratum counts; they add up to 1."""
        told: FloatArray = self.mailed * self.held_out / (self.mailed + self.held_out)
        return np.asarray(told / told.sum())

    @property
    def together(self) -> FloatArray:
        """Share of both arms of each stratum, never quite 0 or 1."""
        came = self.mailed_came + self.held_out_came
        return np.asarray((came + 0.5) / (self.mailed + self.held_out + 1.0))


@dataclass(frozen=True)
class Difference:
    """What letters added to the share, with its interval, in points of 1."""

    mean: float
    low: float
    high: float

    @property
    def shown(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0


def difference(
    arms: Arms, rng: np.random.Generator, *, level: float = LEVEL, draws: int = DRAWS
) -> Difference:
    """Mailed less held out, in the mean over strata."""
    mailed = _shares(arms.mailed, arms.mailed_came, arms.together, draws, rng)
    held_out = _shares(arms.held_out, arms.held_out_came, arms.together, draws, rng)
    drawn = (mailed - held_out) @ arms.weights
    low, high = np.quantile(drawn, ((1 - level) / 2, (1 + level) / 2))
    return Difference(float(drawn.mean()), float(low), float(high))


def _shares(
    documents: FloatArray,
    came: FloatArray,
    usual: FloatArray,
    draws: int,
    rng: np.random.Generator,
) -> FloatArray:
    """Draws x strata."""
    wide = (draws, len(documents))
    return rng.beta(came + usual, documents - came + 1.0 - usual, size=wide)


def effects(
    watched: pl.DataFrame, bounds: Sequence[int], *, seed: int = 0
) -> dy.DataFrame[LetterEffects]:
    """The difference by week since mailing: per channel, whole and by weeks of lead.

    Args:
        watched: typed `Watched`.
        bounds: last weeks of lead of each class but the longest.
        seed: of the draws.
    """
    rows = [
        {"channel": channel, "lead": lead, "week": week, **_row(part, seed)}
        for channel, lead, mine in groups(watched, bounds)
        for (week,), part in mine.sort("week").group_by("week", maintain_order=True)
    ]
    frame = pl.DataFrame(rows) if rows else LetterEffects.create_empty()
    keys = LetterEffects.primary_key()
    return LetterEffects.validate(frame.sort(keys), cast=True)


def groups(
    watched: pl.DataFrame, bounds: Sequence[int]
) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """The rows of each channel, of all leads and of each class of leads that occurs."""
    for (channel,), rows in watched.sort("channel").group_by(
        "channel", maintain_order=True
    ):
        yield str(channel), ALL_LEADS, rows
        edges = [0, *bounds, 10_000]
        for above, last in pairwise(edges):
            lead = pl.col("lead").round()
            part = rows.filter(lead > above, lead <= last)
            name = f"{above + 1}-{last}" if last < edges[-1] else f"{above + 1}+"
            if not part.is_empty() and bounds:
                yield str(channel), name, part


def arms_of(rows: pl.DataFrame) -> Arms:
    """The arms of rows of `Watched` of one week."""
    names = ("mailed", "mailed_came", "held_out", "held_out_came")
    return Arms(*(rows[name].cast(pl.Float64).to_numpy() for name in names))


def _row(rows: pl.DataFrame, seed: int) -> dict[str, object]:
    arms = arms_of(rows)
    found = difference(arms, np.random.default_rng(seed))
    sums = rows.select("mailed", "held_out", "mailed_came", "held_out_came").sum()
    return {
        "batches": rows["batch"].n_unique(),
        **sums.row(0, named=True),
        "mailed_share": float(arms.weights @ (arms.mailed_came / arms.mailed)),
        "held_out_share": float(arms.weights @ (arms.held_out_came / arms.held_out)),
        "difference": found.mean,
        "low": found.low,
        "high": found.high,
    }
