"""Simulated documents: issued, renewed before or after expiry, lost; nothing estimated.

Every document of a week's expiry cohort goes its own way, week by week. What is known of
it is what a town knows: applications a week, and stocks at quarter ends or once.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from forecasting.catalogue import Service

Floats = npt.NDArray[np.float64]
FIRST = date(2016, 1, 4)
WEEKS = 366
"""Seven years of weeks."""
BEFORE, AFTER = 40, 60
VALID = 522
"""Ten years of weeks."""
BANDS = ("18-64", "65+")


@dataclass(frozen=True)
class Documents:
    """What a town knows, and the true share renewed by lag (-40 .. 60) and band."""

    demand: pl.DataFrame
    stocks: pl.DataFrame
    weights: Floats


def service() -> Service:
    """A document that lasts ten years for all."""
    rule = {"issued_from": date(1990, 1, 1), "years": 10, "source": "planted"}
    step = {
        "id": "application",
        "skill": "counter",
        "channels": ("appointment",),
        "handling_s": 600,
        "source": "planted",
    }
    names = {"id": "planted", "name_nl": "p", "name_en": "p"}
    return Service.model_validate({**names, "step": (step,), "validity": (rule,)})


def make_documents(rng: np.random.Generator, *, once: bool) -> Documents:
    """Live through seven years; the stock is listed as issued `once`, or by quarter."""
    weights = _weights(rng)
    hazard = weights / (1 - np.cumsum(weights, axis=0) + weights)
    stock = _issued(rng)
    lost = rng.uniform(0.008, 0.018) / 52.18
    newly = rng.uniform(0.1, 0.3) * stock[: AFTER + VALID].mean(axis=0)
    pressure = _pressure(rng)
    counts, rows = np.zeros(WEEKS), []
    if once:
        rows.append(_listed(stock, 0, -AFTER, "issued"))
    done = (np.cumsum(weights, axis=0) - weights)[::-1]
    stock[:AFTER] -= rng.binomial(stock[:AFTER].astype(int), done[:AFTER])
    near = slice(AFTER, AFTER + BEFORE)
    stock[near] -= rng.binomial(stock[near].astype(int), done[AFTER : AFTER + BEFORE])
    for week in range(WEEKS):
        lot = stock[week : week + BEFORE + AFTER + 1]
        chance = np.minimum(hazard[::-1] * pressure[week], 0.95)
        gone = rng.binomial(lot.astype(int), chance)
        lot -= gone
        alive = stock[week + AFTER : week + AFTER + VALID]
        stolen = rng.binomial(alive.astype(int), lost)
        alive -= stolen
        first = rng.poisson(newly * pressure[week])
        issued = gone.sum(axis=0) + stolen.sum(axis=0) + first
        stock[week + AFTER + VALID] += issued
        counts[week] = issued.sum()
        if not once and week % 13 == 12:
            rows.append(_listed(stock, week + 1, -26, "outstanding"))
    starts = [FIRST + timedelta(weeks=week) for week in range(WEEKS)]
    name = ["town/planted/application/appointment"] * WEEKS
    demand = pl.DataFrame({"series": name, "start": starts, "count": counts})
    return Documents(demand, pl.concat(rows), weights)


def _weights(rng: np.random.Generator) -> Floats:
    """A hump before expiry, a tail after it, and who never comes, per band."""
    lag = np.arange(-BEFORE, AFTER + 1.0)
    early, steep = rng.uniform(4, 14), rng.uniform(1.2, 3)
    ahead = np.maximum(-lag, 0)
    hump = ahead ** (steep - 1) * np.exp(-ahead * steep / early) * (lag < 0)
    tail = np.exp(-lag / rng.uniform(3, 15)) * (lag >= 0)
    late = rng.uniform(0.1, 0.4)
    shape = (1 - late) * hump / hump.sum() + late * tail / tail.sum()
    return np.outer(shape, rng.uniform((0.7, 0.5), (0.95, 0.85)))


def _issued(rng: np.random.Generator) -> Floats:
    """Documents by week of expiry (from AFTER before the first week) and band."""
    size = WEEKS + AFTER + VALID + BEFORE
    time = np.arange(size) / 52.18
    wave = np.exp(
        rng.uniform(0.1, 0.5) * np.sin(2 * np.pi * (time / rng.uniform(2, 6)))
        + rng.uniform(0.1, 0.3) * np.sin(2 * np.pi * (time + rng.uniform(0, 1)))
        + np.cumsum(rng.normal(0, 0.03, size))
        + rng.normal(0, 0.1, size)
    )
    usual = np.array([0.8, 0.2]) * rng.uniform(40, 250)
    stock = rng.poisson(wave[:, None] * usual).astype(float)
    stock[AFTER + VALID :] = 0
    return stock


def _pressure(rng: np.random.Generator) -> Floats:
    """The time of year, a drift, and shocks of which half is left after a week."""
    time = np.arange(WEEKS) / 52.18
    season = rng.uniform(0, 0.2) * np.sin(2 * np.pi * (time + rng.uniform(0, 1)))
    season += rng.uniform(0, 0.2) * np.exp(-0.5 * (((time % 1) - 0.44) / 0.04) ** 2)
    shocks, push = np.zeros(WEEKS), rng.normal(0, rng.uniform(0.02, 0.06), WEEKS)
    for i in range(1, WEEKS):
        shocks[i] = 0.5 * shocks[i - 1] + push[i]
    drift = np.cumsum(rng.normal(0, 0.003, WEEKS))
    whole = np.exp(season + shocks + drift)
    return np.asarray(whole / whole.mean(), dtype=float)


def _listed(stock: Floats, week: int, back: int, basis: str) -> pl.DataFrame:
    """The stock as an extract made on the Sunday before a week lists it."""
    place = np.arange(week + back, week + VALID + (BEFORE if basis == "issued" else 0))
    counts = stock[place + AFTER]
    at, band = np.nonzero(counts)
    monday = np.datetime64(FIRST) + 7 * place[at]
    return pl.DataFrame(
        {
            "as_of": [FIRST + timedelta(weeks=week, days=-1)] * at.size,
            "service": ["planted"] * at.size,
            "expiry_week": monday.astype("datetime64[D]"),
            "age_band": np.array(BANDS)[band],
            "district": ["all"] * at.size,
            "basis": [basis] * at.size,
            "count": counts[at, band].astype(int),
        }
    ).with_columns(pl.col("expiry_week").cast(pl.Date))
