"""A forecast from outside replaces or bends ours, so that its counts come out."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from forecasting.catalogue import Catalogue
from forecasting.outside.comparing import Ours, Periods
from forecasting.outside.statements import Statement, Target, statements_of, target_of
from forecasting.outside.subjects import Subject, subject_of
from forecasting.outside_tables import FORECAST, OutsideApplied
from forecasting.series.panel import FloatArray
from forecasting.tables import QUANTILE_NAMES
from forecasting.tuning import OutsideTuning


@dataclass(frozen=True)
class Applied:
    """The forecast as moved, and per statement what it did (`OutsideApplied`)."""

    forecast: pl.DataFrame
    said: pl.DataFrame


def apply_outside(
    forecast: pl.DataFrame,
    demand: pl.DataFrame,
    outside: pl.DataFrame,
    catalogue: Catalogue,
    tuning: OutsideTuning,
    *,
    subjects: Mapping[str, Subject] | None = None,
) -> Applied:
    """Scale mean and quantiles of the periods that somebody else has a forecast of.

    Their sum becomes the count that was said of them ("replace"), or goes part of the way
    ("bend"). Of a period that is over in part, or goes on beyond the forecast, the ratio
    between what was said and what we know and expect of all of it is applied to the rest.
    A percentage is a change of the same days of its base year. Second visits move with
    what they follow. Where two speak of the same days, the one that was imported last
    holds, and of one import the one on the shorter period.

    Args:
        forecast: `series, start, mean`, quantiles, and `cadence` where not all are days;
            other columns stay as they are.
        demand: `series, start, count` of the past, with `cadence` likewise.
        outside: typed `OutsideForecasts`, with `source` and `imported` of each row.
        catalogue: which steps of a service follow which.
        tuning: how far to bend, and over how many days one statement may speak.
        subjects: the series of each subject, where the catalogue does not tell.
    """
    ours = Ours(Periods.of(demand, "count"), Periods.of(forecast, "mean"))
    factor, free = np.ones(forecast.height), np.ones(forecast.height)
    said = []
    for place, one in enumerate(statements_of(outside), start=1):
        if subjects is None:
            subject = subject_of(one.subject, ours.names, catalogue)
        else:
            subject = subjects.get(one.subject, Subject(()))
        target = target_of(one, subject, ours, tuning.longest_days)
        move = _move(one, subject, target, ours.forecast, free, tuning)
        factor += move.claimed * (move.factor - 1.0)
        free -= move.claimed
        said.append(_told(one, place, subject, target, move))
    schema = OutsideApplied.create_empty().schema
    table = OutsideApplied.validate(pl.DataFrame(said, schema=schema, orient="row"))
    scaled = pl.col("mean", *QUANTILE_NAMES) * pl.Series(factor)
    return Applied(forecast.with_columns(scaled), table)


@dataclass(frozen=True)
class _Move:
    """What one statement does: the share of each row it holds for, and by how much.

    `before` and `after` are sums over the series that are counted.
    """

    claimed: FloatArray
    factor: float
    before: float
    after: float
    state: str


def _move(
    said: Statement,
    subject: Subject,
    target: Target,
    forecast: Periods,
    free: FloatArray,
    tuning: OutsideTuning,
) -> _Move:
    """Claim what no later import claimed; `free` is the share of each row that is left."""
    counted = forecast.of_names(subject.counted)
    mine = counted | forecast.of_names(subject.following)
    wanted = np.where(mine, forecast.within(said.first, said.last), 0.0)
    if target.factor is None or not wanted.any():
        return _Move(np.zeros(free.size), 1.0, 0.0, 0.0, target.state)
    way = tuning.bend if said.mode == "bend" else 1.0
    factor = 1.0 + way * (target.factor - 1.0)
    claimed = np.minimum(wanted, free)
    before = float((forecast.counts * claimed)[counted].sum())
    share = claimed.sum() / wanted.sum()
    partly = "partly overtaken" if share > 0 else "overtaken"
    state = "applied" if share > 1 - 1e-9 else partly
    return _Move(claimed, factor, before, before * factor, state)


def _told(
    said: Statement, place: int, subject: Subject, target: Target, move: _Move
) -> tuple[object, ...]:
    """A row of `OutsideApplied`, in the order of its columns."""
    series = len(subject.counted) + len(subject.following)
    key = (said.subject, said.period, said.source, said.said_by, said.mode)
    sums = (target.said, target.ours, move.before, move.after)
    return (*key, place, series, *sums, FORECAST, move.state)
