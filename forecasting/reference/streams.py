"""Seeded random streams: one per purpose, so that a change in one leaves the others."""

import zlib

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Numbers = NDArray[np.float64]


def stream(seed: int, purpose: str) -> np.random.Generator:
    """A generator that depends on the seed and the purpose alone."""
    return np.random.default_rng([seed, zlib.crc32(purpose.encode())])


def gamma_factors(
    rng: np.random.Generator, cv: float, shape: int | tuple[int, ...]
) -> Numbers:
    """Gamma factors of mean 1 and coefficient of variation `cv`: overdispersion."""
    shape_parameter = 1 / cv**2
    return rng.gamma(shape_parameter, 1 / shape_parameter, shape)


def lognormal(rng: np.random.Generator, mean: Numbers, cv: Numbers | float) -> Numbers:
    """Lognormal draws with the given means and coefficient of variation."""
    variance = np.log1p(np.square(cv))
    draws: Numbers = rng.lognormal(np.log(mean) - variance / 2, np.sqrt(variance))
    return draws


def hex_references(rng: np.random.Generator, number: int) -> list[str]:
    """Opaque references of 16 hex digits that start with a letter, so never a number."""
    digits = np.frombuffer(rng.bytes(8 * number).hex().encode(), np.uint8)
    digits = digits.reshape(number, 16).copy()
    digits[:, 0] = ord("a") + rng.integers(0, 6, number)
    texts: list[str] = digits.view("S16").ravel().astype(str).tolist()
    return texts
