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
    part = selection.location is not None or selection.channel is not None
    if part or not services or (wanted is not None and wanted not in services):
        return
    heading(words("decade.heading"))
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
