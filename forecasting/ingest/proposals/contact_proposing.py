"""Propose how a file of contacts is read: events, or counts of periods."""

import re
from collections.abc import Mapping

from forecasting.catalogue import Catalogue
from forecasting.ingest.proposals.contact_columns import ContactFile
from forecasting.ingest.proposals.duration_proposing import propose_durations
from forecasting.ingest.proposals.guessing import guess_channel, guess_service
from forecasting.ingest.proposals.place_proposing import (
    propose_location,
    propose_product,
)
from forecasting.ingest.proposals.proposal import (
    Guess,
    Proposal,
    ProposedField,
    Setting,
)
from forecasting.ingest.proposals.sniffing import Column, Sniffed
from forecasting.ingest.proposals.timing import times_of_day
from forecasting.ingest.proposals.vocabulary import find

CANCELLED = r"cancel|geannuleerd|annul|vervallen|afgezegd|phantom|\btest"
MISSED = r"no.?show|niet.?(verschenen|gekomen)|missed|gemist"
GAVE_UP = r"hang|abandon|afgehaakt|weggelopen|niet.?beantwoord|^left$|verlaten"


def propose_contacts(found: Sniffed, catalogue: Catalogue) -> Proposal:
    """Propose how a file of contacts is read.

    Raises:
        InputError: no column holds dates or times.
    """
    file = ContactFile(found)
    channel = (
        guess_channel(" ".join([found.file.stem, *found.rows.columns])) or "walk_in"
    )
    measures = _measures(file, catalogue)
    location, place = propose_location(file.columns)
    product, what = propose_product(found, channel, catalogue, measures)
    fields = {
        "start": _start(file),
        **_requested(file),
        **location,
        **product,
        **_counts(file, measures),
        **_status(file),
        **propose_durations(file, channel),
    }
    constants = {**place, **what}
    if file.period_s:
        sure = file.count is not None and file.clock is None
        constants["period_s"] = Guess(file.period_s, sure=sure)
    timing = file.start.timing
    offset = timing is not None and timing.has_offset and timing.form is not None
    return Proposal(
        kind="contacts",
        label=re.sub(r"[\W_]+", " ", found.file.stem).strip().capitalize() or "Source",
        zone="offset" if offset else "Europe/Amsterdam",
        identity=_identity(file),
        constants=constants,
        drop=_dropped(file),
        unpivot=measures,
        fields=fields,
    )


def time_settings(column: Column, clock: Column | None = None) -> ProposedField:
    """How a column of dates or times is read, with the time of day from another."""
    timing = column.timing
    unsure = "day first or month first?" if timing and timing.unsure else None
    if clock is not None and timing is not None:
        form = f"{timing.form or '%Y-%m-%d'} {times_of_day(clock.texts)}"
        both: dict[str, Setting] = {"columns": (column.name, clock.name)}
        return ProposedField(both | {"formats": (form,)}, choose=unsure)
    settings: dict[str, Setting] = {"column": column.name}
    if timing is not None and timing.form is not None and not timing.is_iso:
        settings["formats"] = (timing.form,)
    return ProposedField(settings, choose=unsure)


def _start(file: ContactFile) -> ProposedField:
    return time_settings(file.start, file.clock)


def _requested(file: ContactFile) -> dict[str, ProposedField]:
    others = [c for c in file.columns if c.timing and c.name != file.start.name]
    asked = find("requested", others)
    return {"requested": time_settings(asked)} if asked else {}


def _measures(file: ContactFile, catalogue: Catalogue) -> tuple[str, ...]:
    """Columns that each count a service of their own, when there is no such column."""
    texts = [column for column in file.columns if not column.is_number]
    if file.count is not None or find("product", texts) is not None:
        return ()
    numbers = [column.name for column in file.columns if column.is_number]
    named = tuple(name for name in numbers if guess_service(name, catalogue))
    return named if len(named) > 1 else ()


def _counts(file: ContactFile, measures: tuple[str, ...]) -> dict[str, ProposedField]:
    if measures:
        return {"count": ProposedField({"column": "total"})}
    if file.count is None:
        return {}
    parts = {
        name: find(name, file.columns, lambda c: c.is_number)
        for name in ("abandoned", "in_time")
    }
    fields = {"count": ProposedField({"column": file.count.name})}
    for name, column in parts.items():
        if column is not None and column.name != file.count.name:
            fields[name] = ProposedField({"column": column.name})
    return fields


def _status_column(file: ContactFile) -> Column | None:
    if file.count is not None:
        return None
    return find("status", file.columns, lambda c: len(c.distinct) <= 20)


def _status(file: ContactFile) -> dict[str, ProposedField]:
    """Who did not come and who gave up, by the words of a status."""
    column = _status_column(file)
    if column is None:
        return {}
    texts = column.distinct
    if column.heading == "left" and set(texts) <= {"true", "false"}:
        values = {"true": Guess(1), "false": Guess(0)}
        return {"abandoned": ProposedField({"column": column.name}, values)}
    fields = {}
    for name, words in (("no_show", MISSED), ("abandoned", GAVE_UP)):
        says = {text: bool(re.search(words, text.lower())) for text in texts}
        if any(says.values()):
            known = {text: Guess(int(says[text])) for text in texts}
            fields[name] = ProposedField({"column": column.name}, known)
    return fields


def _dropped(file: ContactFile) -> Mapping[str, tuple[str, ...]]:
    column = _status_column(file)
    texts = column.distinct if column else []
    gone = tuple(text for text in texts if re.search(CANCELLED, text.lower()))
    return {column.name: gone} if column and gone else {}


def _identity(file: ContactFile) -> tuple[str, ...]:
    """A column that names each row, when the file has one."""
    if file.count is not None:
        return ()

    def names_rows(column: Column) -> bool:
        return column.texts.len() == file.found.rows.height == column.texts.n_unique()

    found = find("identity", file.columns, names_rows)
    return (found.name,) if found else ()
