"""Which work each forecast series asks for, by the catalogue."""

import polars as pl

from forecasting.catalogue import Catalogue
from forecasting.tables import split_series
from staffing.standards import NoShow, Punctuality
from staffing.tables import SeriesWork
from staffing.workload.measuring import Evidence, missing_of_series, with_measured
from staffing.workload.visits import BOOKED


def match_series(
    series: pl.Series,
    catalogue: Catalogue,
    *,
    no_show: float | NoShow,
    punctuality: Punctuality | None = None,
    evidence: Evidence | None = None,
) -> tuple[pl.DataFrame, list[str]]:
    """The work of each series, typed `SeriesWork`, and the series the catalogue lacks.

    A skill can wait when all its steps can; a step that can wait within another skill
    stands in the queue with the rest. Of `evidence` the measured handling times and
    missed visits replace those assumed, by degrees.
    """
    rule = no_show if isinstance(no_show, NoShow) else NoShow(share=no_show)
    evidence = evidence or Evidence()
    names = pl.DataFrame({"series": series.unique().sort()})
    parts = names.with_columns(split_series().alias("part")).unnest("part")
    known = parts.join(_steps(catalogue), on=["service", "step"], how="inner")
    timed = with_measured(known, evidence.handling)
    missing = missing_of_series(
        known.select("series", "service"), evidence.missed, rule
    )
    booked = pl.col("channel") == BOOKED
    come = timed.join(missing, on="series").join(
        _arrivals(known["service"], punctuality or Punctuality()), on="service"
    )
    work = come.with_columns(
        booked.alias("booked"),
        pl.when(booked).then(1 - pl.col("missing")).otherwise(1.0).alias("comes"),
    )
    unknown = names.join(known, on="series", how="anti")["series"].to_list()
    columns = SeriesWork.column_names()
    return SeriesWork.validate(work.select(columns).sort("series")), unknown


def _arrivals(services: pl.Series, rule: Punctuality) -> pl.DataFrame:
    rows = [
        (name, float(rule.of(name).mean_s), float(rule.of(name).sd_s))
        for name in services.unique().sort()
    ]
    schema = {"service": pl.String, "late_s": pl.Float64, "late_sd_s": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _steps(catalogue: Catalogue) -> pl.DataFrame:
    rows = [
        {
            "service": service.id,
            "step": step.id,
            "skill": step.skill,
            "handling_s": float(step.handling_s),
            "handling_cv": float(step.handling_cv),
            "waits": step.deferrable_days > 0,
            "due_days": step.deferrable_days,
        }
        for service in catalogue.service
        for step in service.step
    ]
    return pl.DataFrame(rows).with_columns(pl.col("waits").all().over("skill"))
