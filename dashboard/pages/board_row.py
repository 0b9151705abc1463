"""One line of the board."""

from dataclasses import dataclass

from dashboard.charts.tables import Cell


@dataclass(frozen=True)
class Row:
    """One promise or team: what it is called, what came of it, and when that holds."""

    subject: str
    name: Cell
    holds: str
    result: Cell
    bottleneck: str
