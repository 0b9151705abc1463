"""The coefficients of counts, and the prior that the counts are most likely under."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import nbinom, norm

from forecasting.models.fitting import Law, Observed


def walk(step: float, seed: int) -> Observed:
    """Counts about a level that moves by `step` at every tenth of 400 periods."""
    rng = np.random.default_rng(seed)
    ramps = np.clip((np.arange(400)[:, None] - 10 * np.arange(40)) / 10, 0, 1)
    moved = ramps @ rng.normal(0, step, 40)
    counts = rng.poisson(50 * np.exp(moved) * rng.gamma(50, 1 / 50, 400)).astype(float)
    columns = np.hstack([np.ones((400, 1)), ramps])
    return Observed(columns, counts, np.ones(400), np.zeros(400))


def chosen(observed: Observed) -> float:
    """The scale of the walk that is taken, of a tenth, three tenths and one."""
    precision = np.array([0.0, *np.full(40, 0.1**-2)])
    groups = ["level", *["walk"] * 40]
    scales = [{"walk": scale} for scale in (0.1, 0.3, 1.0)]
    prior = observed.likeliest(precision, groups, scales)
    return float((precision[1] / prior[1]) ** 0.5)


def test_the_ridge_finds_what_a_general_minimiser_of_statsmodels_finds():
    from statsmodels.genmod.families import (  # type: ignore[import-untyped]  # ships no types
        NegativeBinomial,
    )
    from statsmodels.genmod.generalized_linear_model import (  # type: ignore[import-untyped]  # ships no types
        GLM as STATSMODELS,
    )

    rng = np.random.default_rng(7)
    columns = np.column_stack([np.ones(200), rng.normal(size=(200, 4))])
    counts = rng.poisson(np.exp(columns @ [2.0, 0.3, -0.2, 0.0, 0.1])).astype(float)
    weights, penalty = rng.uniform(0.2, 1, 200), np.array([0.0, 5, 5, 5, 5])
    offset, zero = rng.normal(0, 0.1, 200), np.zeros(5)
    observed = Observed(columns, counts, np.ones(200), offset)
    own = observed._ridge(penalty, Law(0.2, weights, np.zeros(200)), zero)
    family = NegativeBinomial(alpha=0.2)
    model = STATSMODELS(
        counts, columns, family=family, offset=offset, var_weights=weights
    )
    other = model.fit_regularized(L1_wt=0, alpha=penalty / 200, start_params=zero)
    assert own == pytest.approx(np.asarray(other.params), abs=1e-3)


def test_laplace_finds_the_evidence_that_integration_finds():
    rng = np.random.default_rng(3)
    columns, counts = rng.normal(size=(60, 1)), rng.poisson(20, 60).astype(float)
    offset, law = np.full(60, np.log(20.0)), Law(0.05, np.ones(60), np.zeros(60))
    observed, size = Observed(columns, counts, np.ones(60), offset), 1 / 0.05

    def by_integration(sd: float) -> float:
        def density(value: float) -> float:
            mean = np.exp(columns[:, 0] * value + offset)
            likely = nbinom.logpmf(counts, size, size / (size + mean)).sum()
            return float(np.exp(likely + 220) * norm.pdf(value, 0, sd))

        return float(np.log(quad(density, -1, 1, points=[0.0], limit=200)[0]))

    narrow, wide = (
        observed._log_evidence(np.array([sd**-2.0]), law, np.zeros(1))
        for sd in (0.05, 0.5)
    )
    wanted = by_integration(0.05) - by_integration(0.5)
    assert narrow - wide == pytest.approx(wanted, abs=0.02)


def test_a_steady_level_is_held_still_and_a_wandering_one_is_let_go():
    steady = [chosen(walk(0.0, seed)) for seed in range(5)]
    wandering = [chosen(walk(0.2, seed)) for seed in range(5)]
    assert np.median(steady) == pytest.approx(0.1)
    assert wandering == pytest.approx([1.0] * 5)


def test_with_one_prior_there_is_nothing_to_choose():
    observed, precision = walk(0.1, 0), np.array([0.0, *np.full(40, 4.0)])
    groups = ["level", *["walk"] * 40]
    assert (observed.likeliest(precision, groups, [{}]) == precision).all()
