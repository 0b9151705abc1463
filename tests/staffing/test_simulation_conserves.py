"""Whatever the network: nobody is lost, and work is done by someone."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.simulation import (
    Again,
    CallBack,
    Distribution,
    Group,
    NotReady,
    Planned,
    Queue,
    simulate_network,
)

SLOTS = 6
counts = st.lists(st.floats(0, 30), min_size=SLOTS, max_size=SLOTS)
people = st.lists(st.floats(0, 6), min_size=SLOTS, max_size=SLOTS)
shares = st.floats(0, 0.9)


@st.composite
def queue(draw: st.DrawFn, name: str) -> Queue:
    """A queue with any of its parts; calls back from `a` to `c` and from `b` to `c`."""
    again = Again(draw(st.sampled_from("abc")), draw(shares), draw(st.floats(0, 2000)))
    call = CallBack("c", draw(shares), draw(st.floats(0, 200)))
    visits = draw(st.lists(st.floats(0, SLOTS * 900), max_size=12))
    return Queue(
        name,
        draw(counts),
        Distribution(draw(st.floats(20, 900)), draw(st.sampled_from([0.0, 0.5, 1.4]))),
        draw(st.floats(0, 300)),
        draw(st.none() | st.floats(10, 900)),
        wrap_up=draw(st.none() | st.floats(10, 200)),
        planned=Planned(visits, draw(shares), draw(st.floats(0, 900))),
        finishes=draw(st.booleans()),
        again=draw(st.none() | st.just(again)),
        call_back=draw(st.none() | st.just(call)) if name != "c" else None,
    )


@st.composite
def groups(draw: st.DrawFn) -> list[Group]:
    ranks = st.integers(0, 2)
    every = {name: draw(ranks) for name in "abc"}
    some = draw(st.dictionaries(st.sampled_from("abc"), ranks, min_size=1))
    pauses = NotReady(draw(shares), draw(st.floats(0, 600)))
    return [
        Group("every", draw(people), every),
        Group("some", draw(people), some, draw(st.none() | st.just(pauses))),
    ]


@settings(max_examples=150, deadline=None)
@given(queue("a"), queue("b"), queue("c"), groups(), st.integers(0, 99))
def test_nobody_is_lost_and_all_work_is_someones(
    a: Queue, b: Queue, c: Queue, teams: list[Group], seed: int
) -> None:
    found = simulate_network([a, b, c], teams, slot_s=900, replications=3, seed=seed)
    for part in (a, b, c):
        sim, called = found.queues[part.name], found.called_back[part.name]
        left = sim.offered - sim.answered - sim.abandoned - called
        assert (left >= 0).all()
        assert part.patience is None or left.sum() == 0
        assert (sim.within <= sim.answered).all()
        assert (sim.abandoned_within <= sim.abandoned).all()
        assert (sim.waited_s >= 0).all()
    done = sum(sim.busy_s for sim in found.queues.values())
    np.testing.assert_allclose(done, sum(found.busy_s.values()), atol=1e-6)
    room = sum(np.ceil(np.max(team.agents)) for team in teams) * 900
    assert (done <= room + 1e-6).all()
