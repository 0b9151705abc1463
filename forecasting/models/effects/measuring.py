"""All effects that the history of a town tells of, in one table."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import polars as pl

from forecasting.calendar import FeeChange
from forecasting.catalogue import Catalogue
from forecasting.models.effects.channels import channel_effects
from forecasting.models.effects.elections import election_effects
from forecasting.models.effects.fees import fee_effects
from forecasting.models.effects.openness import open_days_of
from forecasting.models.effects.planned import expected_effects
from forecasting.models.effects.rows import Row, table_of
from forecasting.series.knowndays import Known
from forecasting.series.panel import Panel, Series, as_date
from forecasting.tuning import EffectTuning

VISITS = ("appointment", "walk_in")
ONLINE, PHONE = "online", "phone"

Channels = Mapping[str, Sequence[Series]]
"""The first contacts of one service by channel; those that follow others are left out."""


def effects_of(
    panels: Sequence[Panel],
    known: Known,
    changes: Sequence[FeeChange],
    catalogue: Catalogue,
    tuning: EffectTuning,
) -> pl.DataFrame:
    """The table `Effects`: elections, changes of fees past and to come, channels.

    Measured on daily series, without the days that are left out of training, and per
    service (named `location/service/step/channel`). What the history does not cover, or
    is too short for, has no row.
    """
    series = [s for p in panels if p.cadence == "day" for s in p.series]
    lively = [one for one in series if one.counts.any()]
    if not lively:
        return table_of([])
    services = first_contacts(lively, catalogue)
    rows = [
        *_elections(lively, services, known, tuning),
        *_channels(services, tuning),
    ]
    last = max(as_date(one.starts[-1]) for one in lively)
    rows += _fees(services, changes, known, last, tuning)
    return table_of(rows)


def first_contacts(
    series: Sequence[Series], catalogue: Catalogue
) -> dict[str, dict[str, list[Series]]]:
    """Series by service and channel, without the steps that follow another."""
    found: dict[str, dict[str, list[Series]]] = defaultdict(lambda: defaultdict(list))
    for one in series:
        parts = one.name.split("/")
        if len(parts) == 4:
            _, service, name, channel = parts
            step = catalogue.find_step(service, name)
            if step is None or not step.follows:
                found[service][channel].append(one)
    return found


def _elections(
    series: Sequence[Series],
    services: Mapping[str, Channels],
    known: Known,
    tuning: EffectTuning,
) -> Iterator[Row]:
    for one in series:
        yield from election_effects(one.name, open_days_of([one]), known, tuning)
    for service in sorted(services):
        days = open_days_of(_all(services[service]))
        yield from election_effects(service, days, known, tuning)


def _channels(services: Mapping[str, Channels], tuning: EffectTuning) -> Iterator[Row]:
    for service in sorted(services):
        by = services[service]
        visits = [one for channel in VISITS for one in by.get(channel, ())]
        online, calls = by.get(ONLINE, ()), by.get(PHONE, ())
        yield from channel_effects(service, online, visits, calls, tuning)


def _fees(
    services: Mapping[str, Channels],
    changes: Sequence[FeeChange],
    known: Known,
    last: date,
    tuning: EffectTuning,
) -> list[Row]:
    """Measured changes, then what they let expect of those after the last day known."""
    rows: list[Row] = []
    for change in sorted(changes, key=lambda one: one.day):
        by = services.get(change.service, {})
        applied = [one for way in (*VISITS, ONLINE) for one in by.get(way, ())]
        if change.day > last:
            rows += expected_effects(change, rows, tuning)
        elif applied:
            others = [
                o
                for o in changes
                if o.service == change.service and o.day != change.day
            ]
            days = open_days_of(applied)
            rows += fee_effects(change, others, days, known, tuning)
    return rows


def _all(channels: Channels) -> list[Series]:
    return [one for name in sorted(channels) for one in channels[name]]
