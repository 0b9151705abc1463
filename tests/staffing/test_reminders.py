"""The mailing plan: what it gains, its limits, and that no document is lost."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.reminders import MailingPlan, mailing_table, plan
from staffing.reminders.gains import HELPS, NO_HELP, NO_NEED
from tests.staffing.reminder_cases import (
    FIRST,
    Town,
    crest_town,
    policy,
    renewal_hours,
    response,
    stock,
    weekly,
)

WEEK = timedelta(weeks=1)


@pytest.fixture(scope="module")
def town() -> Town:
    return crest_town()


@pytest.fixture(scope="module")
def planned(town: Town) -> MailingPlan:
    return town.plan()


def test_a_visible_peak_falls_and_letters_are_whole_and_few(
    town: Town, planned: MailingPlan
) -> None:
    assert planned.peak_load_hours.after <= town.capacity["hours"][0] + 0.1
    assert planned.weeks_over.before == 3
    assert planned.weeks_over.after == 0
    assert planned.verdict == HELPS
    assert 0 < planned.letters_planned < town.documents / 5
    assert planned.rounding_loss < 0.1
    assert planned.gap <= 0.001
    assert planned.peak_week.before == "2027-W17"


def test_every_document_is_counted_exactly_once(
    town: Town, planned: MailingPlan
) -> None:
    tally = planned.tally
    assert tally.expiries == town.documents
    assert tally.mailed == planned.letters["letters"].to_numpy().sum()
    assert min(tally.not_chosen, tally.too_late, tally.not_due, tally.small) >= 0


def test_no_cell_gets_more_letters_than_documents(
    town: Town, planned: MailingPlan
) -> None:
    cell = ["service", "expiry_week", "age_band", "district"]
    sent = planned.letters.group_by(cell).agg(pl.col("letters").sum())
    both = sent.join(town.expiries, on=cell)
    assert both.height == sent.height
    assert (both["letters"] <= both["count"]).all()


def test_a_tenth_of_who_could_get_a_letter_is_held_out(planned: MailingPlan) -> None:
    tally = planned.tally
    could = tally.mailed + tally.held_out + tally.not_chosen
    assert tally.held_out == pytest.approx(0.10 * could, rel=0.02)


def test_visits_are_conserved_over_the_weeks(town: Town, planned: MailingPlan) -> None:
    """Visits drawn in from beyond the plan may add hours; none may vanish."""
    before, after = planned.smoothing.select("before", "after").sum().row(0)
    assert after >= before - 1e-6
    assert after == pytest.approx(before, rel=0.002)


def test_no_letter_goes_too_early_too_late_or_in_a_silent_week(
    planned: MailingPlan,
) -> None:
    lead = (pl.col("expiry_week") - pl.col("mailing_week")).dt.total_days() / 7
    leads = planned.letters.select(lead=lead)["lead"]
    assert leads.to_numpy().min() >= policy().latest_lead_weeks == 6
    assert leads.to_numpy().max() <= policy().earliest_lead_weeks
    weeks = {day.isocalendar().week for day in planned.letters["mailing_week"]}
    assert not weeks & {52, 53, 1}


def test_quota_and_budget_hold(town: Town) -> None:
    tight = town.plan(weekly_quota=70, budget=333)
    weekly_letters = tight.letters.group_by("mailing_week").agg(pl.col("letters").sum())
    assert weekly_letters["letters"].to_numpy().max() <= 70
    assert 0 < tight.letters_planned <= 333


def test_the_same_seed_gives_the_same_letters(town: Town, planned: MailingPlan) -> None:
    assert town.plan().letters.equals(planned.letters)
    other = town.plan(seed=1)
    assert not other.letters.equals(planned.letters)
    after = other.gains.filter(measure="hours_above_capacity")["after"][0]
    assert (
        after < 0.05 * planned.gains.filter(measure="hours_above_capacity")["before"][0]
    )


def test_no_district_or_age_band_is_systematically_later(planned: MailingPlan) -> None:
    """Of documents of one service that expire in one week, each group as early."""
    lead = (pl.col("expiry_week") - pl.col("mailing_week")).dt.total_days() / 7
    letters = planned.letters.with_columns(lead=lead)
    cohort = ["service", "expiry_week"]
    usual = (pl.col("lead") * pl.col("letters")).sum() / pl.col("letters").sum()
    off = letters.with_columns(lead=pl.col("lead") - usual.over(cohort))
    for group in ("district", "age_band"):
        leads = off.group_by(group).agg(lead=usual)["lead"].to_numpy()
        assert np.abs(leads).max() < 0.1


def test_letters_that_move_nobody_are_not_sent_and_the_plan_says_so(
    town: Town,
) -> None:
    idle = town.plan(response(acts=0.0, sure=True))
    assert idle.verdict == NO_HELP
    assert idle.letters_planned == 0
    assert idle.smoothing["after"].equals(idle.smoothing["before"])
    assert idle.tally.expiries == town.documents


def test_letters_that_gain_fewer_hours_than_asked_for_are_not_sent(town: Town) -> None:
    made = town.plan(least_hours=1000.0)
    assert (made.letters_planned, made.verdict) == (0, NO_NEED)


def test_a_town_without_a_peak_sends_no_letters() -> None:
    flat = crest_town(crest=0.0)
    roomy = weekly(np.full(40, 1000.0))
    made = plan(flat.expiries, flat.demand, roomy, response(), policy())
    assert (made.letters_planned, made.verdict) == (0, NO_NEED)


def test_staff_hours_are_spared_where_no_week_exceeds_capacity(town: Town) -> None:
    """A requirement that grows steeper with load pays for a flatter year."""
    hours = town.demand["hours"].to_numpy()
    staff = 100 + np.maximum(0.0, hours - 100) + 3 * np.maximum(0.0, hours - 160)
    roomy = weekly(np.full(40, 1000.0)).with_columns(staff_hours=pl.Series(staff))
    made = plan(town.expiries, town.demand, roomy, response(), policy())
    gains = {row["measure"]: row for row in made.gains.iter_rows(named=True)}
    assert made.verdict == HELPS
    assert gains["staff_hours"]["change"] < -20
    assert gains["hours_above_capacity"]["after"] == 0
    assert gains["peak_load_hours"]["change"] < 0


def test_letters_help_in_futures_that_are_worse_than_expected(town: Town) -> None:
    """On the mean nothing is above capacity, in every third future much is."""
    hours = town.demand["hours"].to_numpy()
    futures = np.outer(hours, [0.95, 1.1, 0.95])
    demand = town.demand.with_columns(hours_samples=pl.Series(futures.tolist()))
    roomy = weekly(np.full(40, 1.01 * hours.max()))
    made = plan(town.expiries, demand, roomy, response(), policy())
    blind = plan(town.expiries, town.demand, roomy, response(), policy())
    gains = {row["measure"]: row for row in made.gains.iter_rows(named=True)}
    assert (made.verdict, blind.verdict) == (HELPS, NO_NEED)
    over = gains["hours_above_capacity"]
    assert over["before_low"] == 0
    assert over["before"] == pytest.approx(
        np.maximum(0, 1.1 * hours - roomy["hours"].to_numpy()).sum() / 3
    )
    assert over["change"] < -0.3 * over["before"]
    assert gains["peak_load_hours"]["change_high"] < 0


def test_where_every_week_is_above_capacity_the_peak_still_falls(town: Town) -> None:
    """Hours above capacity stay as they are, but the busiest weeks have fewer of them."""
    little = weekly(np.full(40, 100.0))
    made = plan(town.expiries, town.demand, little, response(), policy())
    gains = {row["measure"]: row for row in made.gains.iter_rows(named=True)}
    assert gains["share_of_weeks_over"]["before"] == 1
    assert made.verdict == HELPS
    assert gains["peak_load_hours"]["change_high"] < -2
    over = gains["hours_above_capacity"]
    assert over["after"] == pytest.approx(over["before"], rel=1e-3)


def test_no_letter_goes_in_the_week_of_a_silent_date(
    town: Town, planned: MailingPlan
) -> None:
    busiest = planned.letters["mailing_week"].mode().item(0)
    assert isinstance(busiest, date)
    friday = busiest + timedelta(days=4)
    made = town.plan(silent_dates=(friday,))
    assert busiest not in made.letters["mailing_week"].to_list()
    assert made.letters_planned > 0


def test_a_bound_on_unequal_leads_is_kept_in_the_smallest_town() -> None:
    small = crest_town(level=18, crest=4.0, seed=5)
    room = weekly(np.full(40, 0.95 * small.demand["hours"].to_numpy().max()))
    village = Town(small.expiries, small.demand, room)
    assert max(village.plan().unequal_weeks.values()) > 0.02
    made = village.plan(most_unequal_weeks=0.02)
    assert made.letters_planned > 0
    assert max(made.unequal_weeks.values()) <= 0.02 + 1e-9
    assert made.tally.expiries == village.documents


def test_demand_smaller_than_the_stock_says_never_turns_negative() -> None:
    town = crest_town(level=60)
    little = np.where(np.isin(np.arange(40), [22, 23, 24, 25]), 30.0, 3.0)
    assert (renewal_hours(town.expiries, 40)[3:] > little[3:]).all()
    room = weekly(np.full(40, 5.0))
    every = policy(letters_per_hour=10_000)
    made = plan(town.expiries, weekly(little), room, response(), every)
    assert made.letters_planned > 0
    assert made.smoothing["after"].to_numpy().min() >= 0
    assert made.peak_load_hours.after <= made.peak_load_hours.before


def test_the_upper_quartile_counts_when_it_is_known(
    town: Town, planned: MailingPlan
) -> None:
    wide = town.demand.with_columns(hours_q75=pl.col("hours") * 1.1)
    every = policy(letters_per_hour=10_000)
    made = plan(town.expiries, wide, town.capacity, response(), every)
    assert made.weeks_over.before > planned.weeks_over.before
    narrow = plan(town.expiries, town.demand, town.capacity, response(), every)
    assert made.letters_planned > narrow.letters_planned


def test_small_cohorts_are_merged_over_weeks_and_the_smallest_left_out() -> None:
    cells = [("passport", week, "35-64", "A", 6) for week in range(28, 32)]
    cells += [("licence", 28, "65+", "A", 7)]
    hours = np.where(np.arange(40) > 22, 30.0, 5.0)
    town = Town(stock(cells), weekly(hours), weekly(np.full(40, 10.0)))
    made = town.plan(least_hours=0.0)
    assert made.tally.small == 7
    assert made.tally.mailed + made.tally.held_out + made.tally.not_chosen == 24
    assert made.tally.mailed > 0


def test_expiries_too_near_or_beyond_the_plan_are_counted_apart() -> None:
    cells = [("passport", week, "35-64", "A", 50) for week in (1, 30, 100)]
    town = Town(stock(cells), weekly(np.full(40, 10.0)), weekly(np.full(40, 10.0)))
    tally = town.plan().tally
    assert (tally.too_late, tally.not_due) == (50, 50)


@settings(max_examples=15, deadline=None)
@given(
    level=st.floats(5, 120),
    crest=st.floats(0, 6),
    room=st.floats(0.8, 1.4),
    seed=st.integers(0, 99),
)
def test_whatever_the_town_the_peak_never_rises_and_nothing_is_lost(
    level: float, crest: float, room: float, seed: int
) -> None:
    town = crest_town(weeks=26, level=level, crest=crest, seed=seed)
    capacity = town.capacity.with_columns(pl.col("hours") * room)
    made = plan(town.expiries, town.demand, capacity, response(), policy(), seed=seed)
    assert made.peak_load_hours.after <= made.peak_load_hours.before
    assert made.tally.expiries == town.documents
    assert made.tally.mailed == made.letters["letters"].to_numpy().sum()
    assert made.smoothing["after"].to_numpy().min() >= 0
    assert made.rounding_loss < 5
    assert max(made.unequal_weeks.values()) <= 0.25 + 1e-9


def test_a_shown_plan_hides_small_numbers_and_what_tells_them(
    planned: MailingPlan,
) -> None:
    few = pl.DataFrame(
        {
            "service": ["passport", "passport", "licence"],
            "mailing_week": [FIRST, FIRST + WEEK, FIRST],
            "letters": [9, 4, 5],
        }
    )
    table = mailing_table(few, small_cell=5)
    assert table.rows() == [("2026-W48", None, 9), ("2026-W49", None, None)]
    told = few.with_columns(letters=pl.col("letters") + 1)
    assert mailing_table(told, small_cell=5)["passport"].to_list() == [10, 5]
    assert table.columns == ["week", "licence", "passport"]
    everything = mailing_table(planned.letters, small_cell=1).select(pl.exclude("week"))
    assert everything.sum_horizontal().sum() == planned.letters_planned


def test_a_plan_without_letters_shows_no_weeks(planned: MailingPlan) -> None:
    assert mailing_table(planned.letters.clear(), small_cell=5).height == 0
