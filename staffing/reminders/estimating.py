"""Renewal timing from two tables: expiries and applications, with how sure it is.

A forecast of a town with imported stocks measures this by itself and stores it
(`renewal_timing`); this is for whoever has only tables in hand.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import dataframely as dy
import numpy as np
import polars as pl
from threadpoolctl import (  # type: ignore[import-untyped]  # ships no types
    threadpool_limits,
)

from forecasting.errors import InputError
from forecasting.insight_tables import RenewalTiming
from forecasting.outside import Mail
from staffing.reminders.convolution import Convolution
from staffing.reminders.sampling import draws, likeliest
from staffing.reminders.timing import (
    FIRST_LAG,
    LAGS,
    LAST_LAG,
    FloatArray,
    Timing,
    timings_of,
)
from staffing.reminders.unlettered import without_letters

ROUNDS = 2
"""What letters moved follows from the timing, and that from what they moved; a third
round changes next to nothing."""

FEWEST_WEEKS = 2 * len(LAGS)
BAND = "age_band"
TAIL = 0.05


@dataclass(frozen=True)
class Estimate:
    """Weights of one service as they might be: draws x bands x lags.

    `bands` is ("",) where age was not told. `weeks` is how many weeks it rests on.
    """

    service: str
    bands: tuple[str, ...]
    weights: FloatArray
    weeks: int

    def table(self) -> dy.DataFrame[RenewalTiming]:
        """Mean weight per band and lag with its 90% interval, typed `RenewalTiming`."""
        mean = self.weights.mean(axis=0)
        low, high = np.quantile(self.weights, (TAIL, 1 - TAIL), axis=0)
        before = np.cumsum(mean, axis=1) - mean
        shares = {
            "hazard": mean / (1 - before),
            "weight": mean,
            "low": low,
            "high": high,
        }
        frame = pl.DataFrame(
            {
                "service": self.service,
                "age_band": np.repeat(self.bands, len(LAGS)),
                "lag": np.tile(LAGS, len(self.bands)),
                **{name: np.clip(v.ravel(), 0, 1) for name, v in shares.items()},
            }
        )
        return RenewalTiming.validate(frame, cast=True)

    def timings(self) -> tuple[Timing, ...]:
        """The same as a response model takes it, one per band."""
        source = f"estimated from {self.weeks} weeks of expiries and applications"
        return timings_of(self.table(), source)


def estimate_timing(
    service: str,
    issued: pl.DataFrame,
    applications: pl.DataFrame,
    *,
    breaks: Sequence[int] = (0,),
    mail: Mail | None = None,
    seed: int = 0,
) -> Estimate:
    """Estimate the timing of one service, per age band where that is told.

    Args:
        service: whose timing it is.
        issued: `week, count`, optionally `age_band`: all documents by week of expiry
            (basis `issued`).
        applications: `week, count`, optionally `age_band`: applications as they came.
            Without age bands those of `issued` share one timing and differ in the share
            that renews.
        breaks: weeks relative to expiry in which the timing may jump: expiry itself; for
            a licence also -19, when another authority writes.
        mail: letters that went out, with how residents react: what they are thought to
            have moved is moved back first, so that they do not pass for habits.
        seed: of the draws.

    Raises:
        InputError: fewer than 80 weeks of applications have all their expiries known.
    """
    rng = np.random.default_rng(seed)
    known = _banded(issued)
    asked = _Asked(service, known, tuple(breaks))
    came = applications
    if mail is not None:
        came = asked.unlettered(applications, mail)
    with threadpool_limits(limits=1):  # many small products: threads would only wait
        return asked.estimate(came, lambda model: draws(model, rng))


@dataclass(frozen=True)
class _Asked:
    """Whose timing is asked: the service, its documents per band and week, the breaks."""

    service: str
    known: pl.DataFrame
    breaks: tuple[int, ...]

    def estimate(
        self, applications: pl.DataFrame, sample: Callable[[Convolution], FloatArray]
    ) -> Estimate:
        """The weights by parameters as `sample` gives them for a model."""
        bands = tuple(self.known[BAND].unique().sort())
        models = [
            _model(self.known, some, rows, self.breaks)
            for some, rows in _by_band(applications, bands)
        ]
        parts = [model.weights(sample(model)) for model in models]
        weeks = min(len(model.counts) for model in models)
        return Estimate(self.service, bands, np.concatenate(parts, axis=1), weeks)

    def unlettered(self, applications: pl.DataFrame, mail: Mail) -> pl.DataFrame:
        """The applications without what letters moved, by the likeliest timing."""
        came = applications
        for _ in range(ROUNDS):
            rough = self.estimate(came, lambda model: likeliest(model).values[None])
            came = without_letters(applications, mail, self.service, rough.table())
        return came


def _by_band(
    applications: pl.DataFrame, bands: tuple[str, ...]
) -> list[tuple[tuple[str, ...], pl.DataFrame]]:
    """Applications with the bands they are of: all together where age is not told."""
    if BAND not in applications.columns:
        return [(bands, applications)]
    return [((band,), applications.filter(pl.col(BAND) == band)) for band in bands]


def _banded(issued: pl.DataFrame) -> pl.DataFrame:
    """Documents per band and week, each once."""
    band = pl.col(BAND) if BAND in issued.columns else pl.lit("").alias(BAND)
    return issued.group_by(band, "week").agg(pl.col("count").sum())


def _model(
    issued: pl.DataFrame,
    bands: tuple[str, ...],
    applications: pl.DataFrame,
    breaks: Sequence[int],
) -> Convolution:
    """The weeks of applications of which all expiries around them are known."""
    known = {
        band: dict(issued.filter(pl.col(BAND) == band).select("week", "count").rows())
        for band in bands
    }
    told = set.union(*(set(weeks) for weeks in known.values()))
    rows, counts, weeks = [], [], []
    for week, count in applications.sort("week").select("week", "count").iter_rows():
        around = [week - timedelta(weeks=int(lag)) for lag in LAGS]
        if told.issuperset(around):
            rows.append([[known[band].get(day, 0) for day in around] for band in bands])
            counts.append(count)
            weeks.append((week - date(1970, 1, 5)).days / 7)
    if len(rows) < FEWEST_WEEKS:
        raise InputError(
            f"expected at least {FEWEST_WEEKS} weeks of applications with expiries known "
            f"from {LAST_LAG} weeks before to {-FIRST_LAG} after, found {len(rows)}",
            remedy="Import a longer history of both, or keep the assumed timing.",
        )
    table = np.array(rows, dtype=np.float64).transpose(1, 0, 2)
    return Convolution(
        np.ascontiguousarray(table),
        np.array(counts, float),
        np.array(weeks),
        tuple(breaks),
    )
