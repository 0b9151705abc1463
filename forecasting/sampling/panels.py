"""Scores of several series side by side, on one clock per origin."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from forecasting.sampling.clocks import Clock
from forecasting.series.panel import FloatArray

LEAST_SCALE, MOST_SCALE = 0.3, 3.0


@dataclass(frozen=True)
class Panel:
    """Scores of shape (origins, series, periods), 0 where nothing is known.

    Scores of a series are of mean square 1. `seen` tells where something is known, and
    `width` how wide the intervals of each series are, in counts.
    """

    names: list[str]
    scores: FloatArray
    width: FloatArray
    seen: npt.NDArray[np.bool_]

    @cached_property
    def origins(self) -> npt.NDArray[np.int64]:
        """The number of origins of each series."""
        return np.asarray(self.seen.any(axis=2).sum(axis=0), dtype=np.int64)

    def of(self, row: int) -> Iterator[tuple[FloatArray, npt.NDArray[np.bool_]]]:
        """Scores of one series, and where they are known, origin by origin."""
        for scores, seen in zip(self.scores[:, row], self.seen[:, row], strict=True):
            if seen.any():
                yield scores, seen


def panels_of(scored: pl.DataFrame) -> list[Panel]:
    """Panels of series with periods of one length.

    Args:
        scored: `series, origin, start, width, score`, in order of the first three.
    """
    periods = {
        str(part["series"][0]): Clock.of(part["start"].unique().sort()).period
        for part in scored.partition_by("series")
    }
    named = scored.with_columns(
        pl.col("series").replace_strict(periods, return_dtype=pl.Int64).alias("period")
    )
    return [_panel(part) for part in named.sort("period").partition_by("period")]


def _panel(part: pl.DataFrame) -> Panel:
    """Places are counted in periods from the first one of each origin."""
    days = pl.col("start").cast(pl.Date).cast(pl.Int64)
    place = ((days - days.min().over("origin")) / pl.col("period")).round()
    placed = part.with_columns(
        place.cast(pl.Int64).alias("place"),
        pl.col("series").rank("dense").cast(pl.Int64).alias("row") - 1,
        pl.col("origin").rank("dense").cast(pl.Int64).alias("at") - 1,
    )
    at, row, where = (placed[name].to_numpy() for name in ("at", "row", "place"))
    shape = at.max() + 1, row.max() + 1, where.max() + 1
    scores, seen = np.zeros(shape), np.zeros(shape, dtype=bool)
    scores[at, row, where] = placed["score"].to_numpy()
    seen[at, row, where] = True
    known = np.maximum(seen.sum(axis=(0, 2)), 1)
    scale = np.sqrt((scores**2).sum(axis=(0, 2)) / known)
    scores /= np.clip(scale, LEAST_SCALE, MOST_SCALE)[None, :, None]
    widths = placed.group_by("series").agg(pl.col("width").mean()).sort("series")
    return Panel(widths["series"].to_list(), scores, widths["width"].to_numpy(), seen)
