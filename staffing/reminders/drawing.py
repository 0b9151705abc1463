"""Draws of a response within the ranges that its assumptions state.

Nobody knows how residents react before letters went out, so a plan is made on many
responses that could be true. A draw is *triangular* on `low..high` with its mode at the
value; half-lives are drawn on a scale of logarithms. What is assumed of several channels
or services moves together: residents that heed letters more than assumed heed messages
more, too. The draws are a Latin hypercube, so that few of them cover the ranges.
"""

import math
from collections.abc import Callable

from scipy.stats import qmc, triang

from staffing.reminders.response import Assumption, Channel, Response, Timing

ACTS, HALF_LIFE, RENEWS = range(3)


def draws(response: Response, number: int, seed: int) -> tuple[Response, ...]:
    """`number` responses within the ranges of `acts`, `half_life_weeks` and `renews`."""
    chances = qmc.LatinHypercube(d=3, rng=seed).random(number)
    return tuple(_drawn(response, row.tolist()) for row in chances)


def _drawn(response: Response, chance: list[float]) -> Response:
    channels = {
        name: _channel(channel, chance) for name, channel in response.channel.items()
    }
    timing = tuple(_timing(one, chance[RENEWS]) for one in response.timing)
    return response.model_copy(update={"channel": channels, "timing": timing})


def _channel(channel: Channel, chance: list[float]) -> Channel:
    acts = _at(channel.acts, chance[ACTS])
    half_life = _at(channel.half_life_weeks, chance[HALF_LIFE], logarithmic=True)
    return channel.model_copy(update={"acts": acts, "half_life_weeks": half_life})


def _timing(timing: Timing, chance: float) -> Timing:
    return timing.model_copy(update={"renews": _at(timing.renews, chance)})


def _at(known: Assumption, chance: float, *, logarithmic: bool = False) -> Assumption:
    """The assumption with the value below which lies the part `chance` of the draws."""
    scale: Callable[[float], float] = math.log if logarithmic else float
    low, value, high = (scale(x) for x in (known.low, known.value, known.high))
    if high <= low:
        return known
    mode = (value - low) / (high - low)
    found = float(triang.ppf(chance, mode, loc=low, scale=high - low))
    drawn = math.exp(found) if logarithmic else found
    inside = min(max(drawn, known.low), known.high)
    return known.model_copy(update={"value": inside})
