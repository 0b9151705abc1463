"""A small town's passports, lived through document by document."""

from datetime import date, timedelta

import numpy as np
import polars as pl

from forecasting.catalogue import Catalogue, Service
from forecasting.policy import load_policy
from forecasting.settings import shipped
from forecasting.tuning import load_tuning

CATALOGUE = load_policy(shipped("config", "config") / "catalogue.toml", Catalogue)
TUNING = load_tuning()
PASSPORT: Service = CATALOGUE.services["passport"]
BANDS = ("0-17", "18-64", "65+")
FIRST = date(2013, 1, 7)
BEFORE, AFTER = 40, 60


def true_weights() -> np.ndarray:
    """Shares renewed by lag (-40 .. 60) and band: a hump before expiry, a tail after."""
    lag = np.arange(-BEFORE, AFTER + 1)
    shape = np.where(lag < 0, -lag * np.exp(lag / 5), 0.0)
    shape = 0.75 * shape / shape.sum()
    tail = np.where(lag >= 0, np.exp(-lag / 8), 0.0)
    shape += 0.25 * tail / tail.sum()
    return np.outer(shape, [0.75, 0.85, 0.6])


def town(
    weeks: int = 313, usual: float = 240.0, seed: int = 0
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Applications per week and quarterly outstanding stocks from 2013 on.

    Adult documents last five years when issued before 9 March 2014, else ten; those of
    minors five.
    """
    rng = np.random.default_rng(seed)
    weights = true_weights()
    hazard = weights / (1 - np.cumsum(weights, axis=0) + weights)
    stock = np.zeros((AFTER + weeks + 600, 3), dtype=int)
    wave = 1 + 0.3 * np.sin(np.arange(AFTER + 261) / 9)
    wave *= rng.uniform(0.7, 1.3, wave.size)
    stock[: wave.size] = rng.poisson(np.outer(wave, [0.2, 0.6, 0.2]) * usual)
    done = (np.cumsum(weights, axis=0) - weights)[::-1]
    stock[: BEFORE + AFTER] -= rng.binomial(
        stock[: BEFORE + AFTER], done[: BEFORE + AFTER]
    )
    law = (date(2014, 3, 9) - FIRST).days // 7
    counts, parts = np.zeros(weeks), []
    for week in range(weeks):
        lot = stock[week : week + BEFORE + AFTER + 1]
        gone = rng.binomial(lot, np.minimum(hazard[::-1], 1.0))
        lot -= gone
        alive = stock[week + AFTER :]
        lost = rng.binomial(alive, 0.012 / 52.18)
        alive -= lost
        first = rng.poisson(np.array([0.12, 0.08, 0.02]) * usual)
        issued = gone.sum(axis=0) + lost.sum(axis=0) + first
        stock[week + AFTER + 261, 0] += issued[0]
        ahead = 261 if week < law else 522
        stock[week + AFTER + ahead, 1:] += issued[1:]
        counts[week] = issued.sum()
        if week % 13 == 12:
            parts.append(_listed(stock, week + 1))
    starts = [FIRST + timedelta(weeks=week) for week in range(weeks)]
    demand = pl.DataFrame({"series": "passport", "start": starts, "count": counts})
    return demand, pl.concat(parts)


def _listed(stock: np.ndarray, week: int) -> pl.DataFrame:
    """The stock on the Sunday before a week, from 26 weeks overdue on."""
    listed = stock[week + AFTER - 26 : week + AFTER + 530]
    place, band = np.nonzero(listed)
    return pl.DataFrame(
        {
            "as_of": [FIRST + timedelta(weeks=week, days=-1)] * place.size,
            "service": ["passport"] * place.size,
            "expiry_week": [FIRST + timedelta(weeks=int(week - 26 + p)) for p in place],
            "age_band": np.array(BANDS)[band],
            "district": ["all"] * place.size,
            "basis": ["outstanding"] * place.size,
            "count": listed[place, band],
        }
    )
