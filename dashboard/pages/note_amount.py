"""How far an adjustment moves the forecast: in per cent, or by a number in its period."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from dashboard.pages.faults import said_fault
from dashboard.pages.view import View, read
from dashboard.queries import adjusting, chain
from forecasting.errors import InputError

PERCENT, NUMBER = "percent", "number"


def read_amount(
    view: View,
    fields: Mapping[str, object],
    row: Mapping[str, str],
    number: str,
    place: str,
) -> dict[str, float]:
    """The `factor` and `plus` of an adjustment as typed; a number becomes a factor.

    Nothing where a number cannot be made a share of what is expected: that is said.
    """
    words = view.words
    way = st.segmented_control(
        words("amount.way"),
        [PERCENT, NUMBER],
        default=PERCENT,
        format_func=lambda code: words(f"amount.{code}"),
        key=f"note_way_{place}",
        required=True,
    )
    started = 100 * (float(row.get("factor", "1.0")) - 1)
    value = st.number_input(
        words(f"amount.by_{way}"),
        value=round(started, 4) if way == PERCENT else 0.0,
        step=1.0,
        format="%g",
        help=words(f"amount.by_{way}_help"),
        key=f"note_{way}_{place}",
    )
    factor = 1 + value / 100
    if way == NUMBER:
        factor = _as_factor(view, fields, number, value)
    return {"factor": factor, "plus": _read_plus(view, row, place)}


def _read_plus(view: View, row: Mapping[str, str], place: str) -> float:
    """The number per period and series, of a note that has one."""
    plus = float(row.get("plus", "0.0"))
    if plus == 0:
        return 0.0
    return st.number_input(
        view.words("notes.column_plus"), value=plus, key=f"note_plus_{place}"
    )


def _as_factor(
    view: View, fields: Mapping[str, object], number: str, value: float
) -> float:
    """A number of contacts as a factor on what is expected of the period now."""
    words, run = view.words, chain.newest_run(view.workspace, "forecast")
    first, last = fields["first"], fields["last"]
    if run is None or not isinstance(first, date) or not isinstance(last, date):
        return 1.0
    bare = read(view, adjusting.bare, run)
    instead_of = int(number) if number else None
    days = (str(fields["series"]), first, last)
    try:
        found = adjusting.as_factor(bare, view.workspace, days, value, instead_of)
    except InputError as error:
        st.error(said_fault(words, error), icon=":material/error:")
        return 1.0
    said = f"{words.signed(100 * (found.factor - 1), 1)}%"
    expected = words.number(found.expected)
    st.caption(words("amount.as_percent", percent=said, expected=expected))
    return found.factor
