"""Our forecast and its peers on the same origins of open data, with what each missed."""

import logging
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl
from joblib import Parallel, delayed  # type: ignore[import-untyped]  # ships no types
from scipy.stats import t as student

import forecasting
from forecasting.accuracy import pinball
from forecasting.series.knowndays import known_days
from forecasting.series.panel import as_date
from forecasting.tables import QUANTILE_NAMES
from tests.benches.forecast.peers import PEERS, Peer, Question
from tests.benches.forecast.sets import Cut, cuts

OURS = "piekwijzer"
COLUMNS = ("series", "start", "mean", *QUANTILE_NAMES)


def measure(cache: Path | None = None, workers: int = 2) -> dict[str, object]:
    """Losses per set and forecaster, our lead over each set's best, and coverage."""
    rows = pl.concat(answers(list(cuts()), cache, workers))
    return {**summary(rows), "coverage90": coverage(rows, OURS)}


def answers(
    every: list[Cut], cache: Path | None = None, workers: int = 2
) -> list[pl.DataFrame]:
    """What every forecaster said of every cut, beside what came."""
    return list(Parallel(n_jobs=workers)(delayed(_answer)(cut, cache) for cut in every))


def _answer(cut: Cut, cache: Path | None) -> pl.DataFrame:
    logging.disable(logging.WARNING)
    origin = as_date(cut.history["start"].to_numpy().max())
    parts = [
        _kept(cache, f"{cut.key}-{name}", partial(ask, cut, peer)).with_columns(
            pl.lit(name).alias("by")
        )
        for name, peer in PEERS.items()
    ]
    parts.append(ours(cut).with_columns(pl.lit(OURS).alias("by")))
    came = cut.outcome.rename({"count": "actual"})
    rows = came.join(pl.concat(parts), on=["series", "start"])
    return rows.with_columns(
        pl.lit(cut.set).alias("set"), pl.lit(origin).alias("origin")
    )


def _kept(
    cache: Path | None, name: str, make: Callable[[], pl.DataFrame]
) -> pl.DataFrame:
    if cache is None:
        return make()
    file = cache / f"{name.replace('/', '_').replace(' ', '_')}.parquet"
    if not file.exists():
        make().write_parquet(file)
    return pl.read_parquet(file)


def ours(cut: Cut) -> pl.DataFrame:
    """The public forecast."""
    said = forecasting.forecast(
        cut.history,
        future=cut.outcome.select("series", "start"),
        country=cut.country,
        subdiv=cut.subdiv,
    )
    return said.select(COLUMNS)


def ask(cut: Cut, peer: Peer) -> pl.DataFrame:
    """What a peer says of each series of a cut."""
    return pl.concat(
        _said(question, name, peer) for name, question in questions(cut)
    ).select(COLUMNS)


def questions(cut: Cut) -> Iterable[tuple[str, Question]]:
    """The series of a cut, one by one."""
    first, last = (
        as_date(frame["start"].to_numpy()[0]).year
        for frame in (cut.history.sort("start"), cut.outcome.sort("start").tail(1))
    )
    known = known_days(cut.country, cut.subdiv, (first, last))
    for part in cut.history.partition_by("series", maintain_order=True):
        name = str(part["series"][0])
        wanted = cut.outcome.filter(pl.col("series") == name)["start"].to_numpy()
        counts, starts = part["count"].to_numpy(), part["start"].to_numpy()
        days = starts.astype("datetime64[D]"), wanted.astype("datetime64[D]")
        yield name, Question(days[0], counts, days[1], cut.cadence, known.holidays)


def _said(question: Question, name: str, peer: Peer) -> pl.DataFrame:
    mean, quantiles = peer(question)
    return pl.DataFrame(
        {
            "series": name,
            "start": question.wanted,
            "mean": mean,
            **dict(zip(QUANTILE_NAMES, quantiles.T, strict=True)),
        }
    )


def losses(rows: pl.DataFrame) -> pl.DataFrame:
    """`set, by, wape, pinball, coverage`: means over the series of a set.

    The losses of a series are sums over its origins, divided by its demand.
    """
    demand = pl.col("actual").sum()
    error = (pl.col("actual") - pl.col("mean")).abs().sum()
    inside = pl.col("actual").is_between("q05", "q95")
    of_series = rows.group_by("set", "by", "series", maintain_order=True).agg(
        (error / demand).alias("wape"),
        (pinball().sum() / demand).alias("pinball"),
        inside.mean().alias("coverage"),
    )
    means = pl.col("wape", "pinball", "coverage").mean()
    return of_series.group_by("set", "by", maintain_order=True).agg(means)


def summary(rows: pl.DataFrame) -> dict[str, object]:
    """Losses per set, and how ours compare with each set's best (negative: better)."""
    table = losses(rows)
    sets = {
        str(part["set"][0]): {
            str(row["by"]): {
                name: round(row[name], 4) for name in ("wape", "pinball", "coverage")
            }
            for row in part.iter_rows(named=True)
        }
        for part in table.partition_by("set", maintain_order=True)
    }
    pinballs, wapes = (_behind(table, measure) for measure in ("pinball", "wape"))
    return {
        "sets": sets,
        "pinball_against_best": pinballs,
        "wape_against_best": wapes,
        "mean_pinball_against_best": round(float(np.mean(list(pinballs.values()))), 4),
        "mean_wape_against_best": round(float(np.mean(list(wapes.values()))), 4),
    }


def _behind(table: pl.DataFrame, measure: str) -> dict[str, float]:
    mine = pl.col("by") == OURS
    both = table.group_by("set", maintain_order=True).agg(
        pl.col(measure).filter(mine).first().alias("ours"),
        pl.col(measure).filter(~mine).min().alias("best"),
    )
    return {
        row["set"]: round(row["ours"] / row["best"] - 1, 4)
        for row in both.iter_rows(named=True)
    }


def coverage(rows: pl.DataFrame, by: str) -> dict[str, float]:
    """Share of outcomes within the 90% interval, with its interval by clusters.

    A cluster is one origin of one set; a ratio of sums, linearised, Student's t.
    """
    own = rows.filter(pl.col("by") == by)
    clusters = own.group_by("set", "origin", maintain_order=True).agg(
        pl.col("actual").is_between("q05", "q95").sum().alias("inside"), pl.len()
    )
    inside, size = (
        clusters[name].to_numpy().astype(float) for name in ("inside", "len")
    )
    share, n = inside.sum() / size.sum(), size.size
    spread = np.sqrt(n / (n - 1) * np.sum((inside - share * size) ** 2)) / size.sum()
    room = float(student.ppf(0.95, n - 1)) * spread
    found = {"share": share, "low": share - room, "high": share + room}
    return {name: round(float(value), 4) for name, value in found.items()}
