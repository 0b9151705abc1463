"""The blend leans on what series have in common as far as they are alike, and no more."""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting.models.alike import traits_of
from forecasting.models.blend import combine, weigh
from forecasting.models.shrinkage import shrunken
from forecasting.tuning import load_tuning

TUNING = load_tuning()
EDGES = TUNING.intervals.group_days
WAYS = ("follow", "stay", "middle")
PLACES = 6
FIRST = date(2025, 1, 6)
Spread = Callable[[str, str], float]
"""How far a method misses a series (a standard deviation), by series and method."""


def answers(
    names: list[str], spread: Spread, origins: int, seed: int, level: float = 100.0
) -> pl.DataFrame:
    """Ten days from each origin, missed at random."""
    rng = np.random.default_rng(seed)
    rows = [
        {
            "series": name,
            "origin": FIRST + timedelta(days=28 * origin),
            "start": FIRST + timedelta(days=28 * origin + ahead),
            "ahead": ahead,
            "actual": level,
            "method": way,
            "mean": level + rng.normal(0, spread(name, way)),
        }
        for name in names
        for way in WAYS
        for origin in range(origins)
        for ahead in range(1, 11)
    ]
    return pl.DataFrame(rows, schema_overrides={"ahead": pl.Int32})


def differ(name: str, way: str) -> float:
    """Services differ in which method is best."""
    best = "follow" if "passport" in name else "stay"
    return {best: 4.0, "middle": 8.0}.get(way, 12.0)


def alike(name: str, way: str) -> float:
    return differ("a/passport", way)


def named(kind: str = "{place}/{service}/application/walk_in") -> list[str]:
    services = ("passport", "move")
    return sorted(
        kind.format(place=f"place_{number}", service=service)
        for number in range(PLACES)
        for service in services
    )


def weights(past: pl.DataFrame, names: list[str] | None = None) -> pl.DataFrame:
    every = pl.Series("series", names) if names else past["series"].unique().sort()
    return weigh(past, every, EDGES, TUNING.blend)


def missed(spread: Spread, *, bare: bool) -> float:
    """The mean error of blends weighed by one origin, over many towns.

    `bare`: the same series under names that tell nothing.
    """
    total = []
    for seed in range(12):
        past, coming = (
            answers(named(), spread, 1, number) for number in (seed, seed + 1000)
        )
        if bare:
            plain = {name: f"s{n:02d}" for n, name in enumerate(named())}
            past, coming = (
                rows.with_columns(pl.col("series").replace(plain))
                for rows in (past, coming)
            )
        mixed = combine(coming, weights(past), EDGES, TUNING.blend)
        total.append(float((mixed["mean"] - mixed["actual"]).abs().to_numpy().mean()))
    return float(np.mean(total))


def test_where_groups_differ_in_their_best_method_the_blend_gains_by_them():
    assert missed(differ, bare=False) < 0.96 * missed(differ, bare=True)


def test_where_groups_do_not_differ_nothing_is_lost():
    assert missed(alike, bare=False) < 1.01 * missed(alike, bare=True)


def test_a_series_without_a_backtest_gets_the_weights_of_its_group():
    new = ["new/move/application/walk_in", "new/passport/application/walk_in"]
    past = answers(named(), differ, 3, 0)
    of = {
        (row["series"], row["method"]): row["weight"]
        for row in weights(past, named() + new).filter(band=0).iter_rows(named=True)
    }
    assert of[new[0], "stay"] > 2 * of[new[0], "follow"]
    assert of[new[1], "follow"] > 2 * of[new[1], "stay"]


def test_series_of_bare_names_lean_on_those_of_like_size():
    small, large = ([f"{kind}{n}" for n in range(6)] for kind in ("few", "many"))

    def by_size(name: str, way: str) -> float:
        scale = 1.0 if name in large else 0.01
        return scale * differ("passport" if name in large else "move", way)

    past = pl.concat(
        [
            answers(large, by_size, 3, 0),
            answers([*small, "few_new"], by_size, 3, 1, 1.0),
        ]
    )
    told = past.filter((pl.col("series") != "few_new") | (pl.col("method") == "middle"))
    found = weights(told).filter(pl.col("series") == "few_new", pl.col("band") == 0)
    of = dict(found.select("method", "weight").iter_rows())
    assert of["stay"] > 1.5 * of["follow"]


def test_one_series_is_weighed_by_its_own_losses_alone():
    past = answers(["a"], differ, 5, 0)
    errors = {
        way: np.abs(
            past.filter(method=way).sort("origin", "start")["mean"].to_numpy() - 100
        ).reshape(5, 10)
        for way in WAYS
    }
    sums = np.array([errors[way].sum(axis=1) for way in WAYS])
    loss = sums.sum(axis=1) / sums.sum(axis=1).mean()
    blend = TUNING.blend
    sharp = np.exp(
        -blend.sharpness * 5 / (5 + blend.sharp_origins) * (loss - loss.min())
    )
    expected = (1 - blend.prior_share) * sharp / sharp.sum() + blend.prior_share / 3
    found = dict(weights(past).filter(band=0).select("method", "weight").iter_rows())
    assert [found[way] for way in WAYS] == pytest.approx(expected)


def test_a_method_that_suits_later_origins_only_does_not_seem_better_for_it():
    past = answers(["a"], lambda *_: 5.0, 6, 2)
    twin = past.filter(method="middle").with_columns(pl.lit("late").alias("method"))
    late = twin.filter(pl.col("origin") > pl.col("origin").min() + timedelta(days=60))
    of = dict(
        weights(pl.concat([past, late]))
        .filter(band=0)
        .select("method", "weight")
        .rows()
    )
    assert of["late"] == pytest.approx(of["middle"], rel=0.15)


def test_the_weights_of_a_series_are_the_same_whichever_are_asked_for():
    past, one = answers(named(), differ, 3, 5), named()[0]
    alone = weights(past, [one])
    assert alone.equals(weights(past).filter(pl.col("series") == one))


def test_the_order_of_rows_changes_no_weight():
    past = answers(named(), differ, 3, 4)
    assert weights(past.sample(fraction=1.0, shuffle=True, seed=1)).equals(
        weights(past)
    )


def drawn(
    own_sd: float, group_sd: float, seed: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Losses of one method at four origins, and the true ones (`series, truth`)."""
    rng = np.random.default_rng(seed)
    names = [f"{place}/{service}/a/b" for service in range(8) for place in range(10)]
    group = np.repeat(rng.normal(0, group_sd, 8), 10)
    truth = 1 + group + rng.normal(0, own_sd, 80)
    looks = truth[:, None] + rng.normal(0, 0.2, (80, 4))
    rows = [
        {"series": name, "method": "m", "origin": origin, "loss": loss, "weight": 1.0}
        for name, mine in zip(names, looks, strict=True)
        for origin, loss in enumerate(mine)
    ]
    return pl.DataFrame(rows), pl.DataFrame({"series": names, "truth": truth})


@pytest.mark.parametrize(("own_sd", "group_sd"), [(0.0, 0.2), (0.2, 0.0), (0.1, 0.1)])
def test_shrunken_losses_are_nearly_as_near_to_the_truth_as_can_be(
    own_sd: float, group_sd: float
):
    """The best possible: Bayes' rule with the variances known (normal, two levels)."""
    ours, best = [], []
    for seed in range(10):
        looks, truth = drawn(own_sd, group_sd, seed)
        traits = traits_of(
            pl.DataFrame(
                schema={"series": pl.String, "start": pl.Date, "actual": float}
            ),
            truth["series"],
        )
        said = shrunken(looks, traits, TUNING.blend).join(truth, on="series")
        ours.append(float(((said["shrunk"] - said["truth"]) ** 2).to_numpy().mean()))
        mean = looks.group_by("series", maintain_order=True).agg(pl.col("loss").mean())
        own = mean["loss"].to_numpy().reshape(8, 10)
        noise = 0.2**2 / 4
        of_group = group_sd**2 / (group_sd**2 + (own_sd**2 + noise) / 10)
        centre = 1 + of_group * (own.mean(axis=1, keepdims=True) - 1)
        known = centre + own_sd**2 / (own_sd**2 + noise) * (own - centre)
        best.append(float(((known.ravel() - truth["truth"].to_numpy()) ** 2).mean()))
    assert np.mean(ours) < 1.35 * np.mean(best)
