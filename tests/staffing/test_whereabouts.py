"""Where documents went, told without a count that is too small."""

from staffing.reminders.balance import PLACES
from staffing.reminders.whereabouts import (
    SCENARIO_PLACES,
    told_figures,
    told_scenarios,
    told_whereabouts,
)

FATES = dict(zip(PLACES, (597, 0, 3391, 700, 2909, 400, 22_000, 3), strict=True))


def test_counts_that_are_large_enough_and_none_at_all_are_told_as_they_are():
    counts = {"mailed": 10, "held out": 5, "too late": 0}
    assert told_whereabouts(counts, small_cell=5) == counts


def test_a_small_count_takes_the_next_cheapest_with_it():
    counts = {"mailed": 900, "held out": 30, "too late": 3, "small": 0}
    told = told_whereabouts(counts, small_cell=5)
    assert told == {"mailed": 900, "held out": None, "too late": None, "small": 0}


def test_an_empty_stock_went_nowhere():
    assert told_whereabouts({"mailed": 0}, small_cell=5) == {"mailed": 0}


def test_a_command_tells_no_more_of_a_plan_than_the_page():
    """Nor a sum from which a small number would follow; all else stays as it was."""
    expiries = sum(FATES.values()) - FATES["expired"] - FATES["in_batches"]
    rest = {"verdict": "letters help", "stock": sum(FATES.values())}
    told = told_figures({**FATES, "expiries": expiries, **rest}, small_cell=5)
    page = told_whereabouts(FATES, small_cell=5)
    assert {name: told[name] for name in PLACES} == page
    assert page["suppressed_small"] is None
    assert list(page.values()).count(None) == 2
    assert told["expiries"] is None
    assert {name: told[name] for name in rest} == rest


def test_figures_without_a_small_number_are_told_as_they_are():
    figures = {**FATES, "suppressed_small": 0, "expiries": 29_403, "second_letters": 0}
    assert told_figures(figures, small_cell=5) == figures


def test_few_second_letters_and_few_first_ones_are_not_told():
    plain = {**FATES, "suppressed_small": 0}
    for second in (4, 3388):
        told = told_figures({**plain, "second_letters": second}, small_cell=5)
        assert told["second_letters"] is None
    for second in (5, 3386, 3391):
        told = told_figures({**plain, "second_letters": second}, small_cell=5)
        assert told["second_letters"] == second


def test_what_one_scenario_leaves_out_is_left_out_of_all():
    """Else the next one, of the same stock, would tell it."""
    first = dict(zip(SCENARIO_PLACES, (900, 100, 50, 30, 4000, 3, 0), strict=True))
    second = {**first, "letters": 903, "small": 0}
    not_reckoned = dict.fromkeys(SCENARIO_PLACES)
    told = told_scenarios([first, second, not_reckoned], small_cell=5)
    for row in told:
        assert row["small"] is None
        assert row["too_late"] is None
    assert [row["letters"] for row in told] == [900, 903, None]
    assert told_scenarios([second], small_cell=5) == [second]
