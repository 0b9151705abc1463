"""What was filled in wrongly, in the words of the form it was filled in."""

import re
from collections.abc import Mapping
from datetime import date

from dashboard.labels.erring import error_in_words
from dashboard.labels.words import Words
from forecasting.errors import FieldError, InputError, PiekwijzerError

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
    "not-sent": "withdrawal.not_sent",
}
"""What forms call the fields that commands have as options."""
MARKUP = re.compile(r"[\\`*_\[\]$~|<>#]")


class SaidError(InputError):
    """Something wrong with a form, told in the reader's words by whoever raised it."""


def said_fault(
    words: Words, error: PiekwijzerError, fields: Mapping[str, str] | None = None
) -> str:
    """An error in the reader's words, by the label of the field where it is of one.

    `fields` are labels that a form has of its own.
    """
    known = FIELDS | dict(fields or {})
    if isinstance(error, SaidError):
        return str(error)
    if not isinstance(error, FieldError) or error.field not in known:
        return as_text(error_in_words(error, words))
    values = {name: _said(words, value) for name, value in error.values.items()}
    field = words(known[error.field])
    return words(f"fault.{error.fault}", field=field, **values)


def as_text(said: str) -> str:
    """A text as it stands in a box that reads markup: its signs are no markup."""
    return MARKUP.sub(r"\\\g<0>", said).replace("\n", "  \n")


def _said(words: Words, value: object) -> str:
    if isinstance(value, date):
        return words.day(value)
    return words.number(value) if isinstance(value, int | float) else str(value)
