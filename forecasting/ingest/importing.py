"""Import one file: read, check, lay out, join with what is there, then commit."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import select

from forecasting.audit import Deed
from forecasting.calendar import Calendar
from forecasting.errors import InputError
from forecasting.ingest.drafting import Tally, draft_import, readable
from forecasting.ingest.extent import EXTENT
from forecasting.ingest.joining import Stock, join
from forecasting.ingest.judging import rejects_of
from forecasting.ingest.kinds.contact_targets import CONTACT_TARGETS
from forecasting.ingest.laying import lay_out
from forecasting.ingest.mapping import SourceMapping, load_mapping
from forecasting.ingest.order import Order, content_hash
from forecasting.ingest.outcome import ImportResult, nothing_new, result_of
from forecasting.ingest.placing import placed
from forecasting.ingest.products import check_products
from forecasting.policy import load_policy
from forecasting.records import BatchRecord, ImportRecord, PartRecord
from forecasting.runs import Change, Overtaken
from forecasting.tables import Rejects
from forecasting.targets import Target
from forecasting.workspace import Workspace

COUNTED = "slots"
TRIES = 10
"""So often an import is worked out again when others of its source come between."""


@dataclass(frozen=True)
class Prepared:
    """An import that is worked out and stands on disk, but does not count yet."""

    result: ImportResult
    change: Change | None
    deed: Deed


def import_file(
    workspace: Workspace,
    file: Path,
    source: str,
    *,
    targets: Mapping[str, Target] = CONTACT_TARGETS,
    now: datetime,
    max_rejects: float = 0.02,
    instead: bool = False,
) -> ImportResult:
    """Import a file as the mapping of its source reads it, all of it or nothing.

    `max_rejects` is the share of rows that may be rejected. The same rows that came
    before make way, with `instead` all earlier rows of its period and places. The same
    content read by another mapping takes the place of what it gave before.

    Raises:
        InputError: the file cannot be used, or too many rows are rejected.
        PolicyError: the mapping breaks a rule.
    """
    workspace.sweep(now)
    for _ in range(TRIES):
        work = prepared(
            workspace,
            file,
            source,
            targets=targets,
            now=now,
            max_rejects=max_rejects,
            instead=instead,
        )
        with work as found, suppress(Overtaken):
            if found.change is not None:
                workspace.ledger.commit_imports([found.change], [found.deed])
            return found.result
    raise InputError(
        f"expected a quiet moment of source '{source}', came other imports all the time",
        file=file,
        remedy="Import its files one after another.",
    )


@contextmanager
def prepared(
    workspace: Workspace,
    file: Path,
    source: str,
    *,
    targets: Mapping[str, Target] = CONTACT_TARGETS,
    now: datetime,
    max_rejects: float = 0.02,
    instead: bool = False,
    mapping: SourceMapping | None = None,
) -> Iterator[Prepared]:
    """Work an import out up to the point where one transaction makes it count.

    What was put on disk is taken away again unless its parts count by then. `mapping`
    stands in for the one that is configured for the source.

    Raises:
        InputError: the file cannot be used, or too many rows are rejected.
        PolicyError: the mapping breaks a rule.
    """
    mapping = mapping or load_mapping(workspace.settings.config, source, targets)
    check_products(workspace.settings.config, source, mapping)
    digest = content_hash(file)
    target = targets[mapping.kind]
    if target.dated is not None:
        target = target.known_on(_today(workspace, now))
    if target.sent is not None:
        target = target.but_of(_withdrawn(workspace))
    order = Order(file, source, mapping, target, digest, now, max_rejects, instead)
    stock = _stock(workspace, source)
    earlier = next((i for i in stock.imports.values() if i.sha256 == digest), None)
    if earlier and earlier.id == order.id and _is_kept(workspace, order, stock):
        nothing = workspace.deed("import", order.id, now=now)
        yield Prepared(_came_before(workspace, earlier, stock), None, nothing)
        return
    with workspace.lake.desk() as desk:  # held until the parts count
        found, parts = _worked_out(workspace, order, stock, earlier, desk)
        try:
            yield found
        finally:
            _tidy(workspace, source, parts, stock)


def _tidy(
    workspace: Workspace, source: str, parts: Iterable[PartRecord], stock: Stock
) -> None:
    """Take away what was put on disk and does not count, and what made way."""
    counting = {part.file for part in workspace.ledger.parts(source=source)}
    for part in parts:
        if part.file not in counting:
            workspace.lake.part_path(part).unlink(missing_ok=True)
    made_way = [part for part in stock.parts if part.file not in counting]
    workspace.lake.spare(made_way)


def _stock(workspace: Workspace, source: str) -> Stock:
    parts, imports = workspace.ledger.stock(source)
    return Stock(tuple(parts), {record.id: record for record in imports})


def _came_before(
    workspace: Workspace, record: ImportRecord, stock: Stock
) -> ImportResult:
    own = [part for part in stock.of("rejects") if part.import_id == record.id]
    kept = workspace.lake.scan_parts(own)
    rejects = Rejects.create_empty() if kept is None else kept.collect()
    return nothing_new(record, rejects)


def _is_kept(workspace: Workspace, order: Order, stock: Stock) -> bool:
    """Whether what an earlier import of this order gave still counts and is whole.

    A table that another took the place of is imported again: the last import holds.
    """
    own = [part for part in stock.parts if part.import_id == order.id]
    overtaken = order.target.whole and order.target.kind not in {p.dataset for p in own}
    unsaid = order.instead and not order.target.whole and not _is_last_word(own, stock)
    whole = all(workspace.lake.holds(part) for part in own)
    return whole and not overtaken and not unsaid


def _is_last_word(own: list[PartRecord], stock: Stock) -> bool:
    """Whether an import was already the whole truth, and nothing came after it."""
    last = max(record.arrival for record in stock.imports.values())
    return any(
        part.dataset == EXTENT and stock.imports[part.import_id].arrival == last
        for part in own
    )


def _worked_out(
    workspace: Workspace,
    order: Order,
    stock: Stock,
    earlier: ImportRecord | None,
    desk: Path,
) -> tuple[Prepared, list[PartRecord]]:
    zone = _town_zone(workspace.settings.config)
    draft = draft_import(order.file, order.source, order.mapping, order.target)
    draft = draft.without_days_before(workspace.ledger.forgotten_before(), zone)
    with readable(order.file):
        layout = lay_out(draft, desk)
    refused = rejects_of(layout, order)
    arrived = max((i.arrival for i in stock.imports.values()), default=0)
    record = _record(order, layout.tally, earlier, arrived)
    found = join(
        layout, record, stock, workspace.lake, desk, zone, instead=order.instead
    )
    if order.target.kind == "contacts":
        found = found.with_counts(zone, desk / "counts")
    parts = placed(workspace.lake, record, found, refused, desk)
    seen = frozenset(part.id for part in stock.parts)
    old = earlier.id if earlier else None
    change = Change(record, tuple(parts), found.drop, seen, old)
    detail = (
        f"{record.source}: {record.rows_imported} rows of {record.kind}, "
        f"{record.rows_rejected} rejected, {found.replaced} replaced"
    )
    deed = workspace.deed("import", record.id, detail, now=order.now)
    return Prepared(
        result_of(record, layout.tally, found.replaced), change, deed
    ), parts


def _today(workspace: Workspace, now: datetime) -> date:
    """The day of now, or the last day of the contacts where a history runs ahead of it."""
    zone = ZoneInfo(_town_zone(workspace.settings.config))
    today = now.astimezone(zone).date()
    if not workspace.has_imported(COUNTED):
        return today
    newest = pl.col("start").max()
    last = workspace.imported(COUNTED).select(newest).collect().item()
    return today if last is None else max(today, last.date())


def _withdrawn(workspace: Workspace) -> set[str]:
    """The names of batches that were withdrawn as not sent."""
    query = select(BatchRecord.name).where(BatchRecord.withdrawn)
    with workspace.ledger.reading() as session:
        return set(session.scalars(query))


def _town_zone(config: Path) -> str:
    calendar = config / "calendar.toml"
    known = load_policy(calendar, Calendar) if calendar.exists() else Calendar()
    return known.zone


def _record(
    order: Order, tally: Tally, earlier: ImportRecord | None, arrived: int
) -> ImportRecord:
    """The record of an import; rows came when their content first came.

    Tables come now, and so does what is to stand instead of all that came before.
    """
    before = None if order.target.whole or order.instead else earlier
    return ImportRecord(
        id=order.id,
        source=order.source,
        kind=order.target.kind,
        file=order.file.name[:255],
        sha256=order.digest,
        rows_imported=tally.read - tally.rejected,
        rows_rejected=tally.rejected,
        rows_left_out=tally.left_out,
        arrival=before.arrival if before else arrived + 1,
        at=before.at if before else order.now,
    )
