"""From what the methods said to the forecast that is stored: blend, others, planner."""

import polars as pl

from forecasting.backtesting import settle
from forecasting.outside import apply_outside, outside_forecasts
from forecasting.pipeline.adjusting import adjusted
from forecasting.pipeline.explaining import Said
from forecasting.pipeline.fees import with_fees
from forecasting.pipeline.town import Town
from forecasting.planner import standing_adjustments
from forecasting.rolling.fanout import Predictions
from forecasting.sampling import dependence_of
from forecasting.tables import StoredForecast
from forecasting.workspace import Workspace

OUTSIDE = "outside"


def settled_forecast(
    workspace: Workspace, answers: Predictions, town: Town, effects: pl.DataFrame
) -> tuple[Said, pl.DataFrame]:
    """The blend, moved by fees to come, by others' forecasts, by the planner, in order.

    The second frame is `OutsideApplied`: what each statement from outside did. `effects`
    are those measured.
    """
    blend = _blended(answers, town)
    priced, fees = with_fees(blend, town, effects)
    applied = apply_outside(
        priced,
        town.demand,
        outside_forecasts(workspace),
        town.catalogue,
        town.tuning.outside,
    )
    bent = StoredForecast.validate(applied.forecast, cast=True)
    forecast, added = adjusted(bent, standing_adjustments(workspace))
    parts = pl.concat([fees, _bent_by(priced, bent), added])
    said = Said(forecast, blend, answers.effects, parts, _dependence(answers, town))
    return said, applied.said


def _dependence(answers: Predictions, town: Town) -> pl.DataFrame:
    """How the errors of the blend hung together at earlier origins."""
    judged = settle(answers.past, answers.past, town.tuning)
    return dependence_of(judged, town.tuning.samples)


def _blended(answers: Predictions, town: Town) -> pl.DataFrame:
    blend = settle(answers.past, answers.future, town.tuning)
    named = blend.join(town.cadences, on="series")
    columns = list(StoredForecast.column_names())
    table = named.select(columns).sort("series", "start")
    return StoredForecast.validate(table, cast=True)


def _bent_by(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """What forecasts from outside add to the mean, as a cause."""
    both = before.join(after, on=["series", "start"], suffix="_after")
    more = (pl.col("mean_after") - pl.col("mean")).alias("count")
    cause = pl.lit(OUTSIDE).alias("cause")
    return both.select("series", "start", cause, more).filter(pl.col("count") != 0)
