"""What the response model expects letters to do, and how long it takes to show that.

Of those who would apply after week k, the part that reacted by then has applied already:
so the share applied for by week k is higher by  reacted_k (ever - by_itself_k).
"""

import math
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.stats import norm

from staffing.reminders.effect_policy import EffectPolicy
from staffing.reminders.response import Response
from staffing.reminders.timing import LAGS, FloatArray

LEVEL = 0.95


@dataclass(frozen=True)
class Coming:
    """Of documents not applied for when mailed: what happens to them without a letter.

    Arrays of one number per row of `Watched`: applied for by `week`, and at all.
    """

    by_then: FloatArray
    ever: FloatArray


def coming(watched: pl.DataFrame, response: Response, *, end: str = "value") -> Coming:
    """By the renewal timing; `end` is "low" or "high" for the ends of its range."""
    keys = watched.select("service", pl.col("lead").round().cast(pl.Int64), "week")
    found = {
        (service, lead, week): _coming(service, lead, week, response, end)
        for service, lead, week in keys.unique().rows()
    }
    pairs = np.array([found[key] for key in keys.rows()]).reshape(-1, 2)
    return Coming(pairs[:, 0], pairs[:, 1])


def _coming(
    service: str, lead: int, week: int, response: Response, end: str
) -> tuple[float, float]:
    """In the mean over the timings of the service."""
    known = [timing for timing in response.timing if timing.service == service]
    own = [timing for timing in known if timing.age_bands] or known
    shares = []
    for timing in own or [response.timing_of(service, "")]:
        scale = getattr(timing.renews, end) / max(timing.renews.value, 1e-9)
        weights = timing.weights() * scale
        left = 1.0 - weights[-lead > LAGS].sum()
        later = -lead <= LAGS
        by_then = weights[later & (-lead + week >= LAGS)].sum()
        shares.append((by_then / left, weights[later].sum() / left))
    by_then, ever = np.minimum(np.mean(shares, axis=0), 1.0)
    return float(by_then), float(ever)


@dataclass(frozen=True)
class Reacting:
    """Share of those addressed that reacts by a week: `fixed` + acting x `reached`.

    One number per row of `Watched`. `fixed` is what a second message does; `lead` is in
    weeks.
    """

    lead: FloatArray
    reached: FloatArray
    fixed: FloatArray

    def reacted(self, acts: FloatArray, half_life_weeks: FloatArray) -> FloatArray:
        """For shares that act and half-lives alike in shape: their shape x rows."""
        fading = 0.5 ** (self.lead / half_life_weeks[..., None])
        return self.fixed + acts[..., None] * fading * self.reached


def reacting(watched: pl.DataFrame, response: Response) -> Reacting:
    """Who reacts by the week of each row, of rows of one channel."""
    leads = watched["lead"].to_numpy()
    rows = watched.select("channel", pl.col("lead").round().cast(pl.Int64), "week")
    found = [
        _reached(channel, lead, week, response) for channel, lead, week in rows.rows()
    ]
    pairs = np.array(found).reshape(-1, 2)
    return Reacting(leads, pairs[:, 0], pairs[:, 1])


def _reached(
    channel: str, lead: int, week: int, response: Response
) -> tuple[float, float]:
    own, late = response.reached(channel, lead)
    fallback = response.channel[channel].fallback
    again = 0.0
    if fallback is not None and late.size:
        left = lead - fallback.after_weeks
        again = response.channel[fallback.channel].acting(left)
    return float(own[: week + 1].sum()), again * float(late[: week + 1].sum())


def expected_difference(watched: pl.DataFrame, response: Response) -> float:
    """What the response expects of rows of one channel and week, in the mean."""
    how = response.channel[watched.item(0, "channel")]
    acts, half_life = np.array([how.acts.value]), np.array([how.half_life_weeks.value])
    reacted = reacting(watched, response).reacted(acts, half_life)[0]
    usual = coming(watched, response)
    size = (watched["mailed"] + watched["held_out"]).to_numpy()
    return float(np.average(reacted * (usual.ever - usual.by_then), weights=size))


def weeks_needed(
    watched: pl.DataFrame, response: Response, policy: EffectPolicy
) -> int | None:
    """Weeks of mailing, as those so far, to show what is expected.

    So many that a 95% interval leaves zero out with the chance `policy.power`, by the
    normal approximation for two shares, strata taken as one; at least one. None where
    nothing is expected.

    Args:
        watched: rows of one channel and one week since mailing.
        response: what is expected.
        policy: the chance that is wanted.
    """
    wanted = expected_difference(watched, response)
    if wanted <= 0:
        return None
    weeks = watched["mailing_week"].n_unique()
    held_out = float(
        np.average(coming(watched, response).by_then, weights=watched["held_out"])
    )
    mailed = min(held_out + wanted, 1.0)
    sizes = [int(watched[arm].sum()) / weeks for arm in ("mailed", "held_out")]
    shares = np.array([mailed, held_out])
    per_week = float((shares * (1 - shares) / sizes).sum())
    sure = float(norm.ppf((1 + LEVEL) / 2) + norm.ppf(policy.power))
    return max(1, math.ceil(sure**2 * per_week / wanted**2))
