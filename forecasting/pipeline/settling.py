"""From what the methods said to the forecast that is stored: blend, letters, planner."""

import polars as pl

from forecasting.backtesting import settle
from forecasting.intraday.dayparts import DayParts
from forecasting.outside import apply_outside, outside_forecasts
from forecasting.pipeline.adjusting import adjusted
from forecasting.pipeline.explaining import Said
from forecasting.pipeline.fees import with_fees
from forecasting.pipeline.lettering import LettersToCome
from forecasting.pipeline.town import Town
from forecasting.planner import standing_adjustments
from forecasting.rolling.fanout import Predictions
from forecasting.sampling import dependence_of
from forecasting.tables import StoredForecast
from forecasting.workspace import Workspace

OUTSIDE, HOURS = "outside", "hours"


def settled_forecast(
    workspace: Workspace,
    answers: Predictions,
    town: Town,
    effects: pl.DataFrame,
    day_parts: DayParts,
    letters: LettersToCome,
) -> tuple[Said, pl.DataFrame]:
    """The blend, moved by open hours, letters, fees to come, others, the planner.

    In that order. The second frame is `OutsideApplied`: what each statement from outside
    did. `effects` are those measured; `day_parts` know what open hours bring.
    """
    blend = _blended(answers, town)
    opened = day_parts.in_open_hours(blend)
    lettered, mailed = letters.laid_over(opened)
    priced, fees = with_fees(lettered, town, effects)
    applied = apply_outside(
        priced,
        town.demand,
        outside_forecasts(workspace),
        town.catalogue,
        town.tuning.outside,
    )
    bent = StoredForecast.validate(applied.forecast, cast=True)
    forecast, added = adjusted(bent, standing_adjustments(workspace))
    hours, others = _moved(blend, opened, HOURS), _moved(priced, bent, OUTSIDE)
    parts = pl.concat([hours, mailed, fees, others, added])
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


def _moved(before: pl.DataFrame, after: pl.DataFrame, cause: str) -> pl.DataFrame:
    """What a step adds to the mean, as a cause."""
    both = before.join(after, on=["series", "start"], suffix="_after")
    more = (pl.col("mean_after") - pl.col("mean")).alias("count")
    said = both.select("series", "start", pl.lit(cause).alias("cause"), more)
    return said.filter(pl.col("count") != 0)
