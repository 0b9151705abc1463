"""What an import tells: every reason with its number, also when the file comes again."""

from datetime import date

import pytest

from forecasting.errors import InputError
from forecasting.notes import Exclusion
from forecasting.planner import add, standing_exclusions
from tests.forecasting.sources_of_tests import EVENTS, NOW, bring, home

HEAD = "id;at;minutes\n"
GOOD = "x0;05-02-2026 09:15;10\n"
BAD = "x1;bad;10\nx2;bad;10\nx3;05-02-2026 09:15;-1\n"


@pytest.fixture
def workspace(tmp_path):
    return home(tmp_path)


def test_a_refusal_names_every_reason_with_its_number(workspace, tmp_path):
    with pytest.raises(InputError) as told:
        bring(workspace, tmp_path / "a.csv", HEAD + GOOD + BAD)
    assert "2 x at: unreadable date or time; 1 x minutes: negative" in str(told.value)
    assert "3 of 4 rows rejected, at most 2% allowed" in str(told.value)


def test_a_refusal_for_one_reason_says_it_once(workspace, tmp_path):
    with pytest.raises(InputError) as told:
        bring(workspace, tmp_path / "a.csv", HEAD + GOOD + "x1;bad;10\n")
    assert str(told.value).count("unreadable date or time") == 1


def test_a_file_that_comes_again_tells_its_reasons_again(workspace, tmp_path):
    first = bring(workspace, tmp_path / "a.csv", HEAD + GOOD + BAD, max_rejects=1)
    again = bring(workspace, tmp_path / "a.csv", HEAD + GOOD + BAD, max_rejects=1)
    assert again.already
    assert again.reasons == first.reasons
    assert again.rows_rejected == 3


def test_a_limit_on_what_is_no_number_rejects_the_row(tmp_path):
    limits = 'limits = [{ column = "age", minimum = 0, maximum = 9 }]\n'
    workspace = home(tmp_path, limits + EVENTS)
    head = "id;at;minutes;age\n"
    rows = (
        "x1;05-02-2026 09:15;1;5\nx2;05-02-2026 09:15;1;old\nx3;05-02-2026 09:15;1;\n"
    )
    result = bring(workspace, tmp_path / "a.csv", head + rows, max_rejects=1)
    assert result.reasons == {"age: unreadable number": 1}


def test_a_file_left_out_whole_says_so(tmp_path):
    workspace = home(tmp_path, 'drop = [{ id = ["x1"] }]\n' + EVENTS)
    text = HEAD + "x1;05-02-2026 09:15;10\n"
    with pytest.raises(InputError, match=r"found none \(left out: 1\)"):
        bring(workspace, tmp_path / "a.csv", text)


@pytest.mark.parametrize("series", ["*/*/*/telefoon", "*/pasport/*/*"])
def test_a_note_on_series_that_cannot_be_is_refused(workspace, series):
    day = date(2026, 2, 5)
    with pytest.raises(InputError, match="of the catalogue, came"):
        add(workspace, Exclusion(day, day, "storm", series), now=NOW)
    assert not standing_exclusions(workspace)
