"""What was measured replaces what is assumed, by degrees: handling times, missed visits."""

from dataclasses import dataclass, field

import polars as pl

from forecasting.records import RunRecord
from forecasting.tables import (
    BookedAhead,
    HandlingTimes,
    NoShows,
    PlannedVisits,
    split_series,
)
from forecasting.workspace import Workspace
from staffing.standards import NoShow

ASSUMPTION_OFF = 0.3
"""An assumed mean or spread is held to be off by so much of itself (one sd)."""
PLACES_APART = 0.1
"""Locations are held to differ by so much in the same step (one sd)."""
STEP = ["service", "step"]


@dataclass(frozen=True)
class Evidence:
    """What a forecast run measured of the work; tables that it lacks are empty."""

    handling: pl.DataFrame = field(default_factory=HandlingTimes.create_empty)
    missed: pl.DataFrame = field(default_factory=NoShows.create_empty)
    planned: pl.DataFrame = field(default_factory=PlannedVisits.create_empty)
    ahead: pl.DataFrame = field(default_factory=BookedAhead.create_empty)

    @classmethod
    def read(cls, workspace: Workspace, run: RunRecord) -> "Evidence":
        """The tables `handling_times`, `no_shows`, `planned_visits`, `booked_ahead`."""
        names = {
            "handling_times": HandlingTimes,
            "no_shows": NoShows,
            "planned_visits": PlannedVisits,
            "booked_ahead": BookedAhead,
        }
        stored = {name: workspace.lake.scan(name, run.id) for name in names}
        return cls(
            *(
                names[name].create_empty() if found is None else found.collect()
                for name, found in stored.items()
            )
        )


def with_measured(work: pl.DataFrame, handling: pl.DataFrame) -> pl.DataFrame:
    """Handling times of series (`series, service, step, handling_s, handling_cv`).

    They come nearer to what was measured as more was: first those of a step, at all
    locations together, from the catalogue's; then those of a series from its step's. A
    mean over `n` contacts weighs `n` against `(cv / off)^2` contacts that the assumption
    is worth, `off` being how far off it may be (empirical Bayes, normal with known
    variances); a spread over `n` pairs of quarter-hours against `(kurtosis - 1) /
    (2 off)^2`, with the kurtosis of a lognormal. `source` is "measured" where what was
    measured weighs most.
    """
    times = handling.filter((pl.col("kind") == "measured") & (pl.col("mean_s") > 0))
    parts = times.with_columns(split_series().alias("part")).unnest("part")
    assumed = work.with_columns(pl.lit(0.0).alias("sure"))
    stepwise = assumed.join(_of_steps(parts), on=STEP, how="left")
    by_step = _nearer(stepwise, ASSUMPTION_OFF)
    own = times.select("series", *FOUND)
    found = _nearer(by_step.join(own, on="series", how="left"), PLACES_APART)
    source = pl.when(pl.col("sure") > 0.5).then(pl.lit("measured"))
    return found.with_columns(source.otherwise(pl.lit("assumed")).alias("source"))


def measured_share(forecast: pl.DataFrame, work: pl.DataFrame) -> float:
    """The share of the expected work whose handling time is mostly measured."""
    rows = forecast.join(work, on="series")
    seconds = pl.col("mean") * pl.col("comes") * pl.col("handling_s")
    total, told = rows.select(
        seconds.sum().alias("total"),
        seconds.filter(pl.col("source") == "measured").sum().alias("told"),
    ).row(0)
    return float(told / total) if total else 0.0


FOUND = ["mean_s", "cv", "timed", "pairs"]


def _of_steps(parts: pl.DataFrame) -> pl.DataFrame:
    """Means and spreads over the locations and channels of a step, by contacts."""
    weight, pairs = pl.col("timed"), pl.col("pairs")
    told = pairs.filter(pl.col("cv").is_not_null()).sum()
    spread = (pl.col("cv") * pairs).sum() / pl.when(told > 0).then(told)
    return parts.group_by(STEP, maintain_order=True).agg(
        (pl.col("mean_s") * weight).sum() / weight.sum(),
        spread.alias("cv"),
        weight.sum(),
        pairs.sum(),
    )


def _nearer(rows: pl.DataFrame, off: float) -> pl.DataFrame:
    """The rows with handling times moved toward `FOUND`, which is dropped."""
    cv = pl.col("handling_cv")
    spread = 1 + cv**2
    kurtosis = spread**4 + 2 * spread**3 + 3 * spread**2 - 3
    timed, pairs = pl.col("timed").fill_null(0.0), pl.col("pairs").fill_null(0)
    mean_part = (timed / (timed + (cv / off) ** 2)).fill_nan(0.0)
    cv_part = pl.when(pl.col("cv").is_not_null()).then(
        pairs / (pairs + (kurtosis - 1) / (2 * off) ** 2)
    )
    measured_s = pl.col("mean_s").fill_null(pl.col("handling_s"))
    measured_cv = pl.col("cv").fill_null(cv)
    moved_cv = cv + cv_part.fill_null(0.0) * (measured_cv - cv)
    moved_s = pl.col("handling_s") + mean_part * (measured_s - pl.col("handling_s"))
    return rows.with_columns(
        moved_s.alias("handling_s"),
        moved_cv.alias("handling_cv"),
        (1 - (1 - pl.col("sure")) * (1 - mean_part)).alias("sure"),
    ).drop(FOUND)


def missed_shares(missed: pl.DataFrame, rule: NoShow) -> pl.DataFrame:
    """The share of visits missed per `service` and `weeks` of lead: `missing`.

    Of a lead of which `n` visits were told, what was measured weighs `n` against the
    `weight` of the rule. Leads are those told of any service.
    """
    rows = missed.with_columns(split_series().struct.field("service"))
    sums = rows.group_by("service", "weeks", maintain_order=True).agg(
        pl.col("visits", "missed").sum()
    )
    assumed = [rule.share_of(service, weeks) for service, weeks in _keys(sums)]
    share = (pl.col("missed") + rule.weight * pl.col("assumed")) / (
        pl.col("visits") + rule.weight
    )
    told = sums.with_columns(pl.Series("assumed", assumed, dtype=pl.Float64))
    return told.select("service", "weeks", share.alias("missing"))


def _keys(sums: pl.DataFrame) -> list[tuple[str, float]]:
    return [
        (str(service), float(w))
        for service, w in sums.select("service", "weeks").rows()
    ]


def missing_of_series(
    names: pl.DataFrame, missed: pl.DataFrame, rule: NoShow
) -> pl.DataFrame:
    """`series, missing` of series (`series, service`), over the leads they are asked with.

    A series of which no lead is told misses the share that the rule assumes.
    """
    shares = missed_shares(missed, rule)
    leads = missed.with_columns(split_series().struct.field("service"))
    weighed = (
        leads.join(shares, on=["service", "weeks"])
        .group_by("series")
        .agg((pl.col("missing") * pl.col("visits")).sum() / pl.col("visits").sum())
    )
    assumed = [rule.share_of(service) for service in names["service"]]
    guess = names.with_columns(pl.Series("guess", assumed, dtype=pl.Float64))
    joined = guess.join(weighed, on="series", how="left")
    return joined.select("series", pl.col("missing").fill_null(pl.col("guess")))


def coming(planned: pl.DataFrame, missed: pl.DataFrame, rule: NoShow) -> pl.DataFrame:
    """`PlannedVisits` with the share that `comes`, by how long ago they were asked for."""
    weeks = pl.col("weeks").floor().cast(pl.Int64)
    parts = planned.with_columns(
        split_series().struct.field("service"), weeks.alias("whole")
    )
    shares = missed_shares(missed, rule).rename({"weeks": "whole"})
    assumed = [
        rule.share_of(str(service), float(whole))
        for service, whole in parts.select("service", "whole").iter_rows()
    ]
    guess = parts.with_columns(pl.Series("guess", assumed, dtype=pl.Float64))
    joined = guess.join(shares, on=["service", "whole"], how="left")
    missing = pl.col("missing").fill_null(pl.col("guess"))
    return joined.select(*planned.columns, (1 - missing).alias("comes"))
