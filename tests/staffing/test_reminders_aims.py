"""The linear programs: their optimum, by trying every plan, and the order of the aims."""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest

from staffing.reminders.columns import Columns
from staffing.reminders.curve import LOAD_ITSELF, StaffCurve, fit_curve
from staffing.reminders.load import Load
from staffing.reminders.problem import PEAK_ROOM, MailingProblem
from staffing.reminders.rounding import whole_letters
from staffing.reminders.solving import solve
from tests.staffing.reminder_cases import policy

HINGED = StaffCurve(2.0, 0.25, np.array([3.0, 6.0]), np.array([0.5, 0.75]))


def tiny(
    moved: list[list[list[float]]],
    available: list[int],
    *,
    staff: StaffCurve = LOAD_ITSELF,
    **changes: object,
) -> MailingProblem:
    """Responses x weeks x columns; column j mails lot j % lots in week j // lots."""
    random = np.random.default_rng(4)
    hours = np.array([4.0, 10.0, 5.0])
    lots, count = len(available), len(moved[0][0])
    return MailingProblem(
        columns=Columns(
            np.arange(count) % lots, np.arange(count) // lots, np.array(moved)
        ),
        available=np.array(available),
        load=Load(
            hours=hours,
            capacity=np.array([6.0, 6.0, 6.0]),
            futures=hours + random.normal(0, 1, (7, 3)),
            staff=staff,
        ),
        policy=policy(
            **{"give": 0.0, "top": (0.9, 1.1), "letters_per_hour": 1e3} | changes
        ),
    )


def aims(problem: MailingProblem, letters: np.ndarray) -> list[float]:
    """The aims from their definition, future by future and response by response."""
    found = []
    load = problem.load
    for moved in problem.columns.moved:
        for future in load.futures:
            hours = future + moved @ letters
            over = np.maximum(0.0, hours - load.capacity).sum()
            shares = np.array(problem.policy.top)
            near = np.maximum(0.0, hours - shares[:, None] * load.hours.max())
            top = near.sum() / (shares <= 1).sum()
            found.append([over, top, load.staff.hours(hours).sum()])
    means: list[float] = np.mean(found, axis=0).tolist()
    return means


def whole_plans(problem: MailingProblem) -> Iterator[np.ndarray]:
    """Every number of whole letters in every column that the limits allow."""
    highest = int(problem.available.max())
    load, limits = problem.load, problem.policy
    ceiling = np.maximum(load.hours, (1 - PEAK_ROOM) * load.hours.max())
    for numbers in product(range(highest + 1), repeat=problem.columns.lot.size):
        letters = np.array(numbers, dtype=float)
        per_lot = np.bincount(problem.columns.lot, weights=letters)
        per_week = np.bincount(problem.columns.week, weights=letters)
        after = load.hours + problem.moved(letters)
        if (
            (per_lot <= problem.available).all()
            and (per_week <= limits.weekly_quota).all()
            and letters.sum() <= limits.budget
            and (after <= ceiling + 1e-9).all()
            and (after >= -1e-9).all()
        ):
            yield letters


MOVES = {
    "one lot": ([[[1.0], [-1.0], [0.0]]], [6]),
    "two lots": ([[[0.5, 1.0], [-0.5, -1.0], [0.0, 0.0]]], [4, 3]),
    "two weeks": ([[[0.25, 0.5], [-0.5, -0.75], [0.25, 0.25]]], [5]),
    "two responses": (
        [[[0.5, 0.0], [-0.5, -1.0], [0.0, 1.0]], [[1.0, 0.0], [-1.0, -0.5], [0, 0.5]]],
        [4, 4],
    ),
}
LIMITS: dict[str, dict[str, object]] = {
    "free": {},
    "quota": {"weekly_quota": 2},
    "budget": {"budget": 3},
}


@pytest.mark.parametrize("staff", [LOAD_ITSELF, HINGED], ids=["load", "hinged"])
@pytest.mark.parametrize("limits", LIMITS.values(), ids=LIMITS)
@pytest.mark.parametrize(("moved", "available"), MOVES.values(), ids=MOVES)
def test_no_plan_of_whole_letters_comes_before_the_one_found(
    moved: list[list[list[float]]],
    available: list[int],
    limits: dict[str, object],
    staff: StaffCurve,
) -> None:
    problem = tiny(moved, available, staff=staff, **limits)
    found = solve(problem)
    (cost, *rest), top = found.optima, aims(problem, np.zeros(len(moved[0][0])))[1]
    values = [(*aims(problem, x), x.sum()) for x in whole_plans(problem)]
    values = [value for value in values if value[1] <= top]
    price = 1 / problem.policy.letters_per_hour
    assert all(sum(v[:3]) + v[3] * price >= cost.value - 1e-6 for v in values)
    values = [value for value in values if value[3] <= found.most]
    for number, optimum in enumerate(rest):
        assert all(value[number] >= optimum.value - 1e-6 for value in values)
        values = [v for v in values if v[number] <= optimum.value + 1e-9]
    best = [optimum.value for optimum in rest]
    reached = [*aims(problem, found.letters), found.letters.sum()]
    assert reached == pytest.approx(best, abs=1e-4)
    assert max(optimum.gap for optimum in found.optima) <= 1e-6


@pytest.mark.parametrize(("moved", "available"), MOVES.values(), ids=MOVES)
def test_the_aims_of_a_problem_are_those_of_their_definition(
    moved: list[list[list[float]]], available: list[int]
) -> None:
    problem = tiny(moved, available, staff=HINGED)
    for letters in whole_plans(problem):
        assert problem.aims(letters) == pytest.approx(aims(problem, letters))


def test_whole_letters_that_are_optimal_stay_as_they_are() -> None:
    problem = tiny(*MOVES["two lots"], weekly_quota=3)
    found = solve(problem).letters
    whole = whole_letters(problem, found)
    assert whole.sum() == np.floor(found.sum() + 1e-6)
    assert (np.bincount(problem.columns.lot, weights=whole) <= [4, 3]).all()
    assert problem.loss(found, whole.astype(float)) < 1.0


def test_staff_hours_are_never_bought_with_hours_above_capacity() -> None:
    """The second week is above capacity; staff would be cheaper left there."""
    dear = StaffCurve(0.0, 0.0, np.array([3.0]), np.array([100.0]))
    moved = [[[1.0], [-1.0], [0.0]]]
    with_staff = solve(tiny(moved, [2], staff=dear)).optima[1].value
    without = solve(tiny(moved, [2])).optima[1].value
    assert with_staff == pytest.approx(without)


def test_a_letter_that_takes_off_less_than_it_is_worth_is_not_sent() -> None:
    """The first takes at most two hours off: one above capacity, and one at the top."""
    worth = solve(tiny(*MOVES["one lot"], letters_per_hour=1.0)).letters
    unworthy = solve(tiny(*MOVES["one lot"], letters_per_hour=0.5)).letters
    assert worth.sum() > 0
    assert unworthy.sum() == pytest.approx(0, abs=1e-6)


def test_a_week_above_capacity_is_no_reason_for_a_higher_top() -> None:
    """The first week is far above its capacity, and only the busiest has room."""
    problem = tiny([[[-1.0], [1.0], [0.0]]], [3])
    load = Load(
        np.array([4.0, 10.0, 5.0]),
        np.array([1.0, 20.0, 20.0]),
        np.array([[4.0, 10.0, 5.0], [4.0, 9.0, 5.0]]),
        LOAD_ITSELF,
    )
    raised = MailingProblem(problem.columns, problem.available, load, problem.policy)
    found = solve(raised)
    assert raised.aims(found.letters)[1] <= raised.aims(np.zeros(1))[1] + 1e-4


def test_giving_up_a_part_of_the_gain_saves_letters_and_costs_no_more() -> None:
    strict, given = tiny(*MOVES["two lots"]), tiny(*MOVES["two lots"], give=0.2)
    best, cheaper = solve(strict), solve(given)
    before = aims(strict, np.zeros(2))[0]
    most = best.optima[1].value + 0.2 * (before - best.optima[1].value)
    assert cheaper.letters.sum() < best.letters.sum()
    assert aims(given, cheaper.letters)[0] <= most + 1e-4


def test_neighbouring_futures_together_reckon_as_all_of_them_do() -> None:
    """Two hundred futures in twelve groups: each aim is hardly lower."""
    random = np.random.default_rng(0)
    problem = tiny(*MOVES["one lot"])
    futures = problem.load.hours + random.normal(0, 1, (200, 3))
    load = Load(problem.load.hours, problem.load.capacity, futures, HINGED)
    many = MailingProblem(problem.columns, problem.available, load, problem.policy)
    for number in range(6):
        letters = np.array([float(number)])
        exact, grouped = aims(many, letters), many.aims(letters)
        assert grouped == pytest.approx(exact, rel=0.01, abs=0.05)
        assert (grouped <= np.array(exact) + 1e-9).all()


def test_a_planted_staff_curve_is_found_from_its_weeks() -> None:
    random = np.random.default_rng(1)
    load = random.uniform(50, 150, 60)
    knots = np.quantile(load, [0.25, 0.5, 0.75])
    planted = StaffCurve(20.0, 0.5, knots, np.array([0.25, 0.0, 0.5]))
    found = fit_curve(load, planted.hours(load))
    asked = np.linspace(50, 150, 11)
    assert found.hours(asked) == pytest.approx(planted.hours(asked), rel=1e-6)


def test_a_staff_curve_rises_and_is_never_less_steep_further_on() -> None:
    random = np.random.default_rng(2)
    load = random.uniform(50, 150, 60)
    found = fit_curve(load, 30 * np.sqrt(load) + random.normal(0, 3, 60))
    slopes = np.diff(found.hours(np.linspace(40, 160, 200)))
    assert slopes.min() >= 0
    assert np.diff(slopes).min() >= -1e-9


def test_without_a_requirement_an_hour_of_contacts_asks_for_an_hour_of_staff() -> None:
    load = np.linspace(50, 150, 20)
    unknown = np.full(20, np.nan)
    assert fit_curve(load, unknown).hours(load) == pytest.approx(load)
