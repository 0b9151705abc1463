"""Agenda: which appointments to open, how far off the first is, and with whom."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from dashboard.charts.agenda import agenda_chart
from dashboard.charts.tables import Cell, Table
from dashboard.pages.address import carried
from dashboard.pages.tasks import start_button
from dashboard.pages.view import (
    View,
    choose,
    heading,
    read,
    show_chart,
    show_data,
    show_missing,
)
from dashboard.queries import agenda, chain
from forecasting.records import RunRecord


def draw(view: View) -> None:
    """Lay out the page."""
    run = chain.newest_run(view.workspace, "agenda")
    if run is None or chain.is_older(view.workspace, run, "requirement"):
        show_missing(view, "agenda.empty" if run is None else "agenda.old")
        start_button(
            view, view.words("job.start_agenda"), ("agenda",), key="start_agenda"
        )
    if run is None:
        return
    chosen = _choose(view, read(view, agenda.products, run))
    if chosen is None:
        show_missing(view, "agenda.empty")
        return
    location, service, step, skill = chosen
    days = read(view, agenda.days, run, location, service, step)
    staff = read(view, agenda.staff, run, location, skill)
    _draw_cards(view, read(view, agenda.told, run, location, service, step))
    _draw_unkept(view, run, location)
    _draw_days(view, days, staff)
    st.caption(view.words("agenda.export"))


def _choose(view: View, products: pl.DataFrame) -> tuple[str, str, str, str] | None:
    words = view.words
    boxes = st.columns(2)
    with boxes[0]:
        location = choose(
            "location",
            products["location"].unique().sort().to_list(),
            label=words("common.location"),
            say=lambda code: words.named("location", code),
        )
    here = {
        f"{row['service']}/{row['step']}": row
        for row in products.filter(pl.col("location") == location).iter_rows(named=True)
    }
    with boxes[1]:
        product = choose(
            "product",
            list(here),
            label=words("agenda.product"),
            say=lambda name: _product(view, *name.split("/")),
            default=_of_service(list(here)),
        )
    if location is None or product is None:
        return None
    row = here[product]
    return location, row["service"], row["step"], row["skill"]


def _of_service(products: list[str]) -> str | None:
    """The first product of the service that was looked at on another page."""
    service = carried("service")
    return next((one for one in products if one.split("/")[0] == service), None)


def _product(view: View, service: str, step: str) -> str:
    words = view.words
    return f"{words.service(service)}: {words.named('step_of_service', step).lower()}"


def _draw_cards(view: View, told: Mapping[str, Any]) -> None:
    words = view.words
    longest = told["wait_q80"]
    cards = (
        (
            "agenda.per_week",
            words.number(told["places_per_week"]),
            words(
                "agenda.asked",
                requests=words.number(told["requests_per_week"]),
                already=words.number(told["already"]),
            ),
        ),
        (
            "agenda.longest",
            words("agenda.beyond")
            if longest is None
            else words("agenda.days", n=longest),
            words("agenda.promised", n=told["within_days"]),
        ),
        (
            "agenda.kept",
            words("agenda.of", n=told["days_kept"], all=told["days"]),
            words("agenda.kept_note"),
        ),
        ("agenda.people", words.number(told["people"]), words("agenda.people_note")),
    )
    for column, (key, value, note) in zip(st.columns(len(cards)), cards, strict=True):
        with column, st.container(border=True, height="stretch", gap="xsmall"):
            st.metric(words(key), value, help=words(f"{key}_help"))
            st.caption(note)


def _draw_unkept(view: View, run: RunRecord, location: str) -> None:
    """Each promise of the location that cannot be kept, in a sentence."""
    words = view.words
    told = [
        words.many(
            "agenda.unkept",
            row.days,
            product=_product(view, row.service, row.step),
            since=words.day(date.fromisoformat(row.since)),
            limit=words(f"agenda.limit_{row.limit}"),
            short=words.number(row.short),
        )
        for row in agenda.unkept(run, location)
    ]
    if told:
        lines = "\n".join(f"- {line}" for line in told)
        st.warning(f"{words('agenda.unkept_title')}\n\n{lines}", icon=":material/info:")


def _draw_days(view: View, days: pl.DataFrame, staff: pl.DataFrame) -> None:
    words = view.words
    heading(words("agenda.both"))
    alt = words(
        "agenda.alt",
        low=words.number(min(days["places"].to_list())),
        high=words.number(max(days["places"].to_list())),
    )
    show_chart(agenda_chart(days, staff, words), alt=alt, key="agenda")
    show_data(view, _days_table(view, days, staff))


def _days_table(view: View, days: pl.DataFrame, staff: pl.DataFrame) -> Table:
    words = view.words
    both = days.join(
        staff.select("day", "people", "walk_in_hours", "place_hours", "hours_at_hand"),
        on="day",
        how="left",
    )
    body: list[list[str | Cell]] = [
        [
            words.short_day(row["day"]),
            words.number(row["places"]),
            words.number(row["kept"]),
            words.number(row["requests"], 1),
            words("agenda.beyond") if row["wait_q80"] is None else str(row["wait_q80"]),
            Cell(
                words.share(row["within"]),
                words(f"agenda.limit_{row['limit']}") if row["limit"] else "",
                "near" if row["limit"] else "plain",
            ),
            words.number(row["people"]),
            words.number(row["place_hours"], 1),
            words.number(row["walk_in_hours"], 1),
            words.number(row["hours_at_hand"], 1),
        ]
        for row in both.iter_rows(named=True)
    ]
    names = (
        "day", "places", "kept", "requests", "wait", "within", "people", "place_hours",
        "walk_in_hours", "at_hand",
    )  # fmt: skip
    heads = [words(f"agenda.column_{name}") for name in names]
    return Table(words("agenda.table"), heads, body, frozenset(range(1, len(names))))
