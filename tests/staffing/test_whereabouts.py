"""Where documents went, told without a count that is too small."""

from staffing.reminders.whereabouts import told_whereabouts


def test_counts_that_are_large_enough_and_none_at_all_are_told_as_they_are():
    counts = {"mailed": 10, "held out": 5, "too late": 0}
    assert told_whereabouts(counts, small_cell=5) == counts


def test_a_small_count_takes_the_next_cheapest_with_it():
    counts = {"mailed": 900, "held out": 30, "too late": 3, "small": 0}
    told = told_whereabouts(counts, small_cell=5)
    assert told == {"mailed": 900, "held out": None, "too late": None, "small": 0}


def test_an_empty_stock_went_nowhere():
    assert told_whereabouts({"mailed": 0}, small_cell=5) == {"mailed": 0}
