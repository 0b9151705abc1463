"""What approved batches did: their stored arms are the denominators of the effect."""

from datetime import timedelta

import polars as pl

from forecasting.registry_tables import Outcomes
from staffing.pipeline.batch_arms import batch_arms
from staffing.pipeline.measuring_letters import run_effect
from tests.adopting import adopt, record_of
from tests.staffing.batch_cases import NOW, WEEK, approved


def test_the_effect_divides_by_the_arms_of_an_approved_batch(any_workspace):
    approved(any_workspace)
    arms, _ = batch_arms(any_workspace)
    half = arms.group_by("batch", "arm", "stratum").agg(
        count=(pl.col("count").sum() // 2).cast(pl.Int64)
    )
    day = pl.lit(WEEK + timedelta(weeks=8)).alias("request_week")
    came = half.with_columns(day).select(Outcomes.column_names())
    record = record_of("batch_outcomes", "outcomes", came.height, now=NOW)
    adopt(any_workspace, record, {"outcomes": Outcomes.validate(came)}, now=NOW)
    run = run_effect(any_workspace, now=NOW)
    curve = any_workspace.table(run, "letter_effects").collect().filter(lead="all")
    sums = arms.group_by("arm").agg(pl.col("count").sum())
    counted = dict(sums.iter_rows())
    assert curve["mailed"].unique().to_list() == [counted["mailed"]]
    assert curve["held_out"].unique().to_list() == [counted["held out"]]
    assert abs(curve["difference"][-1]) < 0.1
