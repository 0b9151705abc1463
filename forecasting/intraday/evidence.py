"""How large an effect is, by the evidence for it: components of variance by moments.

A squared residual z^2 of something expected to be m, with variance `noise` by chance
alone, is expected to be `noise + t m^2` when it also differs by an effect of relative
variance t. With v = noise + t m^2, each residual of a count tells t with a variance of
about (2 v^2 + v) / m^4 (the fourth moment of few counts is larger than the normal one);
they are weighted by its inverse, and an assumption joins them as if it were `worth` that
many residuals without noise.
"""

import numpy as np

from forecasting.series.panel import FloatArray


def component(
    squared: FloatArray,
    noise: FloatArray,
    signal: FloatArray,
    assumed: FloatArray | float,
    worth: float,
    axis: int | None = None,
) -> FloatArray:
    """The relative variance t beyond chance, along an axis; never below 0.

    Args:
        squared: squared residuals, 0 where nothing is known.
        noise: their expectation by chance alone.
        signal: what t adds to them per unit (m^2), 0 where nothing is known.
        assumed: t as it is assumed beforehand, above 0.
        worth: how many residuals the assumption is worth.
        axis: along which is summed; all when None.
    """
    spread = noise + assumed * signal
    unsure = spread**2 + spread / 2
    weight = np.divide(signal, unsure, out=np.zeros_like(signal), where=spread > 0)
    told = np.asarray(weight * (squared - noise)).sum(axis=axis, keepdims=True)
    known = np.asarray(weight * signal).sum(axis=axis, keepdims=True)
    prior = worth / np.asarray(assumed) ** 2
    found = np.maximum(told + prior * assumed, 0.0) / (known + prior)
    return np.asarray(found.squeeze() if axis is None else found.squeeze(axis))
