"""The echo of a rush: what was issued early expires early, one validity period later."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise

import polars as pl

from forecasting.calendar import FeeChange, monday
from forecasting.catalogue import Service
from forecasting.errors import InputError
from forecasting.models.effects.fees import FEE, phase_name
from forecasting.tuning import EffectTuning
from forecasting.validity import WEEKS_A_YEAR, years_valid

OLDEST = 90
AT_EXPIRY = {0: 1.0}


def extra_documents(
    change: FeeChange,
    effects: pl.DataFrame,
    usual_a_week: float,
    tuning: EffectTuning,
) -> dict[date, float]:
    """Documents beyond the usual in each week around a change; negative in its dip."""
    mine = (pl.col("kind") == FEE) & (pl.col("subject") == change.service)
    rows = effects.filter(mine).select("detail", "ratio")
    ratios: dict[str, float] = dict(rows.iter_rows())
    first = monday(change.day)
    return {
        first + timedelta(weeks=week): (ratio - 1) * usual_a_week
        for begin, end in pairwise(tuning.fee_weeks)
        if (ratio := ratios.get(f"{change.name}: {phase_name(begin, end)}")) is not None
        for week in range(begin, end)
    }


def fee_echo(
    change: FeeChange,
    service: Service,
    extra: Mapping[date, float],
    weights: Mapping[int, float] = AT_EXPIRY,
) -> dict[date, float]:
    """When documents issued around a change come back, and how many, by week.

    Args:
        change: says which ages it concerned; they count alike.
        service: its validity rules say when a document issued to an age expires.
        extra: documents beyond the usual by week of issue.
        weights: share of documents renewed per week after expiry (negative: before); as
            it stands, all in the week of expiry.

    Raises:
        InputError: documents of the service do not expire.
    """
    if not service.expires:
        raise InputError(
            f"expected a service whose documents expire, came '{service.id}': "
            "give it validity rules in the catalogue"
        )
    ages = range(change.min_age, min(change.max_age, OLDEST) + 1)
    echo: dict[date, float] = {}
    for week, count in extra.items():
        for age in ages:
            valid = years_valid(service.validity, week, age)
            expiry = week + timedelta(weeks=round(valid * WEEKS_A_YEAR))
            for lag, weight in weights.items():
                back = monday(expiry) + timedelta(weeks=lag)
                echo[back] = echo.get(back, 0.0) + count * weight / len(ages)
    return dict(sorted(echo.items()))
