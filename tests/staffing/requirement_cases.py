"""Made-up slots of work and futures of their days, for tests of the requirement."""

from datetime import UTC, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from forecasting.calendar import SLOT
from staffing.standards import Shrinkage, Standard, Standards
from staffing.workload import DayFutures, SlotWorkload

NINE = datetime(2027, 1, 11, 8, tzinfo=UTC)


def workload(
    skill: str, contacts: list[float], handling_s: float, *,
    booked: float = 0.0, waits: bool = False, start: datetime = NINE,
    cv: float = 1.0, noise: float = 0.0, location: str = "hall",
) -> pl.DataFrame:  # fmt: skip
    """Consecutive slots of one skill; `booked` is the planned share of contacts."""
    count = np.array(contacts)
    frame = pl.DataFrame(
        {
            "location": location,
            "skill": skill,
            "start": [start + i * SLOT for i in range(count.size)],
            "day": start.date(),
            "walk_ins": count * (1 - booked),
            "booked": count * booked,
            "handling_s": np.where(count > 0, handling_s, 0.0),
            "handling_cv": np.where(count > 0, cv, 1.0),
            "noise_cv": np.where(count > 0, noise, 0.0),
            "comes": 1.0,
            "late_s": 0.0,
            "late_sd_s": 0.0,
            "load": count * handling_s / 900,
            "waits": waits,
        }
    ).with_columns(pl.col("start").dt.cast_time_unit("us"))
    return SlotWorkload.validate(frame)


def futures(
    rows: pl.DataFrame, cv: float, *, samples: int = 200, seed: int = 1
) -> pl.DataFrame:
    """Lognormal factors of mean 1 for every location, skill and day of a workload."""
    days = rows.select("location", "skill", "day").unique(maintain_order=True)
    rng = np.random.default_rng(seed)
    parts = []
    for keys in days.iter_rows():
        drawn = rng.lognormal(0, np.sqrt(np.log1p(cv**2)), samples)
        told = dict(zip(days.columns, keys, strict=True))
        parts.append(
            pl.DataFrame(
                {"sample": np.arange(samples), "factor": drawn / drawn.mean()}
            ).with_columns(*(pl.lit(value).alias(name) for name, value in told.items()))
        )
    return DayFutures.validate(
        pl.concat(parts).select(DayFutures.column_names()), cast=True
    )


def factors(frame: pl.DataFrame) -> NDArray[np.float64]:
    """The factors of one day."""
    return frame["factor"].to_numpy()


def standards(
    *, shrinkage: float = 0.0, check: str = "formula", **more: object
) -> Standards:
    """A phone and a counter; `more` are settings of the whole."""
    phone = Standard(
        target=0.8, threshold_s=25, patience_s=180, minimum_people=2, source="t"
    )
    counter = Standard(target=0.9, threshold_s=900, minimum_people=2, source="t")
    lost = {"sickness": Shrinkage(share=shrinkage, per="day", source="t")}
    plain = Standards(skill={"phone": phone, "counter": counter}, shrinkage=lost)
    told = {
        name: one.model_copy(update={"check": check})
        for name, one in plain.skill.items()
    }
    return Standards.model_validate(
        plain.model_dump()
        | {"skill": {k: v.model_dump() for k, v in told.items()}}
        | more
    )


def standard(of: Standards, skill: str, **changes: object) -> Standards:
    """The same standards, with one skill's changed."""
    changed = of.skill[skill].model_copy(update=changes)
    return of.model_copy(update={"skill": of.skill | {skill: changed}})
