"""References are drawn by quota, each is counted once, and the held out stay so."""

from collections import Counter

import polars as pl
import pytest

from staffing.reminders.batches.choosing import Choice, Draw, choose
from staffing.reminders.batches.quotas import quotas
from staffing.reminders.batches.tables import HELD_OUT, MAILED, Candidates
from tests.staffing.batch_cases import NEXT, WEEK, documents, letters
from tests.staffing.test_batches_drawing import by_hand

DRAW = Draw(seed=11, share=0.1)
REASONS = ("blocked", "applied", "appointment", "objected", "mailed", "elsewhere")
NONE = pl.DataFrame(
    schema={
        "reference": pl.String,
        "service": pl.String,
        "expiry_week": pl.Date,
        "arm": pl.String,
        "mailing_week": pl.Date,
    }
)


def reason(number: int) -> str:
    return REASONS[number % 6] if number % 5 == 0 else ""


def candidates(each: int = 12, **how) -> pl.DataFrame:
    frame = documents(each, reason=reason, **how)
    week = pl.col("expiry_date").str.to_date().dt.truncate("1w")
    coded = pl.when(pl.col("reason") != "").then("reason")
    return Candidates.validate(
        frame.with_columns(week.alias("expiry_week"), coded.alias("reason")).select(
            Candidates.column_names()
        )
    )


def wanted(week=WEEK, **how) -> pl.DataFrame:
    table = letters(**how).filter(mailing_week=week)
    return quotas(table, share=DRAW.share, small_cell=5, seed=1)[0]


def test_every_candidate_is_counted_once_per_service():
    who = candidates()
    choice = choose(who, wanted(), NONE, DRAW)
    counted = choice.fates.group_by("service").agg(pl.col("count").sum())
    assert dict(counted.iter_rows()) == dict(who["service"].value_counts().iter_rows())


def chosen_by_hand(who: pl.DataFrame, quota: pl.DataFrame) -> dict[str, str]:
    """The rule in plain Python: lowest order first, in each cohort and arm."""
    free: Counter[tuple[object, ...]] = Counter()
    held: Counter[tuple[object, ...]] = Counter()
    for row in quota.iter_rows(named=True):
        cohort = (row["service"], row["expiry_week"], row["age_band"], row["district"])
        if row["arm"] == MAILED:
            free[cohort] += row["count"]
        else:
            held[cohort[:2]] += row["count"]
    cohorts = set(free)
    key = ["service", "reference"]
    order = {
        row[1]: by_hand(DRAW.seed, "order", *row) for row in who.select(key).iter_rows()
    }
    arms = {}
    for row in sorted(who.iter_rows(named=True), key=lambda r: order[r["reference"]]):
        cohort = (row["service"], row["expiry_week"], row["age_band"], row["district"])
        if row["reason"] or cohort not in cohorts:
            continue
        apart = by_hand(DRAW.seed, "arm", row["service"], row["reference"]) < DRAW.share
        if apart and held[cohort[:2]] > 0:
            held[cohort[:2]] -= 1
            arms[row["reference"]] = HELD_OUT
        if not apart and free[cohort] > 0:
            free[cohort] -= 1
            arms[row["reference"]] = MAILED
    return arms


@pytest.mark.parametrize("each", [2, 40])
def test_the_choice_is_the_one_made_by_hand(each: int):
    who, quota = candidates(each), wanted()
    choice = choose(who, quota, NONE, DRAW)
    arms = dict(choice.chosen.select("reference", "arm").iter_rows())
    assert arms == chosen_by_hand(who, quota)
    mailed = sum(arm == MAILED for arm in arms.values())
    missing = quota.filter(arm=MAILED)["count"].sum() - mailed
    assert (missing > 0) == (each == 2)


def test_who_is_suppressed_is_in_neither_arm_and_counted_by_reason():
    who = candidates()
    choice = choose(who, wanted(), NONE, DRAW)
    coded = who.filter(pl.col("reason").is_not_null())
    assert not set(choice.chosen["reference"]) & set(coded["reference"])
    told = (
        choice.fates.filter(fate="suppressed")
        .group_by("reason")
        .agg(pl.col("count").sum())
    )
    weeks = (
        wanted()
        .filter(arm=MAILED)
        .select("service", "expiry_week", "age_band", "district")
    )
    inside = coded.join(weeks, on=weeks.columns, how="semi")
    assert dict(told.iter_rows()) == dict(inside["reason"].value_counts().iter_rows())


def test_a_held_out_document_never_gets_a_later_letter():
    who = candidates(8)
    first = choose(who, wanted(), NONE, DRAW)
    taken = first.chosen.with_columns(mailing_week=pl.lit(WEEK))
    second = choose(who, wanted(NEXT), taken, DRAW)
    assert not set(first.chosen["reference"]) & set(second.chosen["reference"])
    apart = {
        reference
        for service, reference in who.select("service", "reference").iter_rows()
        if by_hand(DRAW.seed, "arm", service, reference) < DRAW.share
    }
    for choice in (first, second):
        held = choice.chosen.filter(arm=HELD_OUT)["reference"]
        mailed = choice.chosen.filter(arm=MAILED)["reference"]
        assert held.len() > 20
        assert set(held) <= apart
        assert not set(mailed) & apart
    again = second.fates.filter(reason="held out")["count"].sum()
    assert again > 0
    assert second.fates["count"].sum() == who.height


def test_the_arms_are_alike_in_what_is_known_of_documents():
    """Held out by the draw alone: districts and age bands fall in both arms alike."""
    who = candidates(60, of=None)
    quota = wanted(mean=30)
    chosen = choose(who, quota, NONE, DRAW).chosen
    both = chosen.join(who, on=["reference", "service", "expiry_week"])
    for column in ("age_band", "district"):
        shares = both.group_by(column, "arm").len()
        mailed = shares.filter(arm=MAILED).with_columns(
            share=pl.col("len") / pl.col("len").sum()
        )
        held = shares.filter(arm=HELD_OUT).with_columns(
            share=pl.col("len") / pl.col("len").sum()
        )
        pairs = mailed.join(held, on=column)
        assert held["len"].sum() > 250
        apart = (pairs["share"] - pairs["share_right"]).abs()
        assert (apart < 0.12).all()


def test_without_districts_the_quotas_of_all_are_one():
    who, quota = candidates(), wanted()
    bare = who.with_columns(district=pl.lit(None, pl.String))
    choice = choose(bare, quota, NONE, DRAW)
    assert set(choice.counts["district"]) == {""}
    ours = (
        choice.counts.filter(arm=MAILED)
        .group_by("service", "age_band")
        .agg(pl.col("count").sum())
    )
    theirs = (
        quota.filter(arm=MAILED)
        .group_by("service", "age_band")
        .agg(pl.col("count").sum())
    )
    assert ours.sort(ours.columns).equals(theirs.sort(theirs.columns))


def test_the_order_of_the_rows_changes_nothing():
    who, quota = candidates(), wanted()
    shuffled = who.sample(fraction=1, shuffle=True, seed=4)
    one: Choice = choose(who, quota, NONE, DRAW)
    two = choose(shuffled, quota, NONE, DRAW)
    assert one.chosen.equals(two.chosen)
    assert one.fates.equals(two.fates)
