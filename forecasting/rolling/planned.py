"""Services that are planned: without a day of history, forecast by one they are like."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import ndtri

from forecasting.catalogue import Catalogue
from forecasting.rolling.kin import stand_in
from forecasting.tables import QUANTILE_NAMES, QUANTILES

NONE = pl.DataFrame(
    schema={"series": pl.String, "planned": pl.String, "share": pl.Float64}
)


@dataclass(frozen=True)
class Planned:
    """The wanted periods, with those of planned series asked of their stand-ins.

    `stand_ins` has `series` (that is asked), `planned` (that is meant) and `share`, what
    the planned one is expected to be of it.
    """

    wanted: pl.DataFrame
    stand_ins: pl.DataFrame

    @classmethod
    def of(
        cls, wanted: pl.DataFrame, history: pl.DataFrame, catalogue: Catalogue
    ) -> "Planned":
        """Look up the wanted series without a history; the others stand for themselves."""
        known = frozenset(history["series"].unique())
        new = sorted(frozenset(wanted["series"].drop_nulls().unique()) - known)
        shares = _shares(catalogue)
        rows = [
            (like, name, shares[name.split("/")[1]])
            for name in new
            if (like := stand_in(name, catalogue)) in known
        ]
        return cls(wanted, pl.DataFrame(rows, schema=NONE.schema, orient="row"))

    @property
    def asked(self) -> pl.DataFrame:
        """The wanted periods of series that have a history, each once."""
        if self.stand_ins.is_empty():
            return self.wanted
        named = dict(self.stand_ins.select("planned", "series").iter_rows())
        series = pl.col("series").replace(named)
        return self.wanted.with_columns(series).unique(
            ["series", "start"], keep="first", maintain_order=True
        )

    def answered(self, settled: pl.DataFrame, level_cv: float) -> pl.DataFrame:
        """The answers under the names wanted; of planned series they are less sure."""
        if self.stand_ins.is_empty():
            return settled
        kind = settled.schema["start"]
        keys = self.wanted.select("series", pl.col("start").cast(kind))
        planned = self.stand_ins.rename({"series": "like", "planned": "series"})
        theirs = keys.join(planned, on="series").join(
            settled.rename({"series": "like"}), on=["like", "start"]
        )
        own = settled.join(keys, on=["series", "start"], how="semi")
        widened = _widened(theirs, level_cv).select(own.columns)
        return pl.concat([own, widened]).sort("series", "start")


def _shares(catalogue: Catalogue) -> Mapping[str, float]:
    return {service.id: service.like_share for service in catalogue.service}


def _widened(rows: pl.DataFrame, level_cv: float) -> pl.DataFrame:
    """Means times the share; quantiles spread further, by a level that is a guess.

    On the log scale the spread of a quantile and that of the level add up as variances.
    """
    mean = pl.col("mean") * pl.col("share")
    scores = zip(QUANTILE_NAMES, ndtri(np.array(QUANTILES)), strict=True)
    wide = [_apart(name, float(z) * level_cv).alias(name) for name, z in scores]
    return rows.with_columns(*wide, mean.alias("mean"))


def _apart(name: str, step: float) -> pl.Expr:
    away = (pl.col(name) / pl.col("mean")).log()
    if step:
        outward = (away * np.sign(step)).clip(lower_bound=0.0)
        away = np.sign(step) * (outward**2 + step**2).sqrt()
    value = pl.col("mean") * pl.col("share") * away.exp()
    return pl.when((pl.col("mean") > 0) & (pl.col(name) > 0)).then(value).otherwise(0.0)
