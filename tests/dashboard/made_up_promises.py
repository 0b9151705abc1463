"""Service promises, made up in the stored schemas."""

from datetime import date, timedelta

import polars as pl

from staffing.promises import PromiseExpected, PromiseWeeks

LAST = date(2026, 11, 16)
WEEKS = 40
COMING = date(2027, 1, 11)
PLACES = {
    "answered": ("stadhuis",),
    "callback": ("stadhuis",),
    "counter": ("noord", "stadhuis"),
    "first_free": ("noord", "stadhuis"),
    "no_show": ("noord", "stadhuis"),
}
TARGETS = {
    "answered": 0.8,
    "callback": 0.85,
    "counter": 0.9,
    "first_free": 0.8,
    "no_show": 0.05,
}
MEANS = {"callback": 1.2, "counter": 312.0, "first_free": 2.4}
CYCLE = (0.06, 0.0, -0.06)
"""How far above its promise a promise is kept, week by week: kept, unclear, missed."""


def promise_weeks() -> pl.DataFrame:
    rows = [
        _week(promise, location, i)
        for promise, places in PLACES.items()
        for location in places
        for i in range(WEEKS)
    ]
    return PromiseWeeks.validate(
        pl.DataFrame(rows, infer_schema_length=None), cast=True
    )


def _week(promise: str, location: str, i: int) -> dict[str, object]:
    """The newest week (`i` 0) is kept at the town hall and missed elsewhere."""
    at_most = promise == "no_show"
    shift = CYCLE[(i + (2 if location == "noord" else 0)) % 3]
    share = TARGETS[promise] + (-shift / 2 if at_most else shift)
    half = 0.02
    better = shift > 0
    verdict = "unclear" if shift == 0 else "kept" if better else "missed"
    mean = MEANS.get(promise)
    return {
        "promise": promise, "location": location, "week": LAST - timedelta(weeks=i),
        "asked": 400.0, "hits": 400 * share, "share": share,
        "low": share - half, "high": share + half, "mean": mean,
        "mean_low": None if mean is None else 0.9 * mean,
        "mean_high": None if mean is None else 1.1 * mean,
        "days": 4 if i == 0 and promise == "counter" else 5, "open_days": 5, "target": TARGETS[promise],
        "verdict": verdict, "note": None,
    }  # fmt: skip


def promise_expected() -> pl.DataFrame:
    """One week that was, and one to come."""
    rows = [
        {
            "promise": "answered", "location": "stadhuis", "week": week, "share": 0.84,
            "low": 0.78, "high": 0.9, "run": "simulate-1",
        }
        for week in (LAST, COMING)
    ] + [
        {
            "promise": "first_free", "location": "noord", "week": COMING, "share": 0.9,
            "low": None, "high": None, "run": "agenda-1",
        }
    ]  # fmt: skip
    return PromiseExpected.validate(
        pl.DataFrame(rows, infer_schema_length=None), cast=True
    )


def promise_figures() -> dict[str, object]:
    by_standard = {"unit": "seconds", "abandoned": "late", "source": "assumed"}
    in_days = {"unit": "working_days", "source": "assumed"}
    settings: dict[str, dict[str, object]] = {
        "answered": {"within": 25.0, "told_s": [25.0], **by_standard},
        "callback": {"within": 2, **in_days},
        "counter": {"within": 900.0, "channels": ["walk_in"], **by_standard},
        "first_free": {"within": 5, **in_days},
        "no_show": {"at_most": True, "source": "assumed"},
    }
    asked = {name: {"target": TARGETS[name], **told} for name, told in settings.items()}
    return {"weeks": 52, "newest": "2026-W47", "promises": asked, "missing": []}


def stored() -> dict[str, pl.DataFrame]:
    return {"promise_weeks": promise_weeks(), "promise_expected": promise_expected()}
