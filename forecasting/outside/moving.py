"""How a letter moves visits: who reacts comes some weeks after it, and not later on."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from forecasting.series.panel import FloatArray

ANY_BAND = ""


def moved_visits(visits: FloatArray, arrivals: FloatArray, mailing: int) -> FloatArray:
    """Change in visits per week by one letter in week `mailing`; adds up to zero.

    `visits` are those without the letter, by week from 0; `arrivals` the share that
    reacts, by weeks since mailing. Who reacts does not depend on when they would come.
    """
    reacts = np.zeros(visits.size)
    begin = max(mailing, 0)
    reach = arrivals[begin - mailing :][: visits.size - begin]
    reacts[begin : begin + reach.size] = reach
    before = np.concatenate([[0.0], np.cumsum(reacts)[:-1]])
    after = visits.sum() - np.cumsum(visits)
    return np.asarray(reacts * after - visits * before)


@dataclass(frozen=True)
class Curve:
    """Shares of a cohort that come by themselves, from lag `first` (in weeks) on."""

    first: int
    weights: FloatArray

    @property
    def last(self) -> int:
        """The last lag."""
        return self.first + self.weights.size - 1

    def visits(self, expiry: int, mailing: int, reach: int) -> FloatArray:
        """Chance per week of the axis for one who had not come by the mailing week."""
        weeks = expiry + self.first + np.arange(self.weights.size)
        left = self.weights * (weeks >= mailing)
        outstanding = 1.0 - (self.weights.sum() - left.sum())
        visits = np.zeros(reach)
        inside = (weeks >= max(mailing, 0)) & (weeks < reach)
        if outstanding > 1e-9:
            visits[weeks[inside]] = left[inside] / outstanding
        return visits


def curves_of(timing: pl.DataFrame) -> dict[str, Curve]:
    """The timing of each band, and the mean of them all."""
    found = {}
    for (band,), rows in timing.sort("age_band", "lag").group_by(
        "age_band", maintain_order=True
    ):
        found[str(band)] = Curve(int(rows["lag"][0]), rows["weight"].to_numpy())
    if found:
        by_lag = timing.group_by("lag").agg(pl.col("weight").sum()).sort("lag")
        mean = by_lag["weight"].to_numpy() / len(found)
        found.setdefault(ANY_BAND, Curve(int(by_lag["lag"][0]), mean))
    return found


@dataclass(frozen=True)
class Batch:
    """Letters of one cohort and week: weeks are numbers on the axis, `count` letters.

    `visits` are those without a letter, `arrivals` the share that reacts to one.
    """

    mailing: int
    expiry: int
    count: float
    visits: FloatArray
    arrivals: FloatArray


def change_by(batch: Batch, visits: FloatArray, counted: list[int]) -> FloatArray:
    """Change in visits per week by one letter, by what was counted since."""
    change = moved_visits(visits, batch.arrivals, batch.mailing)
    came, usual = np.cumsum(visits + change), np.cumsum(visits)
    found = change.copy()
    for week in sorted(counted):
        if 0 < week < visits.size and week > batch.mailing:
            left = (1.0 - came[week - 1]) / max(1.0 - usual[week - 1], 1e-9)
            found[week:] = (visits + change)[week:] - left * visits[week:]
    return found
