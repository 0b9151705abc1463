"""Quantiles of sums over days, weeks and series, all from the same draws."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from forecasting.errors import InputError
from forecasting.sampling.drawing import Source, draws
from forecasting.series.panel import FloatArray
from forecasting.tables import QUANTILE_NAMES, QUANTILES, split_series
from forecasting.workspace import Workspace

PARTS = ("location", "service", "step", "channel")
SPANS = {"week": "1w", "month": "1mo"}


def sum_quantiles(
    run: Source,
    by: Sequence[str],
    n: int,
    seed: int,
    *,
    workspace: Workspace | None = None,
    dependence: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Sums of a forecast over groups: the columns of `by`, then `mean, q05 .. q95`.

    Means add up exactly; the quantiles are those of the sums of the draws that
    `samples` gives with the same arguments. A frame of samples is taken as it is.

    Args:
        run: a forecast, a stored run, or a frame `series, start, sample, count`.
        by: any of "series", "start", "week" (its Monday), "month" (its first day),
            "location", "service", "step", "channel", or other columns of the forecast.
            None of them gives the sum of everything.
        n: how many futures are drawn.
        seed: the same seed draws the same.
        workspace: where a stored run is kept.
        dependence: how errors hang together, instead of that of the run.

    Raises:
        InputError: as `samples`, or `by` names no column.
    """
    if isinstance(run, pl.DataFrame) and "sample" in run.columns:
        return _of_samples(run, by)
    drawn = draws(run, n, seed, workspace=workspace, dependence=dependence)
    sums: dict[tuple[object, ...], tuple[float, FloatArray]] = {}
    schema: dict[str, pl.DataType] = {}
    for rows, counts in drawn:
        keyed = _keyed(rows, by)
        schema = schema or {name: keyed.schema[name] for name in by}
        _add(sums, keyed, by, counts)
    return _table(sums, schema)


def _keyed(rows: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Rows with the columns to group by, and the place of each row."""
    named = rows.with_columns(split_series().alias("part")).unnest("part") if (
        set(by) & set(PARTS)
    ) else rows  # fmt: skip
    spans = [
        pl.col("start").dt.truncate(SPANS[name]).cast(pl.Date).alias(name)
        for name in by
        if name in SPANS
    ]
    keyed = named.with_columns(*spans)
    strange = [name for name in by if name not in keyed.columns]
    if strange:
        raise InputError(f"expected columns to add up by, came {', '.join(strange)}")
    return keyed


def _add(
    sums: dict[tuple[object, ...], tuple[float, FloatArray]],
    keyed: pl.DataFrame,
    by: Sequence[str],
    counts: FloatArray,
) -> None:
    """Add the draws of one series to the sums of its groups."""
    places = keyed.with_row_index("place")
    if "mean" not in places.columns:
        places = places.with_columns(pl.Series("mean", counts.mean(axis=1)))
    columns = [pl.col(name) for name in by] or [pl.lit(0).alias("all")]
    groups = places.group_by(columns, maintain_order=True).agg("place", pl.sum("mean"))
    for *key, place, mean in groups.iter_rows():
        drawn = counts[np.array(place)].sum(axis=0)
        known = sums.get(tuple(key))
        sums[tuple(key)] = (
            (mean, drawn) if known is None else (known[0] + mean, known[1] + drawn)
        )


def _table(
    sums: dict[tuple[object, ...], tuple[float, FloatArray]],
    schema: dict[str, pl.DataType],
) -> pl.DataFrame:
    keys = [key[: len(schema)] for key in sums]
    table = (
        pl.DataFrame(keys, schema=schema, orient="row") if schema else pl.DataFrame()
    )
    means = pl.Series("mean", [mean for mean, _ in sums.values()], dtype=pl.Float64)
    drawn = [np.quantile(counts, QUANTILES) for _, counts in sums.values()]
    found = np.array(drawn).reshape(-1, len(QUANTILES)).T
    columns = [
        pl.Series(name, values, dtype=pl.Float64)
        for name, values in zip(QUANTILE_NAMES, found, strict=True)
    ]
    full = (
        table.hstack([means, *columns]) if schema else pl.DataFrame([means, *columns])
    )
    return full.sort(list(schema)) if schema else full


def _of_samples(drawn: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    sums = _keyed(drawn, by).group_by(*by, "sample").agg(pl.col("count").sum())
    found = [
        pl.col("count").quantile(level, "linear").alias(name)
        for name, level in zip(QUANTILE_NAMES, QUANTILES, strict=True)
    ]
    parts = [pl.col("count").mean().alias("mean"), *found]
    return sums.group_by(*by).agg(parts).sort(*by) if by else sums.select(parts)
