"""Small made-up agendas: a hall with one skill, a few products, known requests."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import numpy as np

from forecasting.calendar import Calendar
from staffing.agenda.booking import Asked
from staffing.agenda.days import Days, Ints, agenda_days
from staffing.agenda.policy import AgendaPolicy
from staffing.agenda.problem import Problem, Product
from staffing.agenda.room import UNKNOWN, DayRoom

MONDAY = date(2027, 1, 11)
CELL = 15


def policy(**changes: object) -> AgendaPolicy:
    told = {
        "within_days": 2, "share": 0.8, "promise_source": "t", "samples": 50,
        "notice_days": 0, "later_share": 0.0, "later_days": 4, "later_source": "t",
        "kept_share": 0.0, "kept_days": 1, "kept_source": "t", "grid_minutes": CELL,
        "overrun": 0.0, "overrun_source": "t", "fill": 1.0, "even_price": 0.2,
    }  # fmt: skip
    return AgendaPolicy.model_validate({**told, **changes})


def days(last: date, beyond: int = 3) -> Days:
    return agenda_days(MONDAY, last, beyond, Calendar(), [])


def product(name: str = "info", minutes: int = 15, **changes: object) -> Product:
    told = {"location": "hall", "service": name, "step": "visit", "skill": "counter"}
    lasting = {"minutes": minutes, "work_s": minutes * 60.0, "within_days": 2}
    return Product(**{**told, **lasting, **changes})  # type: ignore[arg-type]


def room(
    *,
    people: float | None = None,
    desks: int | None = None,
    applications: int | None = None,
    hours: float = 8,
    shut: Sequence[int] = (),
) -> DayRoom:
    """A day from nine with so many people left, in quarter-hours; some may be shut."""
    cells = int(hours * 60 / CELL)
    left = np.full(cells, UNKNOWN if people is None else people, dtype=np.float64)
    left[list(shut)] = np.nan
    return DayRoom(
        opens=datetime(2027, 1, 11, 8, tzinfo=UTC),
        cell_minutes=CELL,
        people={"counter": left},
        desks=np.full(cells, UNKNOWN if desks is None else float(desks)),
        hours={"counter": np.inf if people is None else people * hours},
        applications=np.inf if applications is None else float(applications),
        walk_in_hours={"counter": 0.0},
        at_hand_hours={"counter": None if people is None else people * hours},
        desk_limit=desks,
        application_limit=applications,
        needs={"counter": np.zeros(cells)},
    )


def problem(
    now: Ints,
    *,
    planned: int,
    later: Ints | None = None,
    products: Sequence[Product] = (product(),),
    booked: Ints | None = None,
    rooms: Sequence[DayRoom | None] | None = None,
    **changes: object,
) -> Problem:
    """One set of requests, of shape (futures, days), for each of the products."""
    number = now.shape[1]
    stretch = agenda_days(MONDAY, MONDAY, number, Calendar(), [])
    kept = Days(stretch.days[:number], stretch.working[:number])
    asked = Asked(now, np.zeros_like(now) if later is None else later)
    none = np.zeros((len(products), number), dtype=np.int64)
    return Problem(
        tuple(products),
        (asked,) * len(products),
        none if booked is None else booked,
        tuple(rooms or [room()] * number),
        kept,
        planned,
        policy(**changes),
    )
