"""Whoever does the work, the answers are the same: one process, several, a Ray cluster."""

import sys
from collections.abc import Iterator

import numpy as np
import pytest

from forecasting.errors import PolicyError
from forecasting.rolling.fanout import Predictions, predict_all
from forecasting.rolling.origins import rolling_origins
from forecasting.rolling.tasks import Task
from forecasting.series.panel import Series
from forecasting.settings import Settings
from forecasting.tuning import load_tuning

TUNING = load_tuning()


def task(name: str, mean: float) -> Task:
    starts = np.datetime64("2025-01-06") + np.arange(90)
    counts = np.random.default_rng(1).poisson(mean, starts.size).astype(float)
    series = Series(name, starts, counts)
    origins = rolling_origins(series, 28, 1, TUNING.backtest)
    return Task(series, "day", 28, origins, starts[-1] + np.arange(1, 8), {})


def broken() -> Task:
    good = task("broken", 9.0)
    series = Series("broken", good.series.starts, np.full(90, np.nan))
    return Task(series, "day", 28, good.origins, good.future, {})


TASKS = [task("a", 4.0), broken(), task("b", 20.0), task("c", 90.0)]


@pytest.fixture(scope="module")
def alone() -> Predictions:
    return predict_all(TASKS, TUNING, Settings(executor="sequential"))


@pytest.fixture(scope="module")
def ray_cluster() -> Iterator[None]:
    ray = pytest.importorskip("ray", reason="Ray is an extra and not installed")
    ray.init(
        address="local",
        num_cpus=2,
        include_dashboard=False,
        log_to_driver=False,
        logging_level="ERROR",
        configure_logging=False,
        object_store_memory=80_000_000,
    )
    yield
    ray.shutdown()


def same(left: Predictions, right: Predictions) -> bool:
    frames = left.past.equals(right.past) and left.future.equals(right.future)
    return frames and left.failures == right.failures


def test_two_processes_give_the_bytes_of_one(alone):
    pooled = predict_all(TASKS, TUNING, Settings(executor="processes", workers=2))
    assert same(pooled, alone)


def test_a_ray_cluster_gives_the_bytes_of_one_process(ray_cluster, alone):
    from ray._private import state

    told: list[tuple[int, int]] = []
    clustered = predict_all(
        TASKS,
        TUNING,
        Settings(executor="ray", workers=2),
        lambda done, total: told.append((done, total)),
    )
    assert same(clustered, alone)
    assert told == [(done, 4) for done in range(1, 5)]
    assert len(state.actors()) == 2


def test_without_ray_the_setting_names_what_to_install(monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "ray"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(PolicyError, match=r"pip install 'piekwijzer\[ray\]'"):
        predict_all(TASKS, TUNING, Settings(executor="ray"))


def test_a_failed_series_is_named_and_the_rest_goes_on(alone):
    assert list(alone.failures) == ["broken"]
    assert alone.future["series"].unique(maintain_order=True).to_list() == [
        "a",
        "b",
        "c",
    ]
