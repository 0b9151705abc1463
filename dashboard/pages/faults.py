"""What was filled in wrongly, in the words of the form it was filled in."""

from collections.abc import Mapping
from datetime import date

from dashboard.labels.words import Words
from forecasting.errors import FieldError, PiekwijzerError

FIELDS = {
    "from": "notes.column_first",
    "to": "notes.column_last",
    "series": "notes.column_series",
    "reason": "notes.column_reason",
    "name": "notes.column_name",
    "factor": "amount.by_percent",
    "number": "amount.by_number",
    "plus": "notes.column_plus",
    "by": "approval.name",
    "owner": "board.owner",
    "next step": "board.next_step",
}
"""What forms call the fields that commands have as options."""


def said_fault(
    words: Words, error: PiekwijzerError, fields: Mapping[str, str] | None = None
) -> str:
    """An error in the reader's words where it is of a field; else its own line.

    `fields` are labels that a form has of its own.
    """
    known = FIELDS | dict(fields or {})
    if not isinstance(error, FieldError) or error.field not in known:
        return words("app.error", error=error)
    values = {name: _said(words, value) for name, value in error.values.items()}
    field = words(known[error.field])
    return words(f"fault.{error.fault}", field=field, **values)


def _said(words: Words, value: object) -> str:
    if isinstance(value, date):
        return words.day(value)
    return words.number(value) if isinstance(value, int | float) else str(value)
