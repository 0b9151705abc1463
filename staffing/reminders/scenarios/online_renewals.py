"""What if no letters went to those who renew online: they come to collect at the most.

Of all holders the part W renews, and of these the part q online. Who does leaves the
stock; of the others the part W (1 - q) / (1 - q W) renews, all at the counter, so that
nobody more or less comes than before. Of those still outstanding on the day of the stock
the part q v is taken, with v the chance to renew after that day.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

import polars as pl

from forecasting.calendar import monday
from forecasting.reactions.assumption import Share
from staffing.reminders.moving import expected_visits
from staffing.reminders.online import at_the_counter
from staffing.reminders.response import LAST_LAG, Response
from staffing.reminders.scenarios.inputs import PlanInputs, Scenario
from staffing.reminders.timing import Timing

ALL, WHO_COME = "letters to all", "letters to who come"
KIND = ["service", "expiry_week", "age_band"]
CELL = [*KIND, "district"]
NONE_KNOWN = (
    "history tells of no renewals online; import them (piekwijzer import FILE "
    "--source online_daily) and forecast again"
)
TO_TELL = (
    "the registry must be able to tell who renews online, as by an earlier renewal "
    "online; the more it misses, the nearer this comes to letters to all"
)


def online(
    inputs: PlanInputs, shares: Mapping[str, float], counting: Collection[str]
) -> list[Scenario]:
    """Letters to all, though part renews online; and letters to those alone who come.

    Args:
        inputs: of a plan that takes every renewal for a visit.
        shares: per service what part of its renewals takes place online.
        counting: sources of timing that count renewals online; others tell of visits.
    """
    if not shares:
        return [Scenario("online", WHO_COME, None, NONE_KNOWN)]
    told = ", ".join(f"{name} {share:.0%}" for name, share in sorted(shares.items()))
    rests = f"renewals online: {told}"
    whole = _timed(
        inputs.response,
        shares,
        lambda timing, q: (
            timing if timing.source in counting else _rescaled(timing, _of_all(q))
        ),
    )
    every = replace(inputs, response=at_the_counter(whole, shares))
    apart, gone = _without_online(replace(inputs, response=whole), shares)
    return [
        Scenario("online", ALL, every, rests),
        Scenario("online", WHO_COME, apart, f"{rests}; {TO_TELL}", gone),
    ]


def _of_all(share: float) -> Callable[[float], float]:
    """From the part that renews at the counter to the part that renews at all."""
    left = max(1.0 - share, 1e-9)
    return lambda part: min(1.0, part / left)


def _of_others(share: float) -> Callable[[float], float]:
    """From the part of all that renews to that of those who do not renew online."""
    return lambda part: part * (1 - share) / max(1.0 - share * part, 1e-9)


def _timed(
    response: Response,
    shares: Mapping[str, float],
    change: Callable[[Timing, float], Timing],
) -> Response:
    timing = tuple(
        change(one, shares[one.service]) if one.service in shares else one
        for one in response.timing
    )
    return response.model_copy(update={"timing": timing})


def _rescaled(timing: Timing, change: Callable[[float], float]) -> Timing:
    told = timing.renews
    value, low, high = (change(part) for part in (told.value, told.low, told.high))
    renews = Share(value=value, low=low, high=high, source=told.source)
    return timing.model_copy(update={"renews": renews})


def _without_online(
    inputs: PlanInputs, shares: Mapping[str, float]
) -> tuple[PlanInputs, int]:
    """Stock and response of those who come, and how many documents left the stock.

    Whole documents leave: of each service as many as are expected, to half a document.
    """
    stock = inputs.expiries
    chances = _chances(stock, inputs.response, shares)
    cells = stock.join(chances, on=KIND, how="left", maintain_order="left").sort(CELL)
    upto = (pl.col("count") * pl.col("chance")).cum_sum().over("service")
    told = cells.with_columns(upto=(upto + 0.5).floor().cast(pl.Int64))
    gone = pl.col("upto") - pl.col("upto").shift(1, fill_value=0).over("service")
    left = told.with_columns(pl.col("count") - pl.min_horizontal("count", gone))
    response = _timed(
        inputs.response, shares, lambda timing, q: _rescaled(timing, _of_others(q))
    )
    number = int(stock["count"].sum()) - int(left["count"].sum())
    apart = replace(inputs, expiries=left.select(stock.columns), response=response)
    return apart, number


def _chances(
    stock: pl.DataFrame, response: Response, shares: Mapping[str, float]
) -> pl.DataFrame:
    """`chance` that a document still outstanding is renewed online, per `KIND`."""
    kinds = stock.select("as_of", *KIND).unique().sort(KIND)
    chances = [
        shares.get(service, 0.0)
        * _renewing(response.timing_of(service, band), (week - monday(as_of)).days // 7)
        for as_of, service, week, band in kinds.iter_rows()
    ]
    chance = pl.Series("chance", chances, dtype=pl.Float64)
    return kinds.drop("as_of").with_columns(chance)


def _renewing(timing: Timing, expiry: int) -> float:
    """The chance that a document outstanding in week 0 is renewed after it."""
    visits = expected_visits(timing, expiry, 0, max(1, expiry + LAST_LAG + 1))
    return min(1.0, float(visits.sum()))
