"""What-if of the mailing plan: each scenario is the real plan with one thing otherwise."""

import math

import numpy as np
import polars as pl
import pytest

from forecasting.errors import InputError
from staffing.reminders import Response, plan
from staffing.reminders.moving import expected_visits
from staffing.reminders.online import at_the_counter, online_shares
from staffing.reminders.program import UnsolvedError
from staffing.reminders.scenarios import (
    MailingScenarios,
    PlanInputs,
    Scenario,
    as_planned,
    budget,
    channel,
    lead,
    mailing_scenarios,
    of_policy,
    online,
    worth,
)
from staffing.reminders.scenarios.tables import FIGURES
from tests.staffing import reminder_cases as cases

WEEKS = 20
FATES = (
    "letters", "held_out", "not_chosen", "too_late", "not_due", "small", "renews_online"
)  # fmt: skip
COUNTED = {"assumed"}


def exactly(how: Response) -> Response:
    """The response without doubt: every range is its value."""

    def sure(known):
        return known.model_copy(update={"low": known.value, "high": known.value})

    channels = {
        name: one.model_copy(
            update={
                "acts": sure(one.acts),
                "half_life_weeks": sure(one.half_life_weeks),
            }
        )
        for name, one in how.channel.items()
    }
    timing = tuple(
        one.model_copy(update={"renews": sure(one.renews)}) for one in how.timing
    )
    return how.model_copy(update={"channel": channels, "timing": timing})


def small_town(**changes: object) -> PlanInputs:
    """Passports and licences of two districts, with a crest in week 14."""
    cells = [
        (
            service,
            week,
            "18-34",
            place,
            int(40 + 120 * math.exp(-((week - 14) ** 2) / 6)),
        )
        for service in ("passport", "licence")
        for week in range(-3, WEEKS + 20)
        for place in ("A", "B")
    ]
    expiries = cases.stock(cells)
    hours = cases.renewal_hours(expiries, WEEKS) + 20
    given = {"response_draws": 2, "give": 0.0} | changes
    return PlanInputs(
        expiries,
        cases.weekly(hours),
        cases.weekly(np.full(WEEKS, 1.05 * np.median(hours))),
        cases.response(),
        cases.policy(**given),
    )


@pytest.fixture(scope="module")
def inputs() -> PlanInputs:
    return small_town()


def above(row: dict[str, object], when: str = "after") -> float:
    told = row["hours_above_capacity"]
    assert isinstance(told, dict)
    return float(told[when])


def rows_of(*scenarios: Scenario) -> list[dict[str, object]]:
    return list(mailing_scenarios(scenarios).iter_rows(named=True))


@pytest.mark.parametrize(
    ("asked", "changes"),
    [
        (as_planned, {}),
        (lambda given: lead(given, 13), {"earliest_lead_weeks": 13}),
        (lambda given: channel(given, "text"), {"channel": "text"}),
        (lambda given: budget(given, 500), {"budget": 500}),
        (lambda given: worth(given, 300.0), {"letters_per_hour": 300.0}),
    ],
)
def test_a_scenario_is_the_plan_made_by_hand_with_that_policy(inputs, asked, changes):
    """Letters, verdict and every figure of every measure."""
    (row,) = rows_of(asked(inputs))
    made = plan(
        inputs.expiries,
        inputs.demand,
        inputs.capacity,
        inputs.response,
        cases.policy(response_draws=2, give=0.0, **changes),
        seed=inputs.seed,
    )
    assert row["letters"] == made.letters_planned > 0
    assert row["verdict"] == made.verdict
    assert row["euros"] == made.figures()["letters_euros"]
    assert row["rounding_loss"] == made.rounding_loss
    assert row["peak_week_after"] == made.peak_week.after
    for one in made.gains.iter_rows(named=True):
        assert row[one["measure"]] == {name: one[name] for name in FIGURES}


def test_without_letters_all_scenarios_of_one_load_are_the_same(inputs):
    """They are told in the same futures."""
    rows = rows_of(as_planned(inputs), lead(inputs, 13), budget(inputs, 100))
    assert len({above(row, "before") for row in rows}) == 1


def test_half_the_budget_never_has_fewer_hours_above_capacity(inputs):
    """Where the response is known for sure, nothing but the budget tells them apart."""
    sure = PlanInputs(
        inputs.expiries, inputs.demand, inputs.capacity, exactly(inputs.response),
        inputs.policy,
    )  # fmt: skip
    letters = sure.planned().letters_planned
    curve = [budget(sure, letters // part) for part in (1, 2, 4, 8)]
    hours = [above(row) for row in rows_of(*curve)]
    assert hours == sorted(hours)
    assert hours[-1] > hours[0] + 1


def test_every_document_ends_in_one_place_in_every_scenario(inputs):
    """Those who renew online among them."""
    scenarios = [as_planned(inputs), *online(inputs, {"licence": 0.3}, COUNTED)]
    totals = [sum(int(str(row[name])) for name in FATES) for row in rows_of(*scenarios)]
    assert totals == [int(inputs.expiries["count"].sum())] * 3


def test_as_many_come_to_the_counter_when_who_renews_online_left_the_stock(inputs):
    """To half a document in all, and one per week of expiry; in the same weeks."""
    share = 0.3
    all_of_them, who_come = online(inputs, {"licence": share}, COUNTED)
    assert all_of_them.inputs is not None
    assert who_come.inputs is not None
    before = licences(all_of_them.inputs) * (1 - share)
    after = licences(who_come.inputs)
    assert np.abs((before - after).sum(axis=1)).max() < 1
    assert before.sum() == pytest.approx(after.sum(), abs=1)
    assert who_come.renews_online == pytest.approx(
        licences(all_of_them.inputs).sum() * share, abs=0.5
    )


def licences(given: PlanInputs) -> np.ndarray:
    """Expected renewals by weeks of expiry and of renewal."""
    rows = given.expiries.filter(service="licence").group_by("expiry_week")
    counts = rows.agg(pl.col("count").sum()).sort("expiry_week")
    how = given.response.timing_of("licence", "18-34")
    first = counts["expiry_week"][0]
    weeks = [(week - first).days // 7 for week in counts["expiry_week"]]
    known = (cases.AS_OF - first).days // 7
    length = 200
    return np.array(
        [
            count * expected_visits(how, week - known, 0, length)
            for week, count in zip(weeks, counts["count"], strict=True)
        ]
    )


def test_as_many_letters_to_who_come_take_off_more(inputs):
    """A letter to who renews online brings a collection forward, and no application."""
    few = inputs.with_policy(budget=300, letters_per_hour=1e5)
    every, apart = rows_of(*online(few, {"licence": 0.4, "passport": 0.4}, COUNTED))
    assert every["letters"] == pytest.approx(300, abs=10)
    assert apart["letters"] == pytest.approx(every["letters"], abs=10)
    saved = [above(row, "before") - above(row) for row in (every, apart)]
    assert saved[1] > 1.1 * saved[0]


def test_timing_of_visits_is_read_as_that_of_those_who_come(inputs):
    """Where it does not count renewals online, as many visit as it says."""
    everybody, _ = online(inputs, {"licence": 0.2}, set())
    assert everybody.inputs is not None
    told = inputs.response.timing_of("licence", "").renews.value
    whole = everybody.inputs.response.timing_of("licence", "").renews.value
    assert whole * (1 - 0.2) == pytest.approx(told)


def test_the_share_online_is_that_of_renewals():
    """First and lost documents are asked for at the counter alone."""
    demand = pl.DataFrame(
        {
            "service": ["licence", "licence", "passport"],
            "channel": ["appointment", "online", "appointment"],
            "count": [820.0, 180.0, 500.0],
        }
    )
    assert online_shares(demand, {}) == {"licence": pytest.approx(0.18)}
    assert online_shares(demand, {"licence": 0.6}) == {"licence": pytest.approx(0.3)}


def test_who_renews_online_only_collects(inputs):
    """So an average renewal asks that much less of the counter, in applying alone."""
    full = inputs.response
    found = at_the_counter(full, {"licence": 0.25})
    before, after = (how.document_of("licence") for how in (full, found))
    assert after.application_hours == pytest.approx(0.75 * before.application_hours)
    assert after.collection_hours == before.collection_hours
    assert found.document_of("passport") == full.document_of("passport")


def test_without_renewals_online_it_says_so(inputs):
    """No share is made up."""
    (row,) = rows_of(*online(inputs, {}, COUNTED))
    assert row["verdict"] is None
    assert "no renewals online" in str(row["note"])


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        (lambda given: lead(given, 3), "from 6 weeks .* to 259 .* came 3"),
        (lambda given: lead(given, 260), "shortest validity.* came 260"),
        (lambda given: channel(given, "pigeon"), "letter, message_box.* came 'pigeon'"),
        (lambda given: budget(given, -1), "0 letters or more, came -1"),
        (lambda given: worth(given, 0), "more than 0 letters for an hour, came 0"),
        (lambda given: worth(given, math.nan), "came nan"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(inputs, asked, line):
    """What was expected, what came, and a remedy."""
    with pytest.raises(InputError, match=line) as refused:
        asked(inputs)
    assert "\n" not in str(refused.value)
    assert refused.value.remedy


def test_without_a_choice_all_leads_channels_budgets_and_worths_are_tried(inputs):
    """Not those of the plan as it stands; a lead that cannot be stands with the reason."""
    late = inputs.with_policy(appointment_wait_weeks=12)
    found = of_policy(late)
    values = [(one.kind, one.value) for one in found]
    assert ("lead", "26") not in values
    assert ("channel", "letter") not in values
    assert {one.kind for one in found} == {"lead", "channel", "budget", "worth"}
    (short,) = [one for one in found if (one.kind, one.value) == ("lead", "13")]
    assert short.inputs is None
    assert "came 13" in short.note


def test_a_plan_that_is_not_solved_stands_with_the_reason(inputs, monkeypatch):
    """The other scenarios are told all the same."""

    def fail(_: PlanInputs) -> None:
        raise UnsolvedError("not solved in time")

    monkeypatch.setattr(PlanInputs, "planned", fail)
    (row,) = rows_of(as_planned(inputs))
    assert row["verdict"] is None
    assert row["note"] == "not solved in time"


def test_the_table_is_typed_and_keeps_the_order(inputs):
    """The plan as it stands comes first."""
    table = mailing_scenarios([as_planned(inputs), budget(inputs, 0)])
    assert MailingScenarios.is_valid(table)
    assert table["kind"].to_list() == ["as planned", "budget"]
    assert table["letters"][1] == 0
