"""What hold-outs tell of who acts on a message: the assumption narrowed by results.

Of each stratum the held-out arm tells how many apply by themselves, and the mailed arm
how many more did. The likelihood of the share that reacted follows by adding up over what
the held-out arm leaves possible; strata multiply. `acts` and its half-life
are looked at together on a grid, with the range that was assumed as their prior: `acts`
beta, the half-life lognormal with a side of its own below and above its value, 90% within
the range. How many renew at all is uncertain
too: its range is passed through at both ends (three points of Gauss and Hermite).
"""

from dataclasses import dataclass

import dataframely as dy
import numpy as np
import polars as pl
from scipy.special import logsumexp, xlog1py, xlogy
from scipy.stats import beta, norm

from forecasting.reactions.assumption import Assumption, Share
from forecasting.reactions.channel import Channel
from forecasting.reactions.measured import MeasuredResponse
from staffing.reminders.effect_alone import alone
from staffing.reminders.effect_expected import coming, reacting
from staffing.reminders.response import Response
from staffing.reminders.timing import FloatArray

ACTS = (np.arange(100) + 0.5) / 100
HALF_LIVES = 25
FARTHEST = 3.0
"""Half-lives are looked at up to this many times beyond the range assumed."""

REACTED = np.linspace(0.0, 1.0, 81)
ENDS = {"low": 1 / 6, "value": 2 / 3, "high": 1 / 6}
RANGE = 0.90


def measure_response(
    watched: pl.DataFrame, response: Response, week: int
) -> dy.DataFrame[MeasuredResponse]:
    """How residents react to each channel that was used, by assumption and results.

    Args:
        watched: typed `Watched`.
        response: with what was assumed.
        week: the week since mailing by which strata are compared, or the last that they
            were watched, if that is before.
    """
    near = watched.filter(pl.col("week") <= week)
    last = near.filter(pl.col("week") == pl.col("week").max().over("batch", "stratum"))
    used = set(last["channel"]) & set(response.channel)
    plain_first = sorted(
        used, key=lambda c: (response.channel[c].fallback is not None, c)
    )
    rows: list[dict[str, object]] = []
    for channel in plain_first:
        mine = last.filter(channel=channel).sort("batch", "stratum")
        found = _narrowed(mine, response, response.channel[channel])
        response = response.with_channels({channel: found})
        rows += [
            {"channel": channel, "quantity": name, **getattr(found, name).model_dump()}
            for name in ("acts", "half_life_weeks")
        ]
    frame = pl.DataFrame(rows) if rows else MeasuredResponse.create_empty()
    return MeasuredResponse.validate(frame.sort("channel", "quantity"), cast=True)


@dataclass(frozen=True)
class Grid:
    """Half-lives to look at; with `ACTS` they span the grid."""

    half_lives: FloatArray

    @classmethod
    def around(cls, assumed: Assumption) -> "Grid":
        """As far as results might move it."""
        ends = assumed.low / FARTHEST, assumed.high * FARTHEST
        return cls(np.geomspace(*ends, HALF_LIVES))

    @property
    def both(self) -> tuple[FloatArray, FloatArray]:
        """Acts and half-lives: each acts x half-lives."""
        acts, half_lives = np.meshgrid(ACTS, self.half_lives, indexing="ij")
        return np.asarray(acts), np.asarray(half_lives)


def _narrowed(rows: pl.DataFrame, response: Response, how: Channel) -> Channel:
    """The channel with its posterior; `rows` are its own, one per stratum."""
    grid = Grid.around(how.half_life_weeks)
    reacted = np.clip(reacting(rows, response).reacted(*grid.both), 0.0, 1.0)
    told = []
    for end, weight in ENDS.items():
        usual = coming(rows, response, end=end)
        there = alone(rows, usual.by_then)
        for shift, chance in zip(there.shifts, there.chances, strict=True):
            curves = likelihoods(rows, there.nodes(shift), usual.ever)
            sums = np.full(reacted.shape[:-1], there.told(shift) + chance)
            for number, curve in enumerate(curves):
                sums += np.interp(reacted[..., number], REACTED, curve)
            told.append(sums + np.log(weight))
    logs = logsumexp(told, axis=0) + _prior(how, grid)
    likely = np.exp(logs - logs.max())
    source = _source(rows)
    acts = _summary(ACTS, likely.sum(axis=1))
    half_life = _summary(grid.half_lives, likely.sum(axis=0))
    return how.model_copy(
        update={
            "acts": Share(**acts, source=f"{source}: {how.acts.source}"),
            "half_life_weeks": Assumption(
                **half_life, source=f"{source}: {how.half_life_weeks.source}"
            ),
        }
    )


def likelihoods(rows: pl.DataFrame, nodes: FloatArray, ever: FloatArray) -> FloatArray:
    """Log likelihood of each mailed arm at the shares of `REACTED`: strata x shares.

    Args:
        rows: of `Watched`, one per stratum.
        nodes: shares applied for without a letter, equally likely: strata x nodes.
        ever: shares that are ever applied for.
    """
    counts = rows.select("mailed_came", "mailed").cast(pl.Float64).to_numpy()
    came, did_not = counts[:, :1, None], np.diff(counts, axis=1)[:, :, None]
    most = ever[:, None, None]
    by_itself = np.minimum(nodes[:, :, None], most)
    share = by_itself + REACTED * (most - by_itself)
    logs = xlogy(came, share) + xlog1py(did_not, -share)
    return np.asarray(logsumexp(logs, axis=1) - np.log(nodes.shape[1]))


def _prior(how: Channel, grid: Grid) -> FloatArray:
    """Log density on the grid (evenly spaced, of the half-life in its logarithm)."""
    wide = 2 * float(norm.ppf((1 + RANGE) / 2))
    acts, lasting = how.acts, how.half_life_weeks
    middle = np.clip(acts.value, 0.01, 0.99)
    spread = max((acts.high - acts.low) / wide, 0.005)
    worth = max(middle * (1 - middle) / spread**2 - 1, 1.0)
    of_acts = beta.logpdf(ACTS, middle * worth, (1 - middle) * worth)
    away = np.log(grid.half_lives / lasting.value)
    ends = (lasting.low, lasting.high)
    sides = [max(2 * abs(np.log(end / lasting.value)) / wide, 0.01) for end in ends]
    of_half_lives = norm.logpdf(away / np.where(away < 0, *sides))
    return np.asarray(of_acts[:, None] + of_half_lives)


def _summary(values: FloatArray, chance: FloatArray) -> dict[str, float]:
    """Mean, and the ends of the 90% interval, of a law on a grid."""
    below = np.cumsum(chance) - chance / 2
    tail = (1 - RANGE) / 2
    low, high = np.interp(np.array([tail, 1 - tail]) * chance.sum(), below, values)
    mean = float(np.average(values, weights=chance))
    return {"value": mean, "low": min(float(low), mean), "high": max(float(high), mean)}


def _source(rows: pl.DataFrame) -> str:
    mailed, held_out = rows.select("mailed", "held_out").sum().row(0)
    batches = rows["batch"].n_unique()
    return f"measured: {mailed} mailed, {held_out} held out, batches {batches}; before"
