"""Mappings and files at the edge: unpivoted lines, constants alone, a truth told twice."""

import polars as pl
import pytest

from forecasting.errors import PolicyError
from forecasting.ingest import import_file
from forecasting.ingest.checking import masked
from tests.forecasting.sources_of_tests import (
    COUNTS,
    EVENTS,
    NOW,
    bring,
    contacts,
    home,
)

HEAD = "id;at;minutes\n"
AT = "05-02-2026 09:15"
WIDE = """
kind = "contacts"
label = "test"
constants = { period_s = 900, location = "hall" }
unpivot = { on = ["a", "b"] }
[fields.start]
column = "at"
[fields.product]
column = "measure"
values = { a = "general/question/phone", b = "move/question/phone" }
[fields.count]
column = "total"
[csv]
separator = ";"
"""
BOTH = f"{HEAD}x1;{AT};10\nx2;{AT};10\n"
ONE = f"{HEAD}x1;{AT};20\n"


def test_of_a_line_that_became_several_rows_only_the_repeated_one_is_rejected(tmp_path):
    workspace = home(tmp_path, WIDE)
    text = "at;a;b\n2026-02-05 09:15;1;2\n2026-02-05 09:15;3;bad\n"
    result = bring(workspace, tmp_path / "a.csv", text, max_rejects=1)
    assert (result.rows_imported, result.rows_rejected) == (2, 2)
    found = contacts(workspace).select("service", "count").rows()
    assert sorted(found) == [("general", 3.0), ("move", 2.0)]
    assert workspace.imported("rejects").collect()["line"].to_list() == [2, 3]


def test_rows_of_one_line_with_one_identity_are_one(tmp_path):
    mapping = WIDE.replace("unpivot", 'identity = ["id"]\nunpivot')
    workspace = home(tmp_path, mapping)
    text = "id;at;a;b\n1;2026-02-05 09:15;1;2\n"
    result = bring(workspace, tmp_path / "a.csv", text, max_rejects=1)
    assert (result.rows_imported, result.rows_rejected) == (1, 1)


def test_counts_of_one_place_and_product_are_named_by_their_period(tmp_path):
    product = 'location = "hall", product = "general/question/phone" }'
    head, _, rest = COUNTS.partition("[fields.product]")
    mapping = head.replace('location = "hall" }', product) + rest[rest.index("[") :]
    workspace = home(tmp_path, mapping)
    bring(workspace, tmp_path / "a.csv", f"at;n\n{AT};10\n06-02-2026 09:15;10\n")
    bring(workspace, tmp_path / "b.csv", f"at;n\n{AT};12\n")
    assert contacts(workspace)["count"].to_list() == [12.0, 10.0]


@pytest.mark.parametrize(
    ("constant", "message"),
    [
        ("count = -3", "expected 0 to 1e"),
        ("period_s = 900.5", "a whole number"),
        ("count = nan", "expected 0 to 1e"),
        ('requested = "2026-01-01"', "expected a column"),
    ],
)
def test_a_constant_that_no_row_could_hold_is_refused(tmp_path, constant, message):
    mapping = EVENTS.replace("constants = {", f"constants = {{ {constant},")
    with pytest.raises(PolicyError, match=message):
        bring(home(tmp_path, mapping), tmp_path / "a.csv", ONE)


def test_a_text_cannot_be_translated_to_text_where_a_number_stands(tmp_path):
    mapping = f'{EVENTS}[fields.no_show]\ncolumn = "id"\nvalues = {{ x1 = "one" }}\n'
    with pytest.raises(PolicyError, match=r"'no_show': .* expected a number"):
        bring(home(tmp_path, mapping), tmp_path / "a.csv", ONE)


def test_a_file_that_came_can_come_again_as_the_whole_truth(tmp_path):
    workspace = home(tmp_path)
    bring(workspace, tmp_path / "a.csv", BOTH)
    bring(workspace, tmp_path / "b.csv", ONE)
    result = bring(workspace, tmp_path / "b.csv", ONE, instead=True)
    assert (result.already, result.rows_replaced) == (False, 1)
    assert contacts(workspace)["handling_s"].to_list() == [1200.0]
    assert bring(workspace, tmp_path / "b.csv", ONE, instead=True).already


def test_a_file_read_anew_does_not_undo_a_later_whole_truth(tmp_path):
    workspace = home(tmp_path)
    bring(workspace, tmp_path / "a.csv", BOTH)
    bring(workspace, tmp_path / "b.csv", ONE, instead=True)
    again = home(tmp_path, EVENTS.replace("multiply = 60", "multiply = 6"))
    import_file(again, tmp_path / "a.csv", "test", now=NOW)
    assert contacts(again)["handling_s"].to_list() == [1200.0]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("06 12 34 56 78", False),
        ("+31 6 1234 5678", False),
        ("123.456.789", False),
        ("9711 lx", False),
        ("31-02-2026 25:61", True),
        ("2026-02-30T09:15:00+01:00", True),
        ("1.234,56", True),
    ],
)
def test_numbers_of_people_are_masked_in_groups_too_and_dates_are_not(value, shown):
    found = pl.select(masked(pl.lit(value))).item()
    assert found == (value if shown else "(masked)")
