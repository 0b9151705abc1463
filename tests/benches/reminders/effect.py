"""Letters that do nothing: how often an effect is shown, and how often a real one is.

A 95% interval without zero should be met in about one of twenty worlds without any.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from staffing.reminders.effect import arms_of, difference
from staffing.reminders.outcomes import watch
from tests.benches.reminders.mailing import Sizes, make_mailings
from tests.benches.reminders.recovery import WEEK, planted_letters

WANTED = (0.035, 0.065)
SIZES = {
    "20 batches, 2 strata of 60-400": Sizes(),
    "8 batches, 4 strata of 20-80": Sizes(batches=8, letters=(20, 80), strata=4),
}


def measure(worlds: int = 1000, seed: int = 0) -> Iterator[dict[str, object]]:
    """One line per size of the batches: share of worlds with an effect that is shown."""
    for number, (name, sizes) in enumerate(SIZES.items()):
        for acts in (0.0, None):
            rngs = (np.random.default_rng([seed, number, i]) for i in range(worlds))
            shown = [shows(rng, sizes, acts) for rng in rngs]
            share = float(np.mean(shown))
            line: dict[str, object] = {"case": name, "worlds": worlds}
            if acts is None:
                yield line | {"effect": "half to twice that assumed", "shown": share}
            else:
                wanted = bool(WANTED[0] <= share <= WANTED[1])
                yield line | {"effect": "none", "shown": share, "as_wanted": wanted}


def shows(rng: np.random.Generator, sizes: Sizes, acts: float | None) -> bool:
    """Whether letters of an invented world are shown to do anything."""
    truth = planted_letters(rng)
    if acts is not None:
        truth = replace(truth, acts=acts)
    made = make_mailings(rng, truth, sizes)
    then = watch(made.arms, made.outcomes).filter(week=WEEK)
    return difference(arms_of(then), rng).shown
