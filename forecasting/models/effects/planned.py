"""Changes of a fee still to come: what earlier ones let expect, and the factors per day."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import polars as pl

from forecasting.calendar import FeeChange
from forecasting.models.effects.fees import FEE, fee_span, phase_name
from forecasting.models.effects.occasions import Z90, next_one
from forecasting.models.effects.rows import Row
from forecasting.series.panel import DayArray, FloatArray
from forecasting.tuning import EffectTuning

Phase = tuple[int, int]
"""First week after a change (before it where negative), and the week it ends before."""


def expected_effects(
    change: FeeChange, measured: Sequence[Row], tuning: EffectTuning
) -> list[Row]:
    """What a change to come will do, per phase: the next one after those measured.

    Earlier changes of the service count; without any, those of other services, which may
    lie further apart. No row where none was measured.
    """
    found = [row for row in measured if row.kind == FEE and row.last < change.day]
    own = [row for row in found if row.subject == change.service]
    spread = tuning.fee_spread if own else tuning.like_spread
    rows = []
    for begin, end in pairwise(tuning.fee_weeks):
        name = phase_name(begin, end)
        mine = [row for row in own or found if row.detail.endswith(f": {name}")]
        if mine:
            rows.append(_next(change, name, mine, spread, fee_span(change, tuning)))
    return rows


def _next(
    change: FeeChange,
    phase: str,
    measured: Sequence[Row],
    spread: float,
    span: tuple[date, date],
) -> Row:
    effects = np.log([row.ratio for row in measured])
    wide = np.log([row.high / row.low for row in measured])
    logs = next_one(effects, wide / (2 * Z90), spread)
    centre, low, high = (float(np.exp(log)) for log in logs)
    detail, number = f"{change.name}: {phase}", len(measured)
    return Row(FEE, change.service, detail, centre, low, high, *span, number)


def fee_adjustment(
    service: str,
    days: DayArray,
    changes: Iterable[FeeChange],
    effects: pl.DataFrame,
    tuning: EffectTuning,
) -> FloatArray:
    """The factor on the applications of a service on each day; 1 where nothing is known.

    `effects` is the table `Effects` of the run, `changes` those to enter: the ones still
    to come. Second visits follow the applications by themselves.
    """
    factors = np.ones(days.size)
    ratios = dict(
        effects.filter(pl.col("kind") == FEE, pl.col("subject") == service)
        .select("detail", "ratio")
        .iter_rows()
    )
    for change in changes:
        for first, last, ratio in _phases(change, ratios, tuning):
            inside = (days >= np.datetime64(first)) & (days <= np.datetime64(last))
            factors[inside & (change.service == service)] *= ratio
    return factors


def _phases(
    change: FeeChange, ratios: dict[str, float], tuning: EffectTuning
) -> list[tuple[date, date, float]]:
    found = []
    for begin, end in pairwise(tuning.fee_weeks):
        ratio = ratios.get(f"{change.name}: {phase_name(begin, end)}")
        if ratio is not None:
            first = change.day + timedelta(weeks=begin)
            last = change.day + timedelta(weeks=end, days=-1)
            found.append((first, last, ratio))
    return found


def unmeasured(
    changes: Iterable[FeeChange], effects: pl.DataFrame, last: date
) -> list[FeeChange]:
    """Changes after `last` of which nothing can be expected: none was ever measured."""
    known = set(effects.filter(pl.col("kind") == FEE)["detail"].to_list())
    return [
        change
        for change in changes
        if change.day > last
        and not any(detail.startswith(f"{change.name}: ") for detail in known)
    ]
