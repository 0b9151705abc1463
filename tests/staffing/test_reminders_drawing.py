"""Draws of a response: within what is stated, and even over it."""

import numpy as np

from staffing.reminders.drawing import draws
from tests.staffing.reminder_cases import response


def letters_of(number: int, seed: int = 0) -> np.ndarray:
    """Draws x (share that acts, half-life) of letters."""
    channels = [one.channel["letter"] for one in draws(response(), number, seed)]
    return np.array([[c.acts.value, c.half_life_weeks.value] for c in channels])


def test_draws_stay_within_the_stated_ranges() -> None:
    stated = response()
    for one in draws(stated, 50, 0):
        for name, channel in one.channel.items():
            known = stated.channel[name]
            assert known.acts.low <= channel.acts.value <= known.acts.high
            half_life = channel.half_life_weeks
            assert half_life.low <= half_life.value <= half_life.high
        for timing in one.timing:
            assert timing.renews.low <= timing.renews.value <= timing.renews.high


def test_the_mean_and_spread_are_those_of_a_triangle() -> None:
    """On .10-.60 with its mode at .35: mean .35, variance (b - a)^2 / 24."""
    acts = letters_of(500)[:, 0]
    assert abs(acts.mean() - 0.35) < 0.001
    assert abs(acts.std() - 0.5 / np.sqrt(24)) < 0.002


def test_few_draws_cover_the_whole_range() -> None:
    """One draw in each eighth of the chances (a Latin hypercube)."""
    acts = np.sort(letters_of(8)[:, 0])
    half = 2 * ((acts - 0.10) / 0.50) ** 2  # the law of a triangle, below its mode
    chance = np.where(acts < 0.35, half, 1 - 2 * ((0.60 - acts) / 0.50) ** 2)
    assert np.floor(8 * chance).tolist() == list(range(8))


def test_channels_that_are_heeded_more_are_so_together() -> None:
    drawn = draws(response(), 20, 0)
    letter = np.argsort([one.channel["letter"].acts.value for one in drawn])
    box = np.argsort([one.channel["message_box"].acts.value for one in drawn])
    assert letter.tolist() == box.tolist()


def test_what_is_measured_exactly_is_not_drawn() -> None:
    sure = response(acts=0.3, sure=True)
    acts = {one.channel["letter"].acts.value for one in draws(sure, 9, 0)}
    assert acts == {0.3}


def test_the_same_seed_draws_the_same() -> None:
    assert draws(response(), 5, 3) == draws(response(), 5, 3)
    assert draws(response(), 5, 3) != draws(response(), 5, 4)
