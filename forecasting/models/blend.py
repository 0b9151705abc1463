"""A weighted mean of methods, with weights from rolling-origin losses.

Few origins must not decide: a series' own losses are shrunk towards those of its group,
those of the group towards those of all series together, and the weights towards what the
methods count for beforehand. Methods are set beside those that answered at the same origin.
"""

import polars as pl

from forecasting.models.alike import traits_of
from forecasting.models.following import SUFFIX
from forecasting.models.shrinkage import shrunken
from forecasting.tuning import BlendTuning

BLEND = "blend"
LEAST = 1e-9
"""What an origin counts for where no method missed anything."""
KEY = ("series", "origin", "start", "ahead", "actual")


def band(ahead: str, edges: tuple[int, ...]) -> pl.Expr:
    """The horizon group of a number of days ahead: 0 up to the number of edges."""
    return pl.sum_horizontal(
        (pl.col(ahead) > edge).cast(pl.Int32) for edge in edges
    ).cast(pl.Int32)


def weigh(
    past: pl.DataFrame, names: pl.Series, edges: tuple[int, ...], tuning: BlendTuning
) -> pl.DataFrame:
    """Weights of the methods per series and horizon group, adding up to 1.

    Args:
        past: `series, origin, start, ahead, actual, method, mean` of earlier origins.
        names: the series to weigh; one without a backtest gets the weights of its group.
        edges: days ahead at which a new group begins. A group counts every error up to
            its far edge, so that a far group always has something to go by.
        tuning: how sharply losses count.
    """
    traits = traits_of(past, pl.concat([names, past["series"]]))
    bands = [
        shrunken(_losses(past.filter(pl.col("ahead") <= far)), traits, tuning)
        .join(names.to_frame("series"), on="series", how="semi")
        .with_columns(pl.lit(number, pl.Int32).alias("band"))
        for number, far in enumerate((*edges, 10**9))
    ]
    shrunk = pl.concat(bands).sort("series", "band", "method")
    return _softmax(shrunk, _sharpness(past, tuning), tuning).select(
        "series", "band", "method", "weight"
    )


def _losses(past: pl.DataFrame) -> pl.DataFrame:
    """Sum of absolute errors at an origin, relative to the mean of the methods there.

    That mean is the `weight` of the origin, so a series is judged by the sum of its errors.
    """
    ordered = past.sort("series", "method", "origin", "start")
    key = ("series", "method", "origin")
    looks = ordered.group_by(*key, maintain_order=True).agg(
        (pl.col("actual") - pl.col("mean")).abs().sum().alias("loss")
    )
    typical = pl.col("loss").mean().over("series", "origin")
    relative = pl.when(typical > 0).then(pl.col("loss") / typical).otherwise(1.0)
    return looks.with_columns(
        relative.alias("loss"), typical.clip(LEAST).alias("weight")
    )


def _sharpness(past: pl.DataFrame, tuning: BlendTuning) -> float:
    """How sharply losses count: the more origins speak, the more.

    Errors of one origin are alike over series, so series count by their square root.
    """
    series = past["series"].n_unique()
    looks = past.select("series", "origin").n_unique()
    origins = looks / max(series, 1) ** 0.5
    share = origins / (origins + tuning.sharp_origins)
    return float(tuning.sharpness * share)


def _softmax(
    shrunk: pl.DataFrame, sharpness: float, tuning: BlendTuning
) -> pl.DataFrame:
    group = ["series", "band"]
    behind = pl.col("shrunk") - pl.col("shrunk").min().over(group)
    before = prior(tuning)
    sharp = before * (-sharpness * behind).exp()
    share = sharp / sharp.sum().over(group)
    kept = tuning.prior_share * before / before.sum().over(group)
    return shrunk.with_columns(
        ((1 - tuning.prior_share) * share + kept).alias("weight")
    )


def prior(tuning: BlendTuning) -> pl.Expr:
    """What a method counts for before any loss is seen, 1 where nothing is said.

    A method that is told of documents counts like the same one that is not.
    """
    name = pl.col("method").str.strip_suffix(SUFFIX)
    return name.replace_strict(
        list(tuning.prior),
        list(tuning.prior.values()),
        default=1.0,
        return_dtype=pl.Float64,
    )


def combine(
    wanted: pl.DataFrame,
    weights: pl.DataFrame,
    edges: tuple[int, ...],
    tuning: BlendTuning,
) -> pl.DataFrame:
    """The weighted mean of the methods that answered, per series and period.

    A method without a weight (it had no backtest anywhere) counts as an average one, or
    as it does beforehand where none has.
    """
    weighted = _weighted(wanted, weights, edges, tuning)
    mean = (pl.col("mean") * pl.col("weight")).sum() / pl.col("weight").sum()
    # How sure a forecast is depends on it, where the answers tell.
    told = [pl.col(name).first() for name in ("holiday",) if name in wanted.columns]
    return (
        weighted.sort(*KEY, "method")
        .group_by(*KEY, maintain_order=True)
        .agg(mean.alias("mean"), *told)
        .with_columns(pl.lit(BLEND).alias("method"))
    )


def mean_shares(
    wanted: pl.DataFrame,
    weights: pl.DataFrame,
    edges: tuple[int, ...],
    tuning: BlendTuning,
) -> pl.DataFrame:
    """`series, method, weight`: the mean share of a method over the wanted periods."""
    weighted = _weighted(wanted, weights, edges, tuning).sort(*KEY, "method")
    share = pl.col("weight") / pl.col("weight").sum().over(KEY)
    periods = pl.col("start").n_unique().over("series")
    shares = weighted.select("series", "method", (share / periods).alias("weight"))
    return shares.group_by("series", "method", maintain_order=True).sum()


def _weighted(
    wanted: pl.DataFrame,
    weights: pl.DataFrame,
    edges: tuple[int, ...],
    tuning: BlendTuning,
) -> pl.DataFrame:
    joined = wanted.with_columns(band("ahead", edges).alias("band")).join(
        weights, on=["series", "band", "method"], how="left"
    )
    unknown = pl.col("weight").mean().over(KEY)
    return joined.with_columns(
        pl.coalesce("weight", unknown, prior(tuning)).alias("weight")
    )
