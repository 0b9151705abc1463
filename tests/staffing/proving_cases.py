"""A small week of work and rosters for it, laid by hand, that tests of proofs share."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from forecasting.calendar import SLOT
from staffing.proving.floors import Floor, lay_floors
from staffing.standards import NoShow, Shrinkage, Standard, Standards
from staffing.tables import Activities
from staffing.workload import SlotWorkload
from tests.staffing.forecast_cases import MONDAY

ZONE = "Europe/Amsterdam"
OPENS = datetime(2027, 1, 11, 8, tzinfo=UTC)
SLOTS = 32
Place = tuple[str, str]

PHONE = Standard(target=0.8, threshold_s=25, patience_s=180, source="t")
COUNTER = Standard(target=0.9, threshold_s=900, source="t")
POST = Standard(target=0.9, threshold_s=172_800, source="t")


def standards(
    *,
    phone: Standard = PHONE,
    post: Standard = POST,
    shrinkage: Mapping[str, Shrinkage] | None = None,
    no_show: float = 0.0,
) -> Standards:
    return Standards(
        skill={"phone": phone, "counter": COUNTER, "post": post},
        shrinkage=dict(shrinkage or {}),
        no_show=NoShow(share=no_show, source="t"),
    )


def work(
    place: Place, *, walk_ins: float = 0.0, booked: float = 0.0, handling_s: float = 200.0,
    cv: float = 1.0, noise: float = 0.0, days: int = 1, slots: int = SLOTS,
    comes: float = 1.0, late_s: float = 0.0, late_sd_s: float = 0.0,
) -> pl.DataFrame:  # fmt: skip
    """The same work in every quarter-hour from nine o'clock, on some days."""
    starts = [
        OPENS + timedelta(days=d) + i * SLOT for d in range(days) for i in range(slots)
    ]
    contacts = walk_ins + booked
    rows = [
        {
            "location": place[0],
            "skill": place[1],
            "start": start,
            "day": MONDAY + timedelta(days=i // slots),
            "walk_ins": walk_ins,
            "booked": booked,
            "handling_s": handling_s if contacts else 0.0,
            "handling_cv": cv,
            "noise_cv": noise,
            "comes": comes,
            "late_s": late_s,
            "late_sd_s": late_sd_s,
            "load": contacts * handling_s / 900,
            "waits": place[1] == "post",
        }
        for i, start in enumerate(starts)
    ]
    schema = SlotWorkload.create_empty().schema
    return SlotWorkload.validate(pl.DataFrame(rows, schema=schema))


def roster(people: Mapping[Place, int], workload: pl.DataFrame) -> pl.DataFrame:
    """So many people at each place in all of its slots."""
    parts = [
        workload.filter(pl.col("location") == place[0], pl.col("skill") == place[1])
        .select(pl.lit(f"{place} {i}").alias("person"), "start", "location", "skill")
        for place, number in people.items()
        for i in range(number)
    ]  # fmt: skip
    return Activities.validate(pl.concat([Activities.create_empty(), *parts]))


def floors(
    workload: pl.DataFrame, people: Mapping[Place, int], rules: Standards
) -> list[Floor]:
    return lay_floors(workload, roster(people, workload), rules, ZONE)


def estimate(values: np.ndarray) -> tuple[float, float]:
    """Mean and standard error."""
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size))
