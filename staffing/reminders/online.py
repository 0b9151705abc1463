"""Renewals online: what part of them, and what an average renewal asks of the counter."""

from collections.abc import Mapping

import polars as pl

from staffing.reminders.response import Document, Response


def online_shares(
    demand: pl.DataFrame, renewing: Mapping[str, float]
) -> dict[str, float]:
    """Per service what part of its renewals takes place online, where any does.

    Args:
        demand: `service, channel, count` of applications in all channels.
        renewing: per service what part of its applications renews a document (first
            and lost ones are not asked for online); all, where that is not told.
    """
    online = pl.col("count").filter(pl.col("channel") == "online").sum().alias("online")
    sums = demand.group_by("service").agg(online, pl.col("count").sum().alias("all"))
    return {
        service: min(1.0, part / (whole * renewing.get(service, 1.0)))
        for service, whole, part in sums.select("service", "all", "online")
        .sort("service")
        .iter_rows()
        if part > 0
    }


def at_the_counter(response: Response, shares: Mapping[str, float]) -> Response:
    """An average renewal asks less of the counter, by service; each is collected there.

    For timing that counts renewals online, of which `shares` tell what part they are.
    """

    def of(name: str, document: Document) -> Document:
        hours = document.application_hours * (1 - shares.get(name, 0.0))
        return document.model_copy(update={"application_hours": hours})

    documents = {name: of(name, each) for name, each in response.document.items()}
    return response.model_copy(update={"document": documents})
