"""Labels over one person's days, against every schedule enumerated."""

import numpy as np
import pytest

from staffing.roster.lawful.framing import compile_person
from staffing.roster.lawful.scheduling import best_schedule
from tests.staffing.lawful_cases import drawn, every_schedule, lawful


def _worth_of(schedule, worth, off):
    return sum(
        worth[option] if option >= 0 else off[day]
        for day, option in enumerate(schedule)
    )


@pytest.mark.parametrize("short_rest", [False, True])
@pytest.mark.parametrize("seed", range(60))
def test_the_best_schedule_is_the_best_of_all_lawful_ones(seed, short_rest):
    instance = drawn(seed)
    compiled = compile_person(instance, instance.people[0], short_rest=short_rest)
    draw = np.random.default_rng(seed)
    worth = draw.normal(0, 1, len(compiled.options))
    off = draw.normal(0, 0.5, instance.length)
    values = [
        _worth_of(schedule, worth, off)
        for schedule in every_schedule(compiled)
        if lawful(instance, compiled, schedule, short_rest=short_rest)
    ]
    value, schedule = best_schedule(compiled, worth, off)
    if not values:
        assert value == -np.inf
        return
    assert value == pytest.approx(max(values))
    assert _worth_of(schedule, worth, off) == pytest.approx(value)
    assert lawful(instance, compiled, tuple(schedule), short_rest=short_rest)
