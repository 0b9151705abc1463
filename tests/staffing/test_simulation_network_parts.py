"""What each part of a network must do: pauses, plans, calls again and back, closing."""

from collections.abc import Callable

import numpy as np
import pytest

from forecasting.errors import InputError
from staffing.queueing.compiling import compiled
from staffing.simulation import (
    Again,
    CallBack,
    Distribution,
    Group,
    NetworkResult,
    NotReady,
    Planned,
    Queue,
    simulate_network,
)
from staffing.simulation.heaps import MOMENT, empty_agenda, pop_event, push_event
from tests.staffing.simulation_cases import run

CONSTANT = Distribution(300, 0)


def test_work_after_a_contact_is_as_a_longer_contact() -> None:
    counts = [20.0] * 8
    after = Queue(
        "calls", counts, Distribution(200, 0), 25, 60, wrap_up=Distribution(100, 0)
    )
    longer = Queue("calls", counts, CONSTANT, 25, 60)
    one, other = (run([queue], [6] * 8).queues["calls"] for queue in (after, longer))
    for name in ("within", "abandoned", "waited_s", "busy_s"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name))


def test_an_agent_who_pauses_takes_the_next_contact_later() -> None:
    queue = Queue("calls", [60] * 96, 180, 25)
    found = run([queue], [1] * 96, not_ready=NotReady(0.25, 240), replications=200)
    per_run = found.queues["calls"].busy_s.sum(axis=1) / (96 * 900)
    error = per_run.std(ddof=1) / np.sqrt(per_run.size)
    assert abs(per_run.mean() - 180 / (180 + 0.25 * 240)) <= 3 * error
    assert found.occupancy["all"] == pytest.approx(per_run.mean())


def test_a_punctual_visitor_comes_when_planned() -> None:
    def wait(planned: Planned) -> float:
        queue = Queue("visits", [0] * 4, CONSTANT, 900, planned=planned)
        found = run([queue], [0, 0, 1, 1], replications=3).queues["visits"]
        assert found.offered.sum() == 3
        return float(found.waited_s.sum() / 3)

    assert wait(Planned([1000.0])) == pytest.approx(800)
    assert wait(Planned([1000.0], late_s=100)) == pytest.approx(700)
    assert wait(Planned([1000.0], late_s=-9000)) == pytest.approx(1800)


def test_early_and_late_visitors_spread_about_their_plan() -> None:
    times = np.full(1000, 1800.0)
    planned = Planned(times, sd_s=300, late_s=-120)
    queue = Queue("visits", [0] * 4, 1, 1e9, planned=planned)
    found = run([queue], [0, 0, 0, 3000], replications=20).queues["visits"]
    moment = 2700 - found.waited_s.sum(axis=1) / found.offered.sum(axis=1)
    error = 300 / np.sqrt(1000)
    assert abs(moment.mean() - 1680) <= 3 * error / np.sqrt(20)
    assert moment.std(ddof=1) == pytest.approx(error, rel=0.5)


def test_who_does_not_show_up_is_not_offered() -> None:
    planned = Planned(np.linspace(0, 3500, 200), no_show=0.3)
    queue = Queue("visits", [0] * 4, 60, 900, planned=planned)
    offered = (
        run([queue], [9] * 4, replications=400).queues["visits"].offered.sum(axis=1)
    )
    assert abs(offered.mean() - 140) <= 3 * np.sqrt(200 * 0.3 * 0.7 / 400)
    assert offered.std(ddof=1) == pytest.approx(np.sqrt(42), rel=0.15)


def test_each_visit_may_have_a_no_show_of_its_own() -> None:
    """Given out of order: the two sure visitors come, at 100 s and at 2000 s."""
    planned = Planned([2000.0, 1000.0, 100.0], no_show=[0, 1, 0])
    queue = Queue("visits", [0] * 4, 60, 900, planned=planned)
    found = run([queue], [9] * 4, replications=9).queues["visits"]
    np.testing.assert_array_equal(found.offered, np.tile([1, 0, 1, 0], (9, 1)))


@compiled
def _put(agenda: np.ndarray, moment: float, event: int) -> None:
    push_event(agenda, moment, event)


@compiled
def _next(agenda: np.ndarray) -> int:
    return pop_event(agenda)


def test_an_agenda_gives_its_events_in_order_of_time() -> None:
    moments = np.random.default_rng(4).permutation(500).astype(float)
    agenda = empty_agenda(500)
    for event, moment in enumerate(moments[:300]):
        _put(agenda, moment, event)
    early = [_next(agenda) for _ in range(100)]
    for event, moment in enumerate(moments[300:], start=300):
        _put(agenda, moment, event)
    late = [_next(agenda) for _ in range(400)]
    assert agenda[1, MOMENT] == np.inf
    assert early == np.argsort(moments[:300])[:100].tolist()
    assert sorted(early + late) == list(range(500))
    assert (np.diff(moments[late]) > 0).all()


def test_who_calls_again_is_offered_again() -> None:
    """With nobody there each of them comes 1 / (1 - share) times in the mean."""
    queue = Queue("calls", [50] + [0] * 95, 200, 25, 60, again=Again("calls", 0.6, 120))
    offered = (
        run([queue], [0] * 96, replications=300, exact=True).queues["calls"].offered
    )
    totals = offered.sum(axis=1)
    spread = np.sqrt(50 * 0.6 / 0.4**2 / 300)
    assert abs(totals.mean() - 50 / 0.4) <= 3 * spread
    served = run([queue], [30] * 96, replications=20, exact=True).queues["calls"]
    np.testing.assert_array_equal(served.offered[:, 0], np.full(20, 50.0))


def test_who_gives_up_is_found_the_same_by_a_look_and_by_an_event() -> None:
    """Who would call again after all is over stands in the agenda, who would not does not."""

    def lived(again: Again | None) -> NetworkResult:
        queues = [
            Queue(name, [30] * 8, Distribution(240, 1.2), 25, 90, again=again)
            for name in ("calls", "chat")
        ]
        groups = [
            Group("calls", [4.5] * 8, {"calls": 0}),
            Group("both", [0, 2, 6, 6, 0, 6, 3, 0], {"chat": 0, "calls": 1}),
        ]
        return simulate_network(queues, groups, slot_s=900, replications=30, seed=2)

    looked, told = lived(None), lived(Again("calls", 0.9, 1e12))
    for name in ("calls", "chat"):
        for measure in ("offered", "within", "abandoned", "abandoned_within"):
            one, other = looked.queues[name], told.queues[name]
            np.testing.assert_array_equal(
                getattr(one, measure), getattr(other, measure)
            )
        np.testing.assert_allclose(one.waited_s, other.waited_s)
        assert one.abandoned.sum() > 0


def test_who_must_wait_may_be_called_back_when_it_is_quiet() -> None:
    calls = Queue(
        "calls", [20, 0, 0, 0], Distribution(60, 0), 25, 500,
        call_back=CallBack("later", 1.0, after_s=30),
    )  # fmt: skip
    later = Queue("later", [0] * 4, Distribution(120, 0), 3600)
    found = run([calls, later], [0, 0, 5, 5], exact=True, replications=30)
    gone, again = found.queues["calls"], found.queues["later"]
    told = found.called_back["calls"]
    np.testing.assert_array_equal(gone.offered, gone.abandoned + told)
    assert 30 * told.sum() < gone.waited_s.sum() < 30 * gone.offered.sum()
    np.testing.assert_array_equal(again.offered.sum(axis=1), told.sum(axis=1))
    np.testing.assert_array_equal(again.answered, again.offered)
    assert again.busy_s.sum() == pytest.approx(120 * told.sum())
    stayed = np.exp(-30 / 500)
    assert told.sum() / 600 == pytest.approx(stayed, abs=3 * np.sqrt(0.06 / 600))


def test_a_queue_that_does_not_finish_leaves_the_rest_at_closing() -> None:
    late = [
        run([Queue("mail", [20], CONSTANT, 900, finishes=finishes)], [1], exact=True)
        for finishes in (True, False)
    ]
    np.testing.assert_array_equal(
        late[0].queues["mail"].answered, np.full((40, 1), 20.0)
    )
    assert (late[1].queues["mail"].answered <= 3).all()


def test_after_closing_only_who_was_there_is_served() -> None:
    """Who was there starts or leaves within 400 s; who calls at night waits till five."""
    patience = Distribution(400, 0)
    queue = Queue(
        "calls",
        [10, 0, 0, 0, 0],
        CONSTANT,
        25,
        patience,
        again=Again("calls", 0.9, 1e3),
    )
    found = run([queue], [1, 0, 0, 0, 1], exact=True, replications=200).queues["calls"]
    assert found.busy_s[:, 1].sum() > 0
    assert found.offered[:, 2:4].sum() > 0
    assert found.busy_s[:, 2:4].sum() == 0
    assert found.busy_s[:, 4].sum() > 0


GOOD = Queue("calls", [1, 2, 3], 100, 25)


@pytest.mark.parametrize(
    ("queue", "agents", "problem"),
    [
        (
            Queue("calls", [1, 2, 3], -5, 25),
            [1],
            "queue 'calls': .* mean duration .* -5",
        ),
        (Queue("calls", [1, 2, 3], np.nan, 25), [1], "queue 'calls': .* mean duration"),
        (Queue("calls", [1, 2, 3], None, 25), [1], "queue 'calls': .* handling time"),  # type: ignore[arg-type]  # wrong on purpose
        (Queue("calls", [1, -2, 3], 100, 25), [1], "queue 'calls' .* -2 in slot 1"),
        (Queue("calls", [1, 2, 3], 100, [25, 25]), [1], "threshold_s of queue 'calls'"),
        (
            Queue("calls", [1, 2, 3], 100, 25, handling_factor=[1, np.nan, 1]),
            [1],
            "handling_factor of queue 'calls' .* slot 1",
        ),
        (
            Queue("calls", [1, 2, 3], 100, 25, planned=Planned([99.0, 3000.0])),
            [1],
            "planned times of queue 'calls' up to 2700 s, came 3000 for visit 1",
        ),
        (
            Queue("calls", [1, 2, 3], 100, 25, again=Again("chat", 0.5, 9)),
            [1],
            "one of the queues calls, came 'chat'",
        ),
        (
            Queue("calls", [1, 2, 3], 100, 25, call_back=CallBack("calls", 0.5)),
            [1],
            "call back from another",
        ),
        (GOOD, [1, 2], "agents of group 'all' for 3 slots"),
        (GOOD, [1, np.nan, 2], "agents of group 'all' .* slot 1"),
        (GOOD, np.ones((5, 3)), "agents of group 'all' .* 40 replications x 3 slots"),
    ],
)
def test_bad_input_is_one_clear_line(
    queue: Queue, agents: list[float], problem: str
) -> None:
    with pytest.raises(InputError, match=problem):
        run([queue], agents if len(agents) > 1 else agents * 3)


def test_a_queue_must_be_known_and_served() -> None:
    with pytest.raises(InputError, match="serves queue 'calls'"):
        simulate_network([GOOD], [], slot_s=900, replications=2, seed=1)
    stranger = Group("g", [1] * 3, {"calls": 0, "chat": 1})
    with pytest.raises(InputError, match="came 'chat'"):
        simulate_network([GOOD], [stranger], slot_s=900, replications=2, seed=1)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Planned([], no_show=1.2),
        lambda: Planned([1.0, 2.0], no_show=[0.1, 0.1, 0.1]),
        lambda: Planned([], sd_s=-1),
        lambda: Planned([], late_s=np.inf),
        lambda: Again("calls", 1.0, 60),
        lambda: CallBack("later", 0.5, -1),
        lambda: NotReady(2, 60),
    ],
)
def test_parts_check_their_own_ranges(wrong: Callable[[], object]) -> None:
    with pytest.raises(InputError, match="expected"):
        wrong()
