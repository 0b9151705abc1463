"""The letters of a week as quotas: as many held out as asked for, and none lost."""

from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.reminders.batches.quotas import quotas, without_few_held_out
from staffing.reminders.batches.tables import HELD_OUT, MAILED, strata, stratum_of
from staffing.tables import Letters
from tests.staffing.batch_cases import EXPIRY, WEEK, cohorts, letters


def of_week(*, seed: int = 0, mean: float = 4.0) -> pl.DataFrame:
    return letters(seed=seed, mean=mean).filter(mailing_week=WEEK)


def cut(table: pl.DataFrame, share: float = 0.1, seed: int = 3):
    return quotas(table, share=share, small_cell=5, seed=seed)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 50), st.floats(0, 0.5), st.floats(0.5, 9))
def test_each_stratum_holds_out_its_share_in_whole_numbers(seed, share, mean):
    table = of_week(seed=seed, mean=mean)
    counts, _ = cut(table, share, seed)
    sums = (
        counts.with_columns(strata().alias("stratum"))
        .group_by("stratum")
        .agg(
            mailed=pl.col("count").filter(arm=MAILED).sum(),
            held=pl.col("count").filter(arm=HELD_OUT).sum(),
        )
    )
    for row in sums.iter_rows(named=True):
        assert abs(row["held"] - row["mailed"] * share / (1 - share)) < 1


def test_over_many_draws_the_held_out_are_the_share_of_each_week_of_expiry():
    table = of_week()
    groups = table.group_by("service", "expiry_week").agg(pl.col("letters").sum())
    total: Counter[tuple[object, ...]] = Counter()
    for seed in range(200):
        held = cut(table, seed=seed)[0].filter(arm=HELD_OUT)
        for service, week, count in held.select(
            "service", "expiry_week", "count"
        ).iter_rows():
            total[service, week] += count
    for service, week, number in groups.iter_rows():
        assert total[service, week] / 200 == pytest.approx(number / 9, abs=0.2)


def test_planned_letters_are_quotas_or_counted_as_too_few():
    table = of_week()
    lonely = (
        table.filter(service="licence")
        .head(2)
        .with_columns(letters=pl.lit(2, pl.Int64))
    )
    table = pl.concat([table.filter(pl.col("service") != "licence"), lonely])
    counts, fates = cut(Letters.validate(table, cast=True))
    mailed = counts.filter(arm=MAILED)
    assert set(mailed["service"]) == {"passport", "id_card"}
    told = dict(
        zip(fates["service"] + "/" + fates["fate"], fates["count"], strict=True)
    )
    assert told["licence/small"] == 4
    assert told["passport/mailed"] == table.filter(service="passport")["letters"].sum()
    gone = fates.filter(pl.col("fate").is_in(["mailed", "small"]))["count"].sum()
    assert gone == table["letters"].sum()


def test_a_comparison_group_too_small_to_tell_is_left_out():
    table = of_week(mean=6)
    few = table.filter((pl.col("service") != "licence") | (pl.col("district") == "A"))
    few = few.filter((pl.col("service") != "licence") | (pl.col("age_band") == "65+"))
    counts, _ = cut(few)
    held = counts.filter(arm=HELD_OUT).group_by("service").agg(pl.col("count").sum())
    before = dict(held.iter_rows())
    assert 0 < before["licence"] < 5 <= before["passport"]
    kept = without_few_held_out(counts, 5)
    assert set(kept.filter(arm=HELD_OUT)["service"]) == {"passport", "id_card"}
    assert kept.filter(arm=MAILED).equals(counts.filter(arm=MAILED))


def test_a_stratum_is_a_service_and_a_quarter_of_expiry():
    assert stratum_of("passport", EXPIRY) == "passport 2027-Q2"
    frame = pl.DataFrame(
        [cohort[:2] for cohort in cohorts()],
        schema=["service", "expiry_week"],
        orient="row",
    )
    both = frame.select(strata()).to_series().to_list()
    assert both == [stratum_of(*row) for row in frame.iter_rows()]
