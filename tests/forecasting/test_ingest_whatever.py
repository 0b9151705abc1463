"""Whatever rows go in, and however they are cut up: nothing is lost, nothing twice."""

from datetime import datetime, timedelta
from itertools import pairwise

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.forecasting.sources_of_tests import COUNTS, EVENTS, bring, contacts, home

CELL = st.sampled_from(["05-02-2026 09:15", "06-02-2026 10:00", "bad", "", "1-1-26"])
NUMBER = st.sampled_from(["1", "2,5", "-1", "", "x", "NaN", "inf"])
NAME = st.sampled_from(["x1", "x2", "x3", ""])
ROWS = st.lists(st.tuples(NAME, CELL, NUMBER), min_size=1, max_size=30)
EVENT = st.tuples(st.integers(0, 40), st.integers(0, 60 * 24 * 90), st.integers(0, 90))
COUNT = st.tuples(st.integers(0, 300), st.sampled_from("ab"), st.integers(0, 50))
FIRST = datetime(2026, 2, 20, 8)  # noqa: DTZ001  (as a clock in the town shows it)


def written(minutes: int) -> str:
    return (FIRST + timedelta(minutes=minutes)).strftime("%d-%m-%Y %H:%M")


@settings(max_examples=25, deadline=None)
@given(rows=ROWS)
def test_accepted_and_rejected_are_all_that_was_read(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("given")
    workspace = home(folder)
    lines = "".join(f"{name};{at};{n}\n" for name, at, n in rows if name or at or n)
    file = folder / "a.csv"
    read = lines.count("\n")
    if not read:
        return
    result = bring(workspace, file, f"id;at;minutes\n{lines}", max_rejects=1)
    assert result.rows_read == read
    assert result.rows_imported + result.rows_rejected == read
    assert sum(result.reasons.values()) == result.rows_rejected
    found = workspace.imported("rejects").collect()
    assert found.height == result.rows_rejected
    held = contacts(workspace).height if workspace.has_imported("contacts") else 0
    assert held == result.rows_imported


@settings(max_examples=20, deadline=None)
@given(rows=st.lists(EVENT, min_size=1, max_size=40), cuts=st.lists(st.integers(0, 40)))
def test_events_cut_into_files_in_order_give_the_same_demand(
    tmp_path_factory, rows, cuts
):
    folder = tmp_path_factory.mktemp("events")
    lines = [f"x{name};{written(at)};{n}\n" for name, at, n in rows]
    places = sorted({min(cut, len(lines)) for cut in cuts} | {0, len(lines)})
    pieces = [lines[a:b] for a, b in pairwise(places)]
    assert_same(folder, EVENTS, "id;at;minutes\n", lines, pieces)


@settings(max_examples=20, deadline=None)
@given(
    rows=st.lists(COUNT, min_size=1, max_size=40, unique_by=lambda row: row[:2]),
    owners=st.lists(st.integers(0, 3), min_size=40, max_size=40),
)
def test_counts_shared_out_over_files_give_the_same_demand(
    tmp_path_factory, rows, owners
):
    folder = tmp_path_factory.mktemp("counts")
    lines = [f"{written(15 * at)};{what};{n}\n" for at, what, n in rows]
    pieces = [
        [line for line, owner in zip(lines, owners, strict=False) if owner == one]
        for one in range(4)
    ]
    assert_same(folder, COUNTS, "at;what;n\n", lines, pieces)


def assert_same(folder, mapping, head, lines, pieces):
    whole, split = home(folder / "whole", mapping), home(folder / "split", mapping)
    bring(whole, folder / "all.csv", head + "".join(lines), max_rejects=1)
    for place, piece in enumerate(piece for piece in pieces if piece):
        text = head + "".join(piece)
        bring(split, folder / f"{place}.csv", text, max_rejects=1)
    assert contacts(split).equals(contacts(whole))
    slots = [w.imported("slots").collect() for w in (whole, split)]
    assert slots[0]["count"].sum() == contacts(whole)["count"].sum()
    keys = ["start", "service"]
    of_whole, of_split = (
        frame.group_by(keys).agg(pl.col("count", "work_s").sum()).sort(keys)
        for frame in slots
    )
    assert of_split.equals(of_whole)
