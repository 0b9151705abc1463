"""Draws of the renewal weights from all that remains uncertain.

Hamiltonian Monte Carlo (Neal 2011) on axes along which the posterior is about a standard
normal, in turn with the price of bends, whose law given the timing is a gamma. Chains
run side by side.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

from staffing.reminders.convolution import Convolution
from staffing.reminders.timing import LAGS, FloatArray

PRICE_WORTH, USUAL_PRICE = 1.0, 10.0
"""The price of bends is gamma: shape, and mean (the log timing bends by a third)."""

CHAINS, WARM_UP, KEPT = 16, 60, 60
STEPS, STEP = 8, 0.2
NEAR = 0.3
"""Chains begin this near to the mode, where no trajectory runs away."""
ROUNDS = 4
MOST_CLIMBS, LONGEST_STEP, CLOSE = 60, 1.0, 1e-4
FARTHEST = 50.0
"""In standard deviations: a trajectory that runs away this far is refused for sure."""

MOST_ALIKE = 0.8


@dataclass(frozen=True)
class Mode:
    """The likeliest parameters at a price of bends, and how much counts vary there."""

    values: FloatArray
    price: float
    spread: float


def draws(model: Convolution, rng: np.random.Generator) -> FloatArray:
    """Rows of parameters as they might be: draws x parameters."""
    mode = likeliest(model)
    precision = model.precision(mode.values, mode.price, mode.spread)
    root = np.asarray(np.linalg.cholesky(precision), dtype=np.float64)
    near = NEAR * rng.standard_normal((CHAINS, model.size))
    rows = _out(near, root, mode)
    kept = []
    for turn in range(WARM_UP + KEPT):
        price = _price(model, rows, rng)
        rows = _move(model, rows, price, mode, root, rng)
        if turn >= WARM_UP:
            kept.append(rows)
    return np.concatenate(kept)


def likeliest(model: Convolution) -> Mode:
    """The mode, with the price of bends and the spread that the counts ask for."""
    values, price, spread = model.prior[0], USUAL_PRICE, 1.0
    for _ in range(ROUNDS):
        values = _climb(model, values, price, spread)
        precision = model.precision(values, price, spread)
        covariance = np.asarray(np.linalg.inv(precision), dtype=np.float64)
        price = _likeliest_price(model, values, price, covariance)
        spread = _spread(model, values, covariance, spread)
    return Mode(_climb(model, values, price, spread), price, spread)


def _climb(
    model: Convolution, start: FloatArray, price: float, spread: float
) -> FloatArray:
    """The mode at a price of bends, by Fisher scoring with halved steps."""
    prices, at = np.array([price]), start
    value, slope = model.logs(at[None], prices, spread)
    for _ in range(MOST_CLIMBS):
        step = np.linalg.solve(model.precision(at, price, spread), slope[0])
        step *= min(1.0, LONGEST_STEP / max(float(np.abs(step).max()), 1e-12))
        while np.abs(step).max() > CLOSE:
            higher, slope = model.logs((at + step)[None], prices, spread)
            if higher[0] > value[0]:
                break
            step = step / 2
        else:
            return at
        at, value = at + step, higher
    return at


def _likeliest_price(
    model: Convolution, values: FloatArray, price: float, covariance: FloatArray
) -> float:
    """By the generalised Fellner-Schall step (Wood and Fasiolo 2017), and its prior."""
    lags = slice(0, len(LAGS))
    free = _rank(model) - price * float(np.sum(covariance[lags, lags] * model.bend))
    off = float(model.bent(values[None])[0])
    worth = 2 * PRICE_WORTH
    return (max(free, 0.0) + worth) / (off + worth / USUAL_PRICE)


def _spread(
    model: Convolution, values: FloatArray, covariance: FloatArray, spread: float
) -> float:
    """How much more counts vary than Poisson counts; more where neighbours err alike."""
    mean, slopes = model.means(values)
    told = slopes / (spread * mean)[:, None]
    used = float(np.einsum("ij,jk,ik->", told, covariance, slopes))
    apart = (model.counts - mean) / np.sqrt(mean)
    squares = float((apart**2).sum())
    alike = float((apart[1:] * apart[:-1]).sum()) / max(squares, 1e-9)
    chance = 2 / np.sqrt(len(mean))
    lasting = min(alike + used / len(mean), MOST_ALIKE) if alike > chance else 0.0
    left = max(len(mean) - used, len(mean) / 2)
    return max(squares / left, 1.0) * (1 + lasting) / (1 - lasting)


def _rank(model: Convolution) -> int:
    return int(np.linalg.matrix_rank(model.bend))


def _price(
    model: Convolution, rows: FloatArray, rng: np.random.Generator
) -> FloatArray:
    shape = PRICE_WORTH + _rank(model) / 2
    rate = PRICE_WORTH / USUAL_PRICE + model.bent(rows) / 2
    return np.asarray(rng.standard_gamma(shape, len(rows)) / rate)


def _out(inner: FloatArray, root: FloatArray, mode: Mode) -> FloatArray:
    """From the axes of the sampler to parameters."""
    return np.asarray(mode.values + solve_triangular(root.T, inner.T).T)


def _move(
    model: Convolution,
    rows: FloatArray,
    price: FloatArray,
    mode: Mode,
    root: FloatArray,
    rng: np.random.Generator,
) -> FloatArray:
    """One trajectory per chain, taken or refused (Metropolis); one that runs away is."""

    def look(inner: FloatArray) -> tuple[FloatArray, FloatArray]:
        value, slope = model.logs(_out(inner, root, mode), price, mode.spread)
        return value, np.asarray(solve_triangular(root, slope.T, lower=True).T)

    start = (rows - mode.values) @ root
    push = rng.standard_normal(start.shape)
    step = STEP * rng.uniform(0.7, 1.3)
    before, slope = look(start)
    at, speed = start, push + 0.5 * step * slope
    for number in range(STEPS):
        at = np.clip(at + step * speed, -FARTHEST, FARTHEST)
        after, slope = look(at)
        speed = speed + (step if number < STEPS - 1 else 0.5 * step) * slope
    gain = after - before + 0.5 * ((push**2).sum(axis=1) - (speed**2).sum(axis=1))
    taken = np.log(rng.uniform(size=len(gain))) < gain
    return np.where(taken[:, None], _out(at, root, mode), rows)
