"""Who tries to work out a hidden count by linear programs finds nothing."""

from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.reminders.batches.disclosure import Sum, hidden
from staffing.reminders.batches.quotas import (
    fates_of,
    quotas,
    without_few_held_out,
)
from staffing.reminders.batches.shown import shown
from staffing.reminders.batches.tables import AGAIN, HELD_OUT, MAILED, REASONS
from tests.staffing.batch_attack import Attack, bounds
from tests.staffing.batch_cases import SERVICES, WEEK, letters

THRESHOLD = 5
LOOSE = 1e-6


def two_way(inner: np.ndarray) -> tuple[np.ndarray, list[Sum]]:
    """A table with its margins, row by row; the margins come last in each."""
    full = np.block(
        [
            [inner, inner.sum(axis=1, keepdims=True)],
            [inner.sum(axis=0, keepdims=True), inner.sum(keepdims=True)],
        ]
    )
    height, width = full.shape
    at = np.arange(full.size).reshape(full.shape)
    sums = [Sum(int(at[r, -1]), tuple(at[r, :-1].tolist())) for r in range(height)]
    sums += [Sum(int(at[-1, c]), tuple(at[:-1, c].tolist())) for c in range(width)]
    return full.ravel(), sums


def leaves(sums: Sequence[Sum], place: int, inner: set[int]) -> list[int]:
    """The inner cells that a cell is the sum of."""
    if place in inner:
        return [place]
    one = next(s for s in sums if s.total == place)
    return [leaf for part in one.parts for leaf in leaves(sums, part, inner)]


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 4), st.integers(2, 5), st.integers(0, 10_000))
def test_no_small_count_of_a_two_way_table_follows_from_its_margins(
    height: int, width: int, seed: int
):
    inner = np.random.default_rng(seed).choice(
        [0, 1, 2, 3, 4, 6, 9, 15, 40], (height, width)
    )
    counts, sums = two_way(inner)
    left_out = hidden(counts, sums, THRESHOLD, 1.0 + counts)
    at = np.arange(counts.size).reshape(height + 1, width + 1)[:-1, :-1]
    number = {int(place): i for i, place in enumerate(at.ravel())}
    rows = [
        ([number[leaf] for leaf in leaves(sums, place, set(number))], float(count))
        for place, count in enumerate(counts)
        if not left_out[place]
    ]
    for place, i in number.items():
        low, high = bounds(len(number), rows, i)
        if 0 < counts[place] < THRESHOLD:
            assert low <= LOOSE, "it is known to be above nought"
            assert high >= THRESHOLD - LOOSE, "it is known to be small"
        elif left_out[place] and counts[place] > 0:
            assert high - low > LOOSE, "a protector is known"


def test_a_table_without_small_counts_is_told_whole():
    counts, sums = two_way(np.array([[6, 7], [9, 30]]))
    assert not hidden(counts, sums, THRESHOLD, 1.0 + counts).any()


def test_hiding_small_counts_alone_would_not_do():
    """The attack of these tests does find a count whose protectors are left away."""
    counts, sums = two_way(np.array([[3, 40], [12, 55]]))
    assert not hidden(counts, sums, THRESHOLD, 1.0 + counts)[8]
    rows = [([0, 1], 43.0), ([1], 40.0), ([2], 12.0), ([3], 55.0)]
    assert bounds(4, rows, 0) == pytest.approx((3, 3))


def test_the_cheapest_protectors_are_hidden():
    """By hand: the count of 3 needs another in its row, its column and across."""
    counts, sums = two_way(np.array([[3, 90, 10], [80, 99, 95], [12, 97, 20]]))
    left_out = hidden(counts, sums, THRESHOLD, 1.0 + counts).reshape(4, 4)
    assert set(zip(*np.nonzero(left_out), strict=True)) == {
        (0, 0),
        (0, 2),
        (2, 0),
        (2, 2),
    }


def batch(seed: int, mean: float, *, twice: bool = False):
    """A batch of quotas as it is settled; with every third letter a second one."""
    table = letters(seed=seed, mean=mean).filter(mailing_week=WEEK, district="A")
    again = table.filter(pl.int_range(pl.len()) % 3 == 0) if twice else None
    counts, fates = quotas(table, again, share=0.1, small_cell=THRESHOLD, seed=seed)
    kept = without_few_held_out(counts, THRESHOLD)
    small = fates.filter(pl.col("fate") == "small")
    return kept, pl.concat([fates_of(kept), small])


@pytest.mark.parametrize("twice", [False, True])
@pytest.mark.parametrize(("seed", "mean"), [(1, 1.5), (2, 4.0), (3, 8.0), (4, 0.6)])
def test_no_small_count_follows_from_the_quotas_and_counts_handed_out(
    seed, mean, twice
):
    quota, fates = batch(seed, mean, twice=twice)
    printed = shown(fates, quota, services=SERVICES, threshold=THRESHOLD)
    tried = 0
    for name, (low, high) in Attack(printed, quota, fates).small(THRESHOLD):
        tried += 1
        assert low <= LOOSE, name
        assert high >= THRESHOLD - LOOSE, name
    assert tried > 3


@pytest.mark.parametrize("seed", range(6))
def test_what_is_handed_out_adds_up_to_all_letters_and_tells_none_too_small(seed):
    quota, fates = batch(seed, 3.0, twice=True)
    printed = shown(fates, quota, services=SERVICES, threshold=THRESHOLD)
    for arm in (MAILED, HELD_OUT, AGAIN):
        table = printed.of(arm)
        whole = quota.filter(arm=arm).group_by("service").agg(pl.col("count").sum())
        told = table.group_by("service").agg(pl.col("count").sum())
        assert dict(told.iter_rows()) == dict(whole.iter_rows())
        assert (table["count"] >= THRESHOLD).all()


def test_the_columns_are_the_same_whoever_was_suppressed():
    fates = pl.DataFrame(
        [("passport", "mailed", "", 60), ("passport", "suppressed", "objected", 2)],
        schema=["service", "fate", "reason", "count"],
        orient="row",
    )
    some = shown(fates, None, services=SERVICES, threshold=THRESHOLD)
    none = shown(fates.head(1), None, services=SERVICES, threshold=THRESHOLD)
    assert some.counts.columns == none.counts.columns
    assert {f"suppressed: {reason}" for reason in REASONS} < set(some.counts.columns)
    assert some.counts["suppressed: objected"].to_list() == [None] * 4
    assert some.counts.filter(service="passport")["mailed"].item() == 60
    assert some.mailed.is_empty()
