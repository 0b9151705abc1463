"""Ten years ahead: applications per month of a service, by what brings them."""

import streamlit as st

from dashboard.charts.reasons import decade_chart
from dashboard.pages.view import View, choose, heading, read, show_chart
from dashboard.queries import reasons
from dashboard.queries.demand import Selection
from forecasting.records import RunRecord


def draw_decade(view: View, run: RunRecord, selection: Selection) -> None:
    """The outlook of the service chosen, else of one chosen here; it is the whole town's."""
    words, wanted = view.words, selection.service
    services = read(view, reasons.services_ahead, run)
    heading(words("decade.heading"))
    why = _why_not(services, selection)
    if why is not None:
        st.caption(words(f"decade.{why}"))
        return
    service = wanted or choose(
        "decade", services, label=words("common.service"), say=words.service
    )
    if service is None:
        return
    ahead = read(view, reasons.decade, run, service)
    past = read(view, reasons.applications, run, service)
    top = ahead.sort("mean", descending=True).row(0, named=True)
    low = ahead.sort("mean").row(0, named=True)
    alt = words(
        "decade.alt",
        service=words.service(service),
        last=ahead["start"].to_list()[-1].year,
        top=words.number(top["mean"]),
        when=f"{words.month(top['start'])} {top['start'].year}",
        low=words.number(low["mean"]),
        dip=f"{words.month(low['start'])} {low['start'].year}",
    )
    show_chart(decade_chart(past, ahead, words), alt=alt, key="decade")
    basis = ahead["basis"].to_list()[0]
    st.caption(words(f"decade.basis_{basis}"))


def _why_not(services: list[str], selection: Selection) -> str | None:
    """Why there are no ten years to show of what is selected; None where there are."""
    if not services:
        return "no_stock"
    if selection.service is not None and selection.service not in services:
        return "no_documents"
    part = selection.location is not None or selection.channel is not None
    return "whole_town" if part else None
