"""The synthetic municipality: what emerges from its rules, not how it is written down."""

from datetime import date, timedelta

import numpy as np
import pytest

from forecasting.calendar import Calendar, monday
from forecasting.catalogue import Catalogue
from forecasting.policy import load_policy
from forecasting.reference.assumptions import BANDS, ReferencePolicy, default_policy
from forecasting.reference.calls import erlang_a
from forecasting.reference.demand import World, build_world
from forecasting.reference.streams import Counts
from forecasting.reference.truth import EARLY, LATE, draw_truth
from forecasting.settings import shipped

CONFIG = shipped("config", "config")
CALENDAR = load_policy(CONFIG / "calendar.toml", Calendar)
CATALOGUE = load_policy(CONFIG / "catalogue.toml", Catalogue)
UNTIL = date(2026, 10, 31)


def live(
    until: date = UNTIL,
    seed: int = 0,
    catalogue: Catalogue = CATALOGUE,
    policy: ReferencePolicy | None = None,
) -> World:
    policy = policy or default_policy()
    place = policy.places["town"]
    return build_world(place, policy, CALENDAR, catalogue, until=until, seed=seed)


@pytest.fixture(scope="module")
def world() -> World:
    return live()


def per_day(world: World, service: str, step: str) -> Counts:
    found = [
        c for s, c in world.contacts.items() if (s.service, s.step) == (service, step)
    ]
    counts: Counts = np.sum(found, axis=0)
    return counts


def total(world: World, service: str, step: str, first: date, last: date) -> int:
    days = per_day(world, service, step)
    return int(days[world.days.index(first) : world.days.index(last) + 1].sum())


def a_year(world: World, service: str, step: str, year: int) -> int:
    return total(world, service, step, date(year, 1, 1), date(year, 12, 31))


@pytest.mark.parametrize("service", ["passport", "id_card"])
@pytest.mark.parametrize("seed", [0, 1])
def test_applications_dip_from_2019_and_crest_from_2024(service, seed):
    world = live(seed=seed)
    before = np.mean(
        [a_year(world, service, "application", y) for y in range(2015, 2019)]
    )
    dip = np.mean([a_year(world, service, "application", y) for y in range(2021, 2024)])
    crest = np.mean([a_year(world, service, "application", y) for y in (2024, 2025)])
    assert dip < 0.5 * before
    assert 2 < crest / dip < 3.3


def test_the_crest_starts_around_9_march_2024(world):
    def quarter(year: int, month: int) -> int:
        first = date(year, month, 1)
        return total(
            world, "passport", "application", first, first + timedelta(days=90)
        )

    assert quarter(2023, 9) < 1.35 * quarter(2022, 9)
    assert quarter(2024, 3) > 2 * quarter(2023, 3)


def test_without_the_ten_year_rule_there_is_no_dip():
    passport = CATALOGUE.services["passport"]
    rules = tuple(rule for rule in passport.validity if rule.years == 5)
    rules = tuple(rule.model_copy(update={"max_age": 150}) for rule in rules)
    always_five = passport.model_copy(update={"validity": rules})
    others = [s for s in CATALOGUE.service if s.id != "passport"]
    world = live(catalogue=Catalogue(service=(always_five, *others)))
    before = a_year(world, "passport", "application", 2017)
    assert a_year(world, "passport", "application", 2022) > 0.7 * before


def test_licences_of_the_double_year_come_back_after_ten_years(world):
    def year_from_october(year: int) -> int:
        return total(
            world, "licence", "application", date(year, 10, 1), date(year + 1, 9, 30)
        )

    assert year_from_october(2016) > 1.25 * year_from_october(2014)
    assert year_from_october(2016) > 1.25 * year_from_october(2018)


def test_youth_cards_of_december_2011_come_back_after_five_years(world):
    def winter(year: int) -> int:
        return total(
            world, "id_card", "application", date(year, 10, 15), date(year + 1, 1, 15)
        )

    assert winter(2016) > 1.2 * winter(2015)


def test_student_moves_peak_at_about_two_and_a_half_times_the_trough(world):
    moves = per_day(world, "move", "processing")
    months = [moves[world.days.past & (world.days.month == m)].sum() for m in range(12)]
    assert np.argmax(months) in (6, 7, 8)
    assert 2.2 < max(months[1:10]) / min(months[1:10]) < 3.0


def test_mondays_are_busiest_and_fridays_quietest_on_the_phone(world):
    calls = np.sum(list(world.of("phone").values()), axis=0)
    means = [calls[world.days.weekday == d].mean() for d in range(5)]
    assert np.argmax(means) == 0
    assert np.argmin(means) == 4


@pytest.mark.parametrize("channel", ["appointment", "walk_in", "phone"])
def test_nobody_comes_or_calls_when_it_is_closed(world, channel):
    skill = "phone" if channel == "phone" else "counter"
    for series, counts in world.of(channel).items():
        assert counts[world.days.is_open(series.location, skill) == 0].sum() == 0


def test_online_requests_come_in_on_days_that_the_town_hall_is_shut(world):
    online = np.sum(list(world.of("online").values()), axis=0)
    assert online[world.days.weekday == 6].min() > 0


def test_arrivals_vary_more_than_a_poisson_process(world):
    days = (world.days.weekday == 1) & (world.days.is_open("stadhuis", "phone") > 0)
    calls = per_day(world, "general", "question")[days]
    steps = np.diff(calls)  # differences leave trend and season out
    assert np.var(steps) / 2 > 1.5 * np.mean(calls)


def test_covid_and_the_printer_failure_show_in_applications(world):
    def april(year: int) -> int:
        return total(
            world, "licence", "application", date(year, 4, 1), date(year, 4, 30)
        )

    assert april(2020) < 0.6 * april(2019)
    failure = total(
        world, "licence", "application", date(2023, 6, 5), date(2023, 6, 16)
    )
    usual = total(world, "licence", "application", date(2022, 6, 6), date(2022, 6, 17))
    assert failure < 0.5 * usual


def test_elections_bring_more_general_contacts(world):
    vote = date(2023, 11, 22)
    before = total(world, "general", "question", vote - timedelta(14), vote)
    usual = total(
        world, "general", "question", vote - timedelta(42), vote - timedelta(28)
    )
    assert before > 1.1 * usual


def test_collections_follow_applications_less_home_delivery(world):
    applied = total(
        world, "passport", "application", date(2013, 3, 1), date(2026, 9, 1)
    )
    fetched = total(world, "passport", "collection", date(2013, 3, 9), date(2026, 9, 9))
    assert 0.84 < fetched / applied < 0.91
    opened = np.flatnonzero(world.days.is_open("noord", "counter"))[:5]
    assert per_day(world, "passport", "collection")[opened].sum() < 10


def test_applications_add_up_to_what_the_cohorts_issued(world):
    lived = world.cohorts["passport"]
    weeks = lived.since(world.days.first)
    issued = (lived.renewals + lived.others)[weeks].sum(axis=1)
    applied = per_day(world, "passport", "application").reshape(-1, 7).sum(axis=1)
    np.testing.assert_array_equal(applied, issued)


def test_no_more_documents_are_outstanding_than_were_issued(world):
    lived = world.cohorts["passport"]
    issued = (lived.renewals + lived.others).sum(axis=1)
    as_of = date(2023, 12, 31)
    week = (monday(as_of) - lived.first).days // 7
    stock = lived.stocks[as_of].sum(axis=1)[LATE:]
    for ahead in range(1, 520):
        expiry = week + ahead
        could = sum(issued[expiry - w] for w in (522, 261) if expiry - w <= week)
        assert stock[ahead] <= could


def test_a_stock_only_shrinks_until_new_documents_can_expire(world):
    lived = world.cohorts["id_card"]
    first, later = date(2022, 6, 30), date(2022, 9, 30)
    shift = (monday(later) - monday(first)).days // 7
    reach = LATE + 255
    before, after = lived.stocks[first][shift:reach], lived.stocks[later]
    assert (after[: len(before)] <= before).all()
    assert after[: len(before)].sum() < before.sum()


def test_the_hazard_renews_the_share_that_renews():
    truth = draw_truth(3, default_policy())
    for renewal in truth.renewal.values():
        assert renewal.timing.sum() == pytest.approx(1)
        assert renewal.timing.size == EARLY + LATE + 1
        left = np.prod(1 - renewal.hazard, axis=0)
        np.testing.assert_allclose(1 - left, renewal.renewed, rtol=1e-9)
        assert renewal.renewed.size == len(BANDS)


def test_another_seed_draws_other_hidden_parameters():
    policy = default_policy()
    assert draw_truth(0, policy).hidden != draw_truth(1, policy).hidden
    assert draw_truth(1, policy).hidden == draw_truth(1, policy).hidden


def test_a_later_last_day_adds_to_the_history_and_does_not_rewrite_it(world):
    earlier = live(until=UNTIL - timedelta(days=40))
    for series, counts in earlier.contacts.items():
        np.testing.assert_array_equal(counts, world.contacts[series])
    shared = set(earlier.cohorts["licence"].stocks) & set(
        world.cohorts["licence"].stocks
    )
    assert len(shared) > 40
    for as_of in shared:
        np.testing.assert_array_equal(
            earlier.cohorts["licence"].stocks[as_of],
            world.cohorts["licence"].stocks[as_of],
        )


def test_waiting_for_one_patient_agent_is_the_m_m_1_queue():
    load, handling = np.array([0.2, 0.5, 0.8]), np.full(3, 200.0)
    gives_up, in_time = erlang_a(load, handling, np.array([1, 1, 1]), 1e9)
    np.testing.assert_allclose(gives_up, 0, atol=1e-5)
    theory = 1 - load * np.exp(-(1 - load) / 200 * 25)
    np.testing.assert_allclose(in_time, theory, atol=2e-3)
