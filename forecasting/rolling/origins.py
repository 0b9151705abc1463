"""Where a series is looked at as if it were earlier."""

import numpy as np

from forecasting.series.panel import Series
from forecasting.tuning import BacktestTuning

LEAST_SPACING = 7


def rolling_origins(
    series: Series,
    horizon_days: int,
    count: int,
    tuning: BacktestTuning,
    *,
    whole: bool = False,
) -> tuple[np.datetime64, ...]:
    """Up to `count` origins, earliest first, evenly spaced back from the end.

    They stand half a horizon apart (within the bounds of the settings) and closer when
    the history is short; none leaves less than the least history before it. Each is a
    period that the series knows, so that a long gap holds one origin and no more.

    Args:
        series: the history.
        horizon_days: days ahead that each origin forecasts.
        count: how many origins at most.
        tuning: spacing, and the least history before an origin.
        whole: the last origin, too, leaves a whole horizon of outcomes behind it, where
            the history has room for that; else it stands one spacing before the end.
    """
    room = int((series.starts[-1] - series.starts[0]).astype(np.int64))
    room -= tuning.least_history_days
    low, high = tuning.shortest_spacing_days, tuning.longest_spacing_days
    wanted = round(np.clip(tuning.spacing_share * horizon_days, low, high))
    spacing = max(min(wanted, room // count), LEAST_SPACING)
    back = spacing
    if whole and room - horizon_days >= LEAST_SPACING * (count - 1):
        steps = max(count - 1, 1)
        spacing = max(min(wanted, (room - horizon_days) // steps), LEAST_SPACING)
        back = horizon_days
    ago = back + spacing * np.arange(count)
    nominal = series.starts[-1] - ago[ago <= room]
    known = np.searchsorted(series.starts, nominal, side="right") - 1
    return tuple(series.starts[np.unique(known)])
