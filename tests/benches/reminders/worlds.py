"""What a plan does in worlds whose residents react otherwise than it assumed.

The plan is fixed beforehand. In each world the share that acts, the half-life of lead and
the time it takes residents are up to twice or half as large as assumed, independently.
In the last case residents renew at other times than assumed, too, letters or no letters;
in each replication every resident comes, reads and acts by numbers of their own, and the
load has errors of its own. An oracle that knows the world's response but not its chance
minimises its expected peak: where that is no 5% lower, letters cannot help.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from staffing.reminders import plan
from staffing.reminders.response import LAGS, Channel, Response
from staffing.reminders.timing import Timing
from tests.benches.reminders.oracle import Oracle
from tests.benches.reminders.residents import (
    NOT_MAILED,
    Stock,
    Traits,
    coming,
    counter_load,
    with_letters,
)
from tests.benches.reminders.simple import fixed_lead, spread_evenly
from tests.benches.reminders.town import (
    ERROR,
    FIRST,
    WEEKS,
    Town,
    reference_town,
    with_letters_for,
    with_timing,
)

REPLICATIONS = 10
CAN_HELP, MAY_RISE = 0.05, 0.02
WANTED = 0.95

Case = tuple[float, bool]
"""How many times the quota and budget that ship, and whether timing differs too."""
CASES: tuple[Case, ...] = ((1, False), (3, False), (3, True))


def measure(
    worlds: int = 200, seed: int = 0, cases: tuple[Case, ...] = CASES
) -> Iterator[dict[str, object]]:
    """One line per case and policy."""
    for size, retimed in cases:
        town = with_letters_for(reference_town(seed), size)
        arena = Arena.of(town, seed, retimed=retimed)
        outcomes = [arena.world(number) for number in range(worlds)]
        helpable = np.array([_change(one, "oracle") <= -CAN_HELP for one in outcomes])
        for name in [*arena.mailings, "oracle"]:
            changes = np.array([_change(one, name) for one in outcomes])
            yield {
                "budget": arena.town.policy.budget,
                "other_timing": retimed,
                "policy": name,
                "worlds": worlds,
                "letters_can_help": int(helpable.sum()),
                "peak_falls_where_they_can": _share(changes[helpable] < 0),
                "wanted": WANTED,
                "peak_falls_in_all": _share(changes < 0),
                "largest_rise": round(float(changes.max()), 4),
                "may_rise": MAY_RISE,
                "mean_change_of_peak": round(float(changes.mean()), 4),
                "letters": arena.number(name),
                **_means(outcomes, name),
            }


def _share(met: np.ndarray) -> float | None:
    return float(met.mean()) if met.size else None


Measures = dict[str, tuple[float, float, float]]
"""Expected peak, weeks over capacity and hours above it, per policy."""


@dataclass
class Arena:
    """A town, its residents, and the letters of each policy, fixed beforehand."""

    town: Town
    stock: Stock
    mailings: dict[str, np.ndarray]
    oracle: Oracle
    seed: int
    retimed: bool

    @staticmethod
    def of(town: Town, seed: int, *, retimed: bool) -> "Arena":
        """With the plan and three simple policies."""
        stock = Stock.of(town)
        planned = plan(
            town.expiries, town.demand, town.at_hand, town.response, town.policy,
            seed=seed,
        )  # fmt: skip
        week = (pl.col("mailing_week") - pl.lit(FIRST)).dt.total_days() // 7
        letters = planned.letters.with_columns(mailing=week)
        random = np.random.default_rng([seed, 2])
        mailings = {
            "plan": residents_mailed(stock, letters),
            "fixed 8 weeks ahead": fixed_lead(town, stock, 8, random),
            "fixed 13 weeks ahead": fixed_lead(town, stock, 13, random),
            "even spreading": spread_evenly(town, stock, random),
        }
        return Arena(town, stock, mailings, Oracle(town), seed, retimed)

    def number(self, policy: str) -> int | None:
        """Letters of a policy; the oracle's differ by world."""
        if policy not in self.mailings:
            return None
        return int((self.mailings[policy] != NOT_MAILED).sum())

    def world(self, number: int) -> Measures:
        """The measures of each policy in one world, and without letters."""
        random = np.random.default_rng([self.seed, 3, number])
        here = self._retimed(random) if self.retimed else self
        response = other_response(here.town, random)
        channel = response.channel[self.town.policy.channel]
        best = residents_mailed(self.stock, self.oracle.letters(response))
        mailings = {"none": None, **self.mailings, "oracle": best}
        loads = {name: np.zeros((REPLICATIONS, WEEKS)) for name in mailings}
        for replication in range(REPLICATIONS):
            here._replicate(loads, mailings, channel, replication, random)
        return {name: _measured(self.town, load) for name, load in loads.items()}

    def _retimed(self, random: np.random.Generator) -> "Arena":
        """The same residents at other times, in a load that is expected as it was."""
        town = with_timing(self.town, other_timing(self.town, random))
        return replace(self, town=town, stock=self.stock.timed(town))

    def _replicate(
        self,
        loads: dict[str, np.ndarray],
        mailings: dict[str, np.ndarray | None],
        channel: Channel,
        replication: int,
        random: np.random.Generator,
    ) -> None:
        """Let everybody come once under each policy, by the same random numbers."""
        town, stock = self.town, self.stock
        weeks = coming(stock, random)
        traits = Traits.draw(stock.expiry.size, random)
        other = town.other * np.exp(random.normal(0, ERROR, WEEKS))
        wait, days = town.policy.appointment_wait_weeks, town.policy.production_days
        before = other + counter_load(stock, weeks, traits, days)
        for name, mailing in mailings.items():
            loads[name][replication] = before
            if mailing is not None:
                after = with_letters(
                    weeks, mailing, stock.expiry, traits, channel, wait
                )
                moved = np.flatnonzero(after != weeks)
                loads[name][replication] += counter_load(
                    stock, after, traits, days, moved
                ) - counter_load(stock, weeks, traits, days, moved)


def other_response(town: Town, random: np.random.Generator) -> Response:
    """A response up to twice or half of what is assumed, each part by itself."""
    name = town.policy.channel
    channel = town.response.channel[name]
    share, half_life, slowness = 2 ** random.uniform(-1, 1, 3)
    acts = min(1.0, channel.acts.value * share)
    lasts = channel.half_life_weeks.value * half_life
    changed = channel.model_copy(
        update={
            "acts": channel.acts.model_copy(update={"value": acts}),
            "half_life_weeks": channel.half_life_weeks.model_copy(
                update={"value": lasts}
            ),
            "delay": _stretched(channel.delay, slowness),
        }
    )
    return town.response.model_copy(
        update={"channel": {**town.response.channel, name: changed}}
    )


def other_timing(town: Town, random: np.random.Generator) -> tuple[Timing, ...]:
    """Renewal up to 2 weeks sooner or later, over up to 1.4 times or 0.7 of the time.

    As many renew of each service as its assumption allows.
    """
    shift, stretch = random.uniform(-2, 2), 2 ** random.uniform(-0.5, 0.5)
    return tuple(
        _retimed(timing, shift, stretch, random) for timing in town.response.timing
    )


def _retimed(
    timing: Timing, shift: float, stretch: float, random: np.random.Generator
) -> Timing:
    heights = np.interp(LAGS, stretch * LAGS + shift, timing.weights(), 0.0, 0.0)
    points = tuple(zip(LAGS.tolist(), heights.tolist(), strict=True))
    value = random.uniform(timing.renews.low, timing.renews.high)
    renews = timing.renews.model_copy(update={"value": value})
    return timing.model_copy(update={"points": points, "renews": renews})


def _stretched(delay: tuple[float, ...], times: float) -> tuple[float, ...]:
    """Delays of so many times the length."""
    weeks = np.arange(int(np.ceil(len(delay) * times)) + 1)
    by = np.interp(weeks / times, range(len(delay) + 1), np.cumsum((0.0, *delay)))
    return tuple((np.diff(by) / by[-1]).tolist())


def residents_mailed(stock: Stock, letters: pl.DataFrame) -> np.ndarray:
    """The week of each resident's letter, from letters per cell and week `mailing`."""
    keys = ["service", "age_band", "district", "expiry_week"]
    groups = stock.groups.with_row_index("group").select("group", *keys, "count")
    first = np.concatenate([[0], np.cumsum(groups["count"].to_numpy())])
    mailing = np.full(stock.expiry.size, NOT_MAILED)
    placed = letters.join(groups, on=keys).sort("group", "mailing")
    taken = np.zeros(groups.height, dtype=int)
    for group, week, number in placed.select("group", "mailing", "letters").iter_rows():
        start = first[group] + taken[group]
        mailing[start : start + number] = week
        taken[group] += number
    return mailing


def _measured(town: Town, load: np.ndarray) -> tuple[float, float, float]:
    above = np.maximum(0.0, load - town.capacity)
    return (
        float(load.max(axis=1).mean()),
        float((above > 0).sum(axis=1).mean()),
        float(above.sum(axis=1).mean()),
    )


def _change(outcome: Measures, policy: str) -> float:
    return outcome[policy][0] / outcome["none"][0] - 1


def _means(outcomes: list[Measures], policy: str) -> dict[str, object]:
    names = ("peak_hours", "weeks_over", "hours_above")
    found: dict[str, object] = {}
    for number, name in enumerate(names):
        pair = [
            round(float(np.mean([one[key][number] for one in outcomes])), 2)
            for key in ("none", policy)
        ]
        found[name] = pair
    return found
