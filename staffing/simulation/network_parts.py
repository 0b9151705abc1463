"""What a network is made of: queues, groups of agents, and what contacts do."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from forecasting.errors import InputError
from staffing.simulation.distributions import Distribution


@dataclass(frozen=True)
class Planned:
    """Visits by appointment: when, with what chance they come, how early or late.

    `at_s` are seconds from the first slot; `no_show` is one chance or one per visit. A
    visitor comes `late_s` later in the mean (under 0: early) with a normal spread of
    `sd_s` seconds, but not before the first slot nor after the last.
    """

    at_s: ArrayLike = ()
    no_show: ArrayLike = 0.0
    sd_s: float = 0.0
    late_s: float = 0.0

    def __post_init__(self) -> None:
        stays_away = np.asarray(self.no_show, dtype=np.float64)
        if stays_away.shape not in ((), np.shape(self.at_s)):
            raise InputError(
                f"expected one no-show or one for each of {np.size(self.at_s)} visits, "
                f"came shape {stays_away.shape}"
            )
        if not ((stays_away >= 0) & (stays_away <= 1)).all():
            raise InputError(f"expected a no-show of 0 to 1, came {self.no_show}")
        if not 0 <= self.sd_s < np.inf:
            raise InputError(f"expected a spread of at least 0 s, came {self.sd_s:g}")
        if not np.isfinite(self.late_s):
            raise InputError(f"expected a mean lateness in s, came {self.late_s:g}")


@dataclass(frozen=True)
class Again:
    """Who gives up comes again to `queue`, with a chance, after a while.

    To its own queue that is a redial, to another for instance a message left. `after_s`
    is the mean of an exponential. After the last slot nobody comes again.
    """

    queue: str
    share: float
    after_s: float

    def __post_init__(self) -> None:
        if not 0 <= self.share < 1 or not 0 <= self.after_s < np.inf:
            raise InputError(
                "expected a share from 0 to under 1 that comes again after at least "
                f"0 s, came {self.share:g} and {self.after_s:g}"
            )


@dataclass(frozen=True)
class CallBack:
    """Who has waited `after_s` is told, with a chance, to be called back.

    Such a contact leaves its line and joins `queue` at once: usually one of lower
    priority with a threshold of its own, in which nobody gives up.
    """

    queue: str
    share: float
    after_s: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1 or not 0 <= self.after_s < np.inf:
            raise InputError(
                "expected a share of 0 to 1 that is called back after at least 0 s, "
                f"came {self.share:g} and {self.after_s:g}"
            )


@dataclass(frozen=True)
class NotReady:
    """After a contact an agent pauses with a chance, for an exponential time."""

    chance: float
    mean_s: float

    def __post_init__(self) -> None:
        if not 0 <= self.chance <= 1 or not 0 <= self.mean_s < np.inf:
            raise InputError(
                "expected a chance of 0 to 1 of a pause of at least 0 s, "
                f"came {self.chance:g} and {self.mean_s:g}"
            )


@dataclass(frozen=True)
class Queue:
    """One queue: who comes, for how long, who leaves, and what is in time.

    Args:
        name: what groups call it.
        arrivals: expected contacts at random per slot, or replications x slots.
        handling_time: mean seconds (exponential) or a distribution.
        threshold_s: the wait that is in time: one, or one per slot of arrival.
        patience: mean seconds (exponential), a distribution, or nobody leaves.
        wrap_up: work after each contact, in which the agent is busy and no one waits.
        handling_factor: scales the handling time of contacts that come in a slot.
        arrival_cv: spread of one gamma factor on a replication's arrivals.
        planned: visits by appointment besides.
        finishes: whether who waits at closing is served by those who were there.
        again: where who gives up goes next.
        call_back: who is told to be called back.
    """

    name: str
    arrivals: ArrayLike
    handling_time: float | Distribution
    threshold_s: ArrayLike
    patience: float | Distribution | None = None
    wrap_up: float | Distribution | None = None
    handling_factor: ArrayLike = 1.0
    arrival_cv: float = 0.0
    planned: Planned = field(default_factory=Planned)
    finishes: bool = True
    again: Again | None = None
    call_back: CallBack | None = None


@dataclass(frozen=True)
class Group:
    """People of one skill set: how many per slot, and whom they serve first.

    `agents` are per slot, or replications x slots; a fraction is a part of the slot.
    `serves` gives each queue a rank: the lowest first, equal ranks by who came first.
    """

    name: str
    agents: ArrayLike
    serves: Mapping[str, int]
    not_ready: NotReady | None = None
