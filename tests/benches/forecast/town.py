"""The reference municipality: ten years of documents seen from the end of 2018.

Counts per month up to then and the stock known then go into the public forecast; what
came of it is compared with what the town lived through. The town is invented, its hidden
parameters differ per seed, and no method is told of them. It has shocks that nobody could
know of (Covid, a failing printer): figures stand with and without their months.

What is planted is known as well: the same town without chance (`town_world`). Its error
against what came is the floor, which no forecast can go below: `floor_wape` of one that
knows all but the shocks, `floor_wape_shocks_known` of one that knows these too.

The echo of the licences of October 2006 is dated in two ways (`town_turns`):

- `echo_off_months`: the *split* in the forecast against the split in what came. The
  second is itself moved by chance: `chance_echo_off_months` is how far what came lies
  from the town without chance, by the same rule.
- `echo_half_rise_off_months`: the *half rise* in the forecast against the half rise of
  what was planted, the town without chance. `chance_echo_half_rise_off_months` is again
  how far what came lies from that: what a perfect look back at the counts would miss.
  `echo_after_planted` and `expected_echo_after_planted` are the moments themselves, in
  months after the begin of October 2026: holders renew some weeks early, twice.
"""

import statistics
from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from forecasting import forecast
from forecasting.models.prophet import ProphetMethod
from forecasting.models.protocol import Past
from forecasting.reference.demand import World
from forecasting.series.panel import Series
from forecasting.tuning import load_tuning
from tests.benches.forecast import town_turns as turns
from tests.benches.forecast.town_peaks import announced_peaks
from tests.benches.forecast.town_world import (
    daily_requests,
    expected_requests,
    expected_world,
    lived_world,
    stock_of,
)

Floats = npt.NDArray[np.float64]
KNOWN = date(2018, 12, 31)
FIRST = np.datetime64("2019-01", "M")
MONTHS = 108
JUDGED = 96
"""Months to the end of 2026, over which errors count."""


def measure(seeds: int = 20) -> dict[str, object]:
    """Errors, turns and peaks of a number of towns; each figure is a mean over towns."""
    return summary([town(seed) for seed in range(seeds)])


def summary(towns: Sequence[dict[str, float]]) -> dict[str, object]:
    """The mean, worst and least of each figure, and how many turns lie within a month."""
    found = {key: [each[key] for each in towns] for key in towns[0]}
    near = {
        key.replace("off_months", "within_a_month"): statistics.fmean(
            value <= 1 for value in values
        )
        for key, values in found.items()
        if key.endswith("off_months")
    }
    told = {key: _told(values) for key, values in found.items()}
    return {"seeds": len(towns), **near, **told}


def _told(values: Sequence[float]) -> dict[str, float]:
    return {
        "mean": round(statistics.fmean(values), 4),
        "worst": round(max(values), 4),
        "least": round(min(values), 4),
    }


def town(seed: int) -> dict[str, float]:
    """All figures of one town."""
    world, planted = lived_world(seed), expected_world(seed)
    calm = expected_world(seed, shocks_until=KNOWN)
    quiet = ~_shocked(world)[:JUDGED]
    found = announced_peaks(world)
    for service, figures in (("passport", _passports), ("licence", _licences)):
        lived = by_month(daily_requests(world, service))
        known, unshocked = (
            by_month(expected_requests(each, service)).counts[-MONTHS:]
            for each in (planted, calm)
        )
        said = _forecast(world, service, lived)
        found |= figures(lived, said, known, unshocked, quiet)
    return found


def _passports(
    lived: Series,
    said: Floats,
    planted: Floats,
    calm: Floats,
    quiet: npt.NDArray[np.bool_],
) -> dict[str, float]:
    came, alone = lived.counts[-MONTHS:], _prophet(lived)
    own, other, floor = (_wape(came, each) for each in (said, alone, calm))
    own_quiet, other_quiet, floor_quiet = (
        _wape(came, each, quiet) for each in (said, alone, calm)
    )
    begins, ends = (
        abs(turns.split(lived, said, turn) - turns.split(lived, None, turn))
        for turn in (turns.DIP_BEGINS, turns.DIP_ENDS)
    )
    return {
        "wape": own,
        "wape_prophet": other,
        "wape_ratio": own / other,
        "wape_without_shocks": own_quiet,
        "wape_ratio_without_shocks": own_quiet / other_quiet,
        "floor_wape": floor,
        "floor_wape_without_shocks": floor_quiet,
        "floor_wape_shocks_known": _wape(came, planted),
        "dip_begins_off_months": begins,
        "dip_ends_off_months": ends,
    }


def _licences(
    lived: Series,
    said: Floats,
    planted: Floats,
    calm: Floats,
    quiet: npt.NDArray[np.bool_],
) -> dict[str, float]:
    del quiet
    came = lived.counts[-MONTHS:]
    split = [turns.split(lived, s, turns.ECHO) for s in (said, None, planted)]
    rise = [turns.half_rise(lived, s, turns.ECHO) for s in (said, None, planted)]
    return {
        "licence_wape": _wape(came, said),
        "licence_floor_wape": _wape(came, calm),
        "echo_off_months": abs(split[0] - split[1]),
        "chance_echo_off_months": abs(split[1] - split[2]),
        "echo_half_rise_off_months": abs(rise[0] - rise[2]),
        "chance_echo_half_rise_off_months": abs(rise[1] - rise[2]),
        "echo_after_planted": rise[0] - turns.PLANTED,
        "expected_echo_after_planted": rise[2] - turns.PLANTED,
        "echo_shift_months": abs(turns.shift(lived, said, turns.ECHO)),
        "echo_height_part": turns.height(lived, said) / turns.height(lived, None),
    }


def by_month(daily: Series) -> Series:
    """Applications per month up to the end of the forecast."""
    month = daily.starts.astype("datetime64[M]")
    months, place = np.unique(month, return_inverse=True)
    counts = np.bincount(place, weights=daily.counts).astype(float)
    kept = months < FIRST + MONTHS
    return Series(daily.name, months[kept].astype("datetime64[D]"), counts[kept])


def _forecast(world: World, service: str, months: Series) -> Floats:
    """The public forecast from the end of 2018, for all months to come."""
    past = months.until(np.datetime64(KNOWN))
    history = pl.DataFrame(
        {"series": service, "start": past.starts, "count": past.counts}
    )
    stock = stock_of(world, service, KNOWN)
    return np.asarray(forecast(history, horizon=MONTHS, expiries=stock)["mean"])


def _prophet(months: Series) -> Floats:
    past = Past(months.until(np.datetime64(KNOWN)), "month", {})
    wanted = months.starts[-MONTHS:]
    return ProphetMethod(load_tuning().prophet).predict(past, wanted)


def _wape(
    came: Floats, said: Floats, counted: npt.NDArray[np.bool_] | None = None
) -> float:
    """Of the months that are judged, or of those `counted` among them."""
    inside = np.ones(JUDGED, dtype=bool) if counted is None else counted
    true, each = came[:JUDGED][inside], said[:JUDGED][inside]
    return float(np.abs(true - each).sum() / true.sum())


def _shocked(world: World) -> npt.NDArray[np.bool_]:
    """The months to come in which something no one could know of befell passports."""
    months = FIRST + np.arange(MONTHS)
    hit = np.zeros(MONTHS, dtype=bool)
    for shock in world.policy.shock:
        services, channels = shock.services, shock.channels
        if "passport" in (services or ("passport",)) and "appointment" in (
            channels or ("appointment",)
        ):
            first = np.datetime64(shock.first, "M")
            hit |= (months >= first) & (months <= np.datetime64(shock.last, "M"))
    return hit
