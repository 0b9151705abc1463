"""Propose how long contacts took and waited, and in which unit the file says so."""

import re

from forecasting.ingest.proposals.contact_columns import ContactFile
from forecasting.ingest.proposals.proposal import ProposedField, Setting
from forecasting.ingest.proposals.sniffing import Column
from forecasting.ingest.proposals.vocabulary import find, find_all

HANDLING = "handling_s"
MINUTES_AT_MOST = 90
"""Handling times of which nearly all are under this are taken for minutes."""


def propose_durations(file: ContactFile, channel: str) -> dict[str, ProposedField]:
    """Handling times and waits in seconds, as columns or between two moments hold them."""
    counted = file.count.name if file.count else ""
    fitting = [
        c for c in file.columns if (c.is_number or c.is_clock) and c.name != counted
    ]
    whole = find_all("handled", fitting)[:1]
    fields = {}
    for name, columns in (
        (HANDLING, whole or find_all(HANDLING, fitting)),
        ("wait_s", find_all("wait_s", fitting)[:1]),
    ):
        times = [c for c in columns if not re.search(r"aantal|number|count", c.heading)]
        if times:
            by_size = name == HANDLING and channel != "phone"
            each = tuple(dict.fromkeys(times))
            fields[name] = _duration(each, file, by_size=by_size)
    return fields if "wait_s" in fields else fields | _lead_time(file)


def _duration(
    columns: tuple[Column, ...], file: ContactFile, *, by_size: bool
) -> ProposedField:
    """The sum of columns in seconds; per one served when they are totals."""
    first = columns[0]
    alike = tuple(c.name for c in columns if c.is_clock == first.is_clock)
    settings: dict[str, Setting] = (
        {"columns": alike} if len(alike) > 1 else {"column": alike[0]}
    )
    if first.is_clock:
        settings["clock"] = True
    answered = find("answered", file.columns, lambda c: c.is_number)
    if file.count and answered and re.search(r"tot|sum", first.heading):
        settings["per"] = answered.name
    in_minutes, choose = _unit(first, by_size=by_size)
    if in_minutes:
        settings["multiply"] = 60
    return ProposedField(settings, choose=choose)


def _unit(column: Column, *, by_size: bool) -> tuple[bool, str | None]:
    """Whether numbers are minutes, and what to choose when only their size says so."""
    name = column.name.lower()
    if re.search(r"\bmin|minu", name) or column.is_clock:
        return not column.is_clock, None
    if re.search(r"\(s\)|sec|_s$", name):
        return False, None
    if not by_size:
        return False, "seconds?"
    filled = column.numbers.filter(column.numbers > 0)
    largest = filled.quantile(0.95) if filled.len() else None
    small = largest is not None and largest <= MINUTES_AT_MOST
    return small, "minutes, by their size?" if small else "seconds, by their size?"


def _lead_time(file: ContactFile) -> dict[str, ProposedField]:
    """From asking until done, and whether that was in time, where both days are known."""
    times = [c for c in file.columns if c.timing and c.name != file.start.name]
    done, due = find("done", times), find("due", times)
    if done is None or file.clock is not None or file.count is not None:
        return {}
    lead: dict[str, Setting] = {"column": done.name, "since": file.start.name}
    fields = {"wait_s": ProposedField(lead)}
    if due is not None and due.name != done.name:
        term: dict[str, Setting] = {
            "column": done.name,
            "since": due.name,
            "at_most": 0,
        }
        fields["in_time"] = ProposedField(term)
    return fields
