"""The draw of documents: anybody can make it again, and it is a fair one."""

import hashlib
import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.reminders.batches.drawing import draw, is_held_out

MANY = pl.DataFrame(
    {"reference": [f"ref-{i:06d}" for i in range(40_000)]}
).with_columns(service=pl.lit("passport"))


def by_hand(seed: int, word: str, service: str, reference: str) -> float:
    """The rule as the manifest words it, in another library."""
    text = f"{seed}:{word}:{service}:{reference}"
    return int(hashlib.sha256(text.encode()).hexdigest()[:13], 16) / 16**13


@given(
    st.integers(0, 2**63 - 1),
    st.sampled_from(["passport", "licence"]),
    st.text("abcXYZ019_+/=.:-", min_size=6, max_size=30),
)
def test_the_draw_is_the_rule_that_the_manifest_words(seed, service, reference):
    frame = pl.DataFrame({"service": [service], "reference": [reference]})
    for word in ("arm", "order"):
        ours = frame.select(draw(seed, word)).item()
        assert ours == by_hand(seed, word, service, reference)
        assert 0 <= ours < 1


def test_the_draws_are_uniform_and_the_arm_tells_nothing_of_the_order():
    arm = MANY.select(draw(7, "arm")).to_series().to_numpy()
    order = MANY.select(draw(7, "order")).to_series().to_numpy()
    middle = (np.arange(arm.size) + 0.5) / arm.size
    for drawn in (arm, order):  # Kolmogorov and Smirnov, at 1 in 1,000
        assert np.abs(np.sort(drawn) - middle).max() < 1.95 / math.sqrt(arm.size)
    assert abs(np.corrcoef(arm, order)[0, 1]) < 4 / math.sqrt(arm.size)


def test_the_share_held_out_is_the_share_asked_for():
    held = MANY.filter(is_held_out(7, 0.1)).height
    assert abs(held - 4000) < 4 * math.sqrt(4000 * 0.9)


def test_a_document_keeps_its_arm_whatever_else_is_asked():
    some = MANY.sample(500, seed=1, shuffle=True)
    alone = dict(
        zip(
            some["reference"], some.select(is_held_out(7, 0.1)).to_series(), strict=True
        )
    )
    every = dict(
        zip(
            MANY["reference"], MANY.select(is_held_out(7, 0.1)).to_series(), strict=True
        )
    )
    assert all(every[reference] == arm for reference, arm in alone.items())


@pytest.mark.parametrize("share", [0.05, 0.2])
def test_a_larger_share_holds_out_all_that_a_smaller_one_does(share):
    held = MANY.filter(is_held_out(7, share))["reference"]
    more = MANY.filter(is_held_out(7, share + 0.05))["reference"]
    assert set(held) < set(more)


def test_another_seed_holds_out_others():
    one, two = (set(MANY.filter(is_held_out(s, 0.1))["reference"]) for s in (1, 2))
    assert len(one & two) == pytest.approx(400, abs=100)
