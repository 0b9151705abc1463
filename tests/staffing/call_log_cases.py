"""Made-up logs of a small call centre whose agents and callers are known."""

import csv
from datetime import date, timedelta
from pathlib import Path

import numpy as np

COLUMNS = [
    "vru_line", "call_id", "date", "vru_time", "vru_exit", "q_start", "q_time",
    "outcome", "ser_start", "ser_time", "server",
]  # fmt: skip
MONDAY = date(2026, 3, 2)
OPENS, CLOSES = 9 * 3600, 17 * 3600
WRONG = {
    "no call (phantom)": {"outcome": "PHANTOM"},
    "outcome unknown": {"outcome": "LOST"},
    "hung up before the queue": {"outcome": "HANG", "q_start": "0:00:00"},
    "unreadable time": {"vru_exit": "25:61:00"},
    "negative time": {"q_time": "-3"},
    "wait too long": {"q_time": "3601"},
    "handling too long": {"ser_time": "7200"},
    "call id for the second time": {},
}
"""One wrong row for each reason: what differs from a right one."""


def clock(second: float) -> str:
    whole = int(second)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def one_day(rng: np.random.Generator, day: date, agents: int) -> list[dict[str, str]]:
    """Calls of a day; who answers is who is free the longest."""
    count = rng.poisson(agents * 130)
    free = np.full(agents, float(OPENS))
    rows = []
    for number, came in enumerate(np.sort(rng.uniform(OPENS, CLOSES, count))):
        who = int(np.argmin(free))
        start, stays = max(came, free[who]), rng.exponential(240)
        answered = start - came <= stays
        lasts = rng.lognormal(4.8, 0.8) if answered else 0.0
        waits = min(start - came, stays)
        if answered:
            free[who] = start + lasts + rng.exponential(40)
        rows.append(
            {
                "vru_line": "A", "call_id": f"{day}{number}", "date": str(day),
                "vru_time": "8", "vru_exit": clock(came),
                "q_start": clock(came) if waits > 0 else "0:00:00",
                "q_time": str(int(waits)), "outcome": "AGENT" if answered else "HANG",
                "ser_start": clock(start) if answered else "0:00:00",
                "ser_time": str(int(lasts)),
                "server": f"secret{who}" if answered else "NO_SERVER",
            }
        )  # fmt: skip
    return rows


def made_up_rows(days: int = 8, seed: int = 1) -> list[dict[str, str]]:
    rng = np.random.default_rng(seed)
    each = [
        one_day(rng, MONDAY + timedelta(days=place), 4 + place % 3)
        for place in range(days)
    ]
    return [row for rows in each for row in rows]


def write_log(file: Path, rows: list[dict[str, str]]) -> Path:
    with file.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return file
