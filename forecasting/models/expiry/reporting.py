"""Renewal timing as a table, with how sure it is."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from forecasting.insight_tables import RenewalTiming
from forecasting.models.expiry.standing import Standing
from forecasting.series.panel import FloatArray


def renewal_timing(standings: Mapping[str, Standing], seed: int) -> pl.DataFrame:
    """The table `RenewalTiming`; `low` and `high` bound the weight."""
    parts = [_of_service(standings[name], seed) for name in sorted(standings)]
    frame = pl.concat(parts) if parts else RenewalTiming.create_empty()
    return RenewalTiming.validate(frame, cast=True)


def _of_service(known: Standing, seed: int) -> pl.DataFrame:
    timing, labels = known.estimate.rates.timing, known.stocks.bands.labels
    low, high = known.estimate.interval(seed=seed)
    return pl.DataFrame(
        {
            "service": known.service.id,
            "age_band": np.tile(labels, timing.lags.size),
            "lag": np.repeat(timing.lags, len(labels)).astype(np.int32),
            "hazard": _flat(timing.hazard),
            "weight": _flat(timing.weight),
            "low": _flat(low),
            "high": _flat(high),
        }
    )


def _flat(values: FloatArray) -> FloatArray:
    return np.clip(values.reshape(-1), 0.0, 1.0)
