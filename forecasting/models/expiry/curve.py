"""The log timing as a smooth curve: straight lines between knots, with jumps at breaks."""

from dataclasses import dataclass

import numpy as np

from forecasting.series.panel import FloatArray
from forecasting.tuning import DocumentTuning, ExpiryTuning

LEAST_HEIGHT = 1e-3
LOOSE = 1e-3
"""Price of a jump at a break beside that of a bend elsewhere."""


@dataclass(frozen=True)
class Curve:
    """What turns coefficients (one per knot) into the log of timing, and their price.

    `basis` is lags x knots; `assumed` the log timing that coefficients of 0 stand for;
    `bend` the quadratic price of departing from it unevenly.
    """

    first: int
    basis: FloatArray
    assumed: FloatArray
    bend: FloatArray

    def shape(self, coefficients: FloatArray) -> FloatArray:
        """The timing: adds up to 1 over the lags."""
        heights = self.assumed + self.basis @ coefficients
        raised = np.exp(heights - heights.max())
        return np.asarray(raised / raised.sum())

    def near(self, coefficients: FloatArray, step: FloatArray) -> FloatArray:
        """The timing a step away: rises in proportion, falls as an exponential does.

        To first order the same as `shape` of the sum.
        """
        shape = self.shape(coefficients)
        moved = self.basis @ step
        moved -= shape @ moved
        raised = shape * np.where(moved > 0, 1 + moved, np.exp(np.minimum(moved, 0)))
        return np.asarray(raised / raised.sum())

    def slopes(self, shape: FloatArray) -> FloatArray:
        """Derivative of the timing by each coefficient: lags x knots."""
        return np.asarray(shape[:, None] * (self.basis - shape @ self.basis))


def curve_of(document: DocumentTuning, tuning: ExpiryTuning) -> Curve:
    """The curve around what is assumed of a document."""
    lags = np.arange(-tuning.early_weeks, tuning.late_weeks + 1)
    weeks, heights = zip(*document.points, strict=True)
    least = LEAST_HEIGHT * max(heights)
    assumed = np.log(np.maximum(np.interp(lags, weeks, heights), least))
    parts = np.split(lags, [int(b - lags[0]) for b in sorted(document.breaks)])
    bases = [_lines(part, tuning.knot_weeks) for part in parts if part.size]
    basis = np.zeros((lags.size, sum(b.shape[1] for b in bases)))
    bend = np.zeros((basis.shape[1], basis.shape[1]))
    row = column = 0
    for part in bases:
        rows, knots = part.shape
        basis[row : row + rows, column : column + knots] = part
        price = (
            np.diff(np.eye(knots), n=2, axis=0) if knots > 2 else np.zeros((1, knots))
        )
        bend[column : column + knots, column : column + knots] += price.T @ price
        if column:
            _tie(bend, column)
        row, column = row + rows, column + knots
    return Curve(int(lags[0]), basis, assumed, bend)


def _lines(lags: np.ndarray, width: int) -> FloatArray:
    """Straight lines between knots: lags x knots.

    At expiry there is a knot every week; every `width` weeks away from it they stand a
    week further apart, for that is where timing changes slowly.
    """
    ordered = lags if abs(lags[0]) < abs(lags[-1]) else lags[::-1]
    knots = [int(ordered[0])]
    step = int(np.sign(ordered[-1] - ordered[0]))
    while knots[-1] != ordered[-1]:
        apart = 1 + abs(knots[-1]) // width
        left = abs(int(ordered[-1]) - knots[-1])
        knots.append(knots[-1] + step * (left if left < 1.5 * apart else apart))
    knots.sort()
    return np.column_stack([np.interp(lags, knots, row) for row in np.eye(len(knots))])


def _tie(bend: FloatArray, column: int) -> None:
    """A small price on the jump between the knots on both sides of a break."""
    jump = np.zeros(len(bend))
    jump[column - 1], jump[column] = -1.0, 1.0
    bend += LOOSE * np.outer(jump, jump)
