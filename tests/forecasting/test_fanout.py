"""Whoever does the work, the answers are the same: one process, several, a Ray cluster."""

import os
import sys
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from forecasting.errors import PolicyError
from forecasting.rolling.beside import besides_of
from forecasting.rolling.fanout import FEW, Predictions, predict_all, settings_for
from forecasting.rolling.origins import rolling_origins
from forecasting.rolling.tasks import Task
from forecasting.series.panel import Panel, Series
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


def beside_one_another(tasks: list[Task]) -> list[Task]:
    besides = besides_of(Panel("day", tuple(each.series for each in tasks)))
    return [replace(each, beside=besides.of(each.series.name)) for each in tasks]


class Deadly:
    """Ends the process that unpacks it, as a machine out of memory does."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (1,)


WHOLE = beside_one_another([task("a", 1.0), task("b", 20.0), task("c", 90.0)])
TASKS = [WHOLE[0], broken(), *WHOLE[1:]]


@pytest.fixture(scope="module")
def alone() -> Predictions:
    return predict_all(TASKS, TUNING, Settings(executor="sequential"))


def same(left: Predictions, right: Predictions) -> bool:
    frames = left.past.equals(right.past) and left.future.equals(right.future)
    return frames and left.failures == right.failures


def test_two_processes_give_the_bytes_of_one(alone):
    pooled = predict_all(TASKS, TUNING, Settings(executor="processes", workers=2))
    assert same(pooled, alone)


def test_small_series_were_pooled_with_their_kin(alone):
    means = alone.future.filter(pl.col("method") == "pooled")
    assert means["series"].unique().sort().to_list() == ["a", "b"]


def test_the_order_in_which_tasks_come_changes_no_answer(alone):
    turned = predict_all(TASKS[::-1], TUNING, Settings(executor="sequential"))
    keys = ["series", "method", "origin", "start"]
    assert turned.past.sort(keys).equals(alone.past.sort(keys))
    assert turned.future.sort(keys).equals(alone.future.sort(keys))


def test_a_worker_ended_from_outside_is_one_line():
    deadly = replace(TASKS[0], holidays=Deadly())  # type: ignore[arg-type]  # wrong on purpose
    settings = Settings(executor="processes", workers=2)
    with pytest.raises(PolicyError, match="PIEKWIJZER_WORKERS lower"):
        predict_all([TASKS[0], deadly], TUNING, settings)
    again = predict_all(WHOLE, TUNING, settings)
    assert not again.failures


def test_few_series_stay_in_this_process_unless_ray_is_asked_for(monkeypatch):
    many = [TASKS[0]] * (FEW + 1)
    assert settings_for(many).executor == "processes"
    assert settings_for(many[:FEW]).executor == "sequential"
    monkeypatch.setenv("PIEKWIJZER_EXECUTOR", "ray")
    assert settings_for(many[:FEW]).executor == "ray"
    monkeypatch.setenv("PIEKWIJZER_WORKERS", "none")
    with pytest.raises(PolicyError, match="PIEKWIJZER_WORKERS"):
        settings_for(many)


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
