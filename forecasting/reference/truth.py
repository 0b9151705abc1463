"""The hidden parameters of a municipality, drawn from the seed.

No export holds them and no forecaster reads them: they are there to be recovered.
"""

from dataclasses import dataclass

import numpy as np

from forecasting.reference.assumptions import Document, Range, ReferencePolicy
from forecasting.reference.streams import Numbers, stream

EARLY, LATE = 40, 60  # weeks before and after expiry in which a renewal can fall
EARLY_SHAPE = 1.6  # of the gamma distribution of weeks before expiry


@dataclass(frozen=True)
class Renewal:
    """When and whether holders renew a document.

    `timing[k]` is the share of renewals at lag `k - EARLY` weeks after expiry;
    `renewed[b]` the share of age band `b` that renews at all.
    """

    timing: Numbers
    renewed: Numbers
    lost_a_year: float

    @property
    def hazard(self) -> Numbers:
        """Chance to renew in a week given not renewed yet: lag x age band."""
        mass = self.timing[:, None] * self.renewed[None, :]
        left: Numbers = mass / (1 - np.cumsum(mass, axis=0) + mass)
        return left


@dataclass(frozen=True)
class Truth:
    """All hidden parameters: per service, per queue, and those of the whole town."""

    renewal: dict[str, Renewal]
    level: dict[str, float]
    handling: dict[str, float]
    calls_per_contact: dict[str, float]
    hidden: dict[str, float]

    def __getitem__(self, name: str) -> float:
        """A town-wide hidden parameter by its name in the policy."""
        return self.hidden[name]


def draw_truth(seed: int, policy: ReferencePolicy) -> Truth:
    """Draw the hidden parameters of a municipality."""
    rng = stream(seed, "truth")
    services = sorted(
        {d.service for d in policy.document} | {f.service for f in policy.flow}
    )
    level, handling = policy.hidden["level"], policy.hidden["handling"]
    return Truth(
        renewal={d.service: _renewal(rng, d) for d in policy.document},
        level={service: _draw(rng, level) for service in services},
        handling={service: _draw(rng, handling) for service in services},
        calls_per_contact={q.service: _draw(rng, q.per_contact) for q in policy.queue},
        hidden={
            name: _draw(rng, policy.hidden[name]) for name in sorted(policy.hidden)
        },
    )


def _draw(rng: np.random.Generator, bounds: Range) -> float:
    return float(rng.uniform(bounds.low, bounds.high))


def _renewal(rng: np.random.Generator, document: Document) -> Renewal:
    early = _draw(rng, document.early_weeks)
    late_share, late = _draw(rng, document.late_share), _draw(rng, document.late_weeks)
    renewed = np.array(document.renewed) * rng.uniform(0.96, 1.04)
    return Renewal(
        timing=_timing(early, late_share, late),
        renewed=np.minimum(renewed, 0.98),
        lost_a_year=_draw(rng, document.lost_a_year),
    )


def _timing(early: float, late_share: float, late: float) -> Numbers:
    """A gamma bump before expiry and an exponential tail after it, by week of lag."""
    before = np.arange(EARLY, 0, -1.0)
    bump = before ** (EARLY_SHAPE - 1) * np.exp(-before * EARLY_SHAPE / early)
    tail = np.exp(-np.arange(LATE + 1.0) / late)
    parts = [(1 - late_share) * bump / bump.sum(), late_share * tail / tail.sum()]
    return np.concatenate(parts)
