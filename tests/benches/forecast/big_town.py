"""A town of many series, and the time a forecast of it takes; run in a process of its own.

`python -m tests.benches.forecast.big_town SERIES WORKERS` prints one JSON line.
"""

import json
import resource
import sys
import time
from datetime import date, timedelta

import numpy as np
from joblib.externals.loky import (  # type: ignore[import-untyped]  # ships no types
    get_reusable_executor,
)

from forecasting.backtesting import settle
from forecasting.catalogue import Catalogue
from forecasting.policy import load_policy
from forecasting.rolling.beside import besides_of
from forecasting.rolling.fanout import predict_all
from forecasting.rolling.tasks import Task, tasks_of
from forecasting.series.exposure import Exposure
from forecasting.series.knowndays import Known, known_days
from forecasting.series.openness import open_future
from forecasting.series.panel import DayArray, Panel, Series
from forecasting.settings import Settings, shipped
from forecasting.tuning import Tuning, load_tuning

FIRST, LAST = date(2020, 1, 1), date(2025, 12, 31)
ORIGINS = 4
HORIZON_DAYS = 60 * 7
LOCATIONS = ("centre", "north", "south", "east")
WITH_DOCUMENTS = ("passport", "id_card", "licence")
OTHERS = tuple(f"service_{number:02d}" for number in range(22))
STEPS = (
    ("application", "appointment"),
    ("collection", "walk_in"),
    ("question", "phone"),
)


def names(count: int) -> list[str]:
    """Names of a town's series: the first have documents that expire."""
    every = [
        f"{location}/{service}/{step}/{channel}"
        for service in (*WITH_DOCUMENTS, *OTHERS)
        for step, channel in STEPS
        for location in LOCATIONS
    ]
    chosen = np.linspace(0, len(every) - 1, count).round().astype(int)
    return [every[number] for number in chosen]


def town_days(known: Known) -> DayArray:
    """Working days that are no public holiday."""
    span = (FIRST + timedelta(days=i) for i in range((LAST - FIRST).days + 1))
    days = [d for d in span if d.weekday() < 5 and d not in known.holidays]
    return np.array(days, dtype="datetime64[D]")


def draw(name: str, days: DayArray, rng: np.random.Generator) -> Series:
    """Negative-binomial counts with weekday, season and drift; from 0.3 to 150 a day."""
    level = np.log(np.exp(rng.uniform(np.log(0.3), np.log(150.0))))
    number = (days - days[0]).astype(float)
    week = rng.normal(0, 0.15, 7)[(days.astype(int) + 3) % 7]
    season = rng.uniform(0.05, 0.3) * np.sin(
        2 * np.pi * (number / 365.25 + rng.random())
    )
    drift = np.cumsum(rng.normal(0, 0.01, days.size))
    mean = np.exp(level + week + season + drift - drift.mean())
    counts = rng.poisson(mean * rng.gamma(30.0, 1 / 30.0, days.size))
    return Series(name, days, counts.astype(float))


def exposures() -> dict[str, tuple[Exposure, ...]]:
    """What documents call for, known from the start: a wave of years per service."""
    weeks = np.arange(780)
    first = np.datetime64("2018-01-01")
    waves = {
        service: 100.0 + 40.0 * np.sin(2 * np.pi * (weeks / 520 + 0.3 * number))
        for number, service in enumerate(WITH_DOCUMENTS)
    }
    return {
        service: (Exposure(service, FIRST, first, wave),)
        for service, wave in waves.items()
    }


def make_tasks(count: int, tuning: Tuning) -> list[Task]:
    """The tasks of a forecast run: four origins, and sixty weeks to come."""
    known = known_days("NL", None, (FIRST.year, LAST.year + 3), school_region="Noord")
    days, rng = town_days(known), np.random.default_rng(0)
    panel = Panel("day", tuple(draw(name, days, rng) for name in sorted(names(count))))
    catalogue = load_policy(shipped("config", "config") / "catalogue.toml", Catalogue)
    wanted = open_future(panel, HORIZON_DAYS, known, tuning.stale_days)
    besides = besides_of(panel, exposures(), catalogue)
    return tasks_of(panel, wanted, known, tuning, ORIGINS, besides)


def _cpu() -> float:
    used = [
        resource.getrusage(who)
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def work(count: int, workers: int) -> dict[str, object]:
    """Seconds and CPU seconds of the parts of a forecast of so many series."""
    tuning = load_tuning()
    marks = [(time.perf_counter(), _cpu())]
    tasks = make_tasks(count, tuning)
    marks.append((time.perf_counter(), _cpu()))
    settings = Settings(
        executor="processes" if workers > 1 else "sequential", workers=workers
    )
    answers = predict_all(tasks, tuning, settings)
    marks.append((time.perf_counter(), _cpu()))
    settled = settle(answers.past, answers.future, tuning)
    marks.append((time.perf_counter(), _cpu()))
    return {
        "series": settled["series"].n_unique(),
        "rows": settled.height,
        "methods": answers.past["method"].n_unique(),
        "failures": len(answers.failures),
        "answers_mib": round(answers.past.estimated_size("mb"), 1),
        **_parts(marks),
    }


def _parts(marks: list[tuple[float, float]]) -> dict[str, object]:
    """Seconds by the clock and by the processors, those of other workers left out."""
    pairs = zip(("prepare", "predict", "settle"), marks[:-1], marks[1:], strict=True)
    found: dict[str, object] = {}
    for name, before, after in pairs:
        found[f"{name}_s"] = round(after[0] - before[0], 2)
        found[f"{name}_cpu_s"] = round(after[1] - before[1], 2)
    return found


if __name__ == "__main__":
    done = work(*map(int, sys.argv[1:]))
    get_reusable_executor().shutdown(wait=True)  # workers count once they have ended
    done["cpu_s"] = round(_cpu(), 1)
    sys.stdout.write(json.dumps(done) + "\n")
