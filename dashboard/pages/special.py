"""What must be said with a forecast: shifts of level, special series, fees."""

from datetime import date

import streamlit as st

from dashboard.pages.view import View, read
from dashboard.queries import reasons
from forecasting.records import RunRecord

SHIFTS_SHOWN = 3


def say_shifts(view: View, run: RunRecord, series: list[str]) -> None:
    """Every shift of level that was found, named with its date and size."""
    words = view.words
    rows = read(view, reasons.level_shifts, run, series)
    for row in rows.head(SHIFTS_SHOWN).to_dicts():
        text = words(
            "reasons.shift",
            series=words.series(row["subject"]),
            day=words.day(row["first"]),
            ratio=words.number(row["ratio"], 2),
            low=words.number(row["low"], 2),
            high=words.number(row["high"], 2),
            goes=words(
                "reasons.at_once" if row["cadence"] == "day" else "reasons.slowly"
            ),
        )
        st.info(text, icon=":material/trending_up:")
    if rows.height > SHIFTS_SHOWN:
        st.caption(words("common.more", shown=SHIFTS_SHOWN, count=rows.height))


def say_special(view: View, run: RunRecord, series: list[str]) -> None:
    """How many series are new, short or small and which, and fees not reckoned with."""
    words, of = view.words, len(series)
    found = read(view, reasons.special, run, series)
    said = {
        kind: words(f"notice.{kind.replace(' ', '_')}", count=len(names), of=of)
        for kind, names in found
    }
    for text in said.values():
        st.caption(text)
    if said:
        with st.expander(words("notice.which")):
            for kind, names in found:
                listed = "\n".join(f"- {words.series(name)}" for name in names)
                st.markdown(f"{said[kind]}\n\n{listed}")
    _say_fees(view, run)


def _say_fees(view: View, run: RunRecord) -> None:
    fees = run.figures.get("fees_not_reckoned")
    for fee in fees if isinstance(fees, list) else []:
        service = view.words.service(fee["service"])
        text = view.words(
            "notice.fee",
            service=service,
            name=fee["name"],
            day=view.words.day(date.fromisoformat(fee["day"])),
        )
        st.info(text, icon=":material/info:")
