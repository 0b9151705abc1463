"""Draws of a forecast: normal scores that hang together, read off each period's law.

The score of a period is a part common to all periods of a series plus one that moves
from day to day. Both are sums of factors that series share (of the town, the service,
the channel) and of noise of the series' own.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from forecasting.errors import InputError
from forecasting.records import RunRecord
from forecasting.sampling.bonds import Bond, Loads, bonds_of
from forecasting.sampling.clocks import Clock
from forecasting.sampling.marginals import Marginals
from forecasting.sampling.streams import Moving, constant
from forecasting.series.panel import FloatArray
from forecasting.tables import QUANTILE_NAMES
from forecasting.tuning import load_tuning
from forecasting.workspace import Workspace

Source = pl.DataFrame | pl.LazyFrame | RunRecord
"""What can be drawn from: a forecast, or a stored run of one."""
DEPENDENCE = "dependence"


def samples(
    run: Source,
    n: int,
    seed: int,
    *,
    workspace: Workspace | None = None,
    dependence: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Draw `n` futures of a forecast: `series, start, sample, count`.

    A series has draws of its own, whatever other series stand beside it. Counts are
    expected counts of that future, not rounded unless all quantiles are; beyond the
    outer quantiles they go on along a line that meets the mean, never below 0.

    Args:
        run: a forecast (`series, start, q05 .. q95`, and `mean` where it is known), or
            the record of a stored forecast run, with its workspace.
        n: how many futures.
        seed: the same seed draws the same.
        workspace: where a stored run is kept.
        dependence: how errors hang together (`Dependence`); a stored run has its own,
            and without any it is assumed.

    Raises:
        InputError: `n` is below 1, the frame is no forecast, or a run has no workspace.
    """
    drawn = [_long(rows, counts) for rows, counts in draws(
        run, n, seed, workspace=workspace, dependence=dependence
    )]  # fmt: skip
    schema = {"series": pl.String, "start": pl.Date, "sample": pl.Int32}
    none = pl.DataFrame(schema={**schema, "count": pl.Float64})
    return pl.concat(drawn) if drawn else none


def draws(
    run: Source,
    n: int,
    seed: int,
    *,
    workspace: Workspace | None = None,
    dependence: pl.DataFrame | None = None,
) -> Iterator[tuple[pl.DataFrame, FloatArray]]:
    """Per series its rows in order of `start` and its counts, of shape (periods, n)."""
    forecast, dependence = _read(run, workspace, dependence)
    missing = {"series", "start", *QUANTILE_NAMES} - set(forecast.columns)
    if missing or n < 1:
        wanted = f"columns {', '.join(sorted(missing))}" if missing else "n >= 1"
        raise InputError(
            f"expected a forecast with {wanted}, came {forecast.columns}, n={n}"
        )
    tuning = load_tuning()
    bonds = bonds_of(forecast["series"], dependence, tuning.samples)
    moving = Moving(seed, n)
    ordered = forecast.sort("series", "start")
    for rows in ordered.partition_by("series", maintain_order=True):
        name = str(rows["series"][0])
        scores = _Scores(name, bonds[name], moving).at(Clock.of(rows["start"]))
        mean = rows["mean"].to_numpy() if "mean" in rows.columns else None
        quantiles = rows.select(QUANTILE_NAMES).to_numpy()
        law = Marginals.of(quantiles, mean, small=tuning.intervals.small_mean)
        yield rows, law.counts(scores)


def _read(
    run: Source, workspace: Workspace | None, dependence: pl.DataFrame | None
) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """A forecast and its dependence; those of a stored run from its workspace."""
    if not isinstance(run, RunRecord):
        return run.lazy().collect(), dependence
    if workspace is None:
        raise InputError(
            f"expected the workspace of the stored run {run.id}, came none",
            remedy="Pass workspace=..., or a forecast instead of a run.",
        )
    stored = workspace.lake.scan(DEPENDENCE, run.id)
    if dependence is None and stored is not None:
        dependence = stored.collect()
    return workspace.table(run, "forecast").collect(), dependence


@dataclass(frozen=True)
class _Scores:
    """Standard normal scores of one series, with the correlations of its bond."""

    name: str
    bond: Bond
    moving: Moving

    def at(self, clock: Clock) -> FloatArray:
        """Scores of shape (periods, n)."""
        shared = self.bond.shared
        level, day = self._level(self.bond.level), self._day(self.bond.day, clock)
        return np.asarray(np.sqrt(shared) * level + np.sqrt(1 - shared) * day)

    def _level(self, loads: Loads) -> FloatArray:
        seed, n = self.moving.seed, self.moving.n
        total = loads.own * constant(f"level own {self.name}", seed, n)
        for factor, load in loads.by_factor.items():
            total = total + load * constant(f"level {factor}", seed, n)
        return np.asarray(total)

    def _day(self, loads: Loads, clock: Clock) -> FloatArray:
        step = self.bond.own_next_period ** (1 / clock.period)
        total = loads.own * self.moving.own(
            f"{clock.unit} own {self.name}", step, clock.steps
        )
        step = self.bond.factor_next_period ** (1 / clock.period)
        for factor, load in loads.by_factor.items():
            name = f"{clock.unit} {factor}"
            total += load * self.moving.common(name, step, clock.steps)
        return total


def _long(rows: pl.DataFrame, counts: FloatArray) -> pl.DataFrame:
    keys = rows.select("series", "start")
    number = pl.DataFrame({"sample": range(counts.shape[1])}).cast(pl.Int32)
    long = number.join(keys, how="cross").select("series", "start", "sample")
    values = np.ascontiguousarray(counts.T).ravel()
    return long.with_columns(pl.Series("count", values, dtype=pl.Float64))
