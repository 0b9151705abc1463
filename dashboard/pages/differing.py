"""What somebody else says beside what we expect: about what, and how far apart."""

from collections.abc import Mapping

from dashboard.charts.tables import Cell
from dashboard.pages.patterns import said_pattern
from dashboard.pages.view import View


def statement_of(view: View, row: Mapping[str, str]) -> Cell:
    """What a statement is about, and its period."""
    subject = row["subject"]
    if "/" in subject or "*" in subject:
        about = said_pattern(view, subject)
    else:
        about = view.words.service(subject)
    return Cell(about, row["period"])


def difference(view: View, said: float | None, ours: float) -> Cell:
    """How much more they say than we, in contacts and as a share of ours."""
    words = view.words
    if said is None:
        return Cell("\u2013")
    more = round(said) - round(ours)
    share = f"{words.signed(100 * (said / ours - 1))}%" if ours > 0 else ""
    return Cell(words.signed(more), share)
