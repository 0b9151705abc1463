"""Import one file: read, check, lay out, join with what is there, then commit."""

import hashlib
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from forecasting.audit import Deed
from forecasting.calendar import Calendar
from forecasting.errors import InputError
from forecasting.ingest.checking import COMES_AGAIN, rejects
from forecasting.ingest.drafting import Tally, draft_import, readable
from forecasting.ingest.extent import EXTENT
from forecasting.ingest.joining import Join, Stock, join
from forecasting.ingest.kinds.contact_targets import CONTACT_TARGETS
from forecasting.ingest.laying import Laid, Layout, lay_out
from forecasting.ingest.mapping import SourceMapping, load_mapping
from forecasting.ingest.products import check_products
from forecasting.ingest.readers.reading import LINE, check_is_file
from forecasting.lake import put_in_place
from forecasting.policy import load_policy
from forecasting.records import ImportRecord, PartRecord
from forecasting.runs import Change, Overtaken
from forecasting.targets import Target
from forecasting.workspace import Workspace

TRIES = 10
"""So often an import is worked out again when others of its source come between."""


@dataclass(frozen=True)
class ImportResult:
    """What became of a file.

    `rows_read` is `rows_imported` and `rows_rejected` together; `rows_left_out` are
    those the mapping says to drop and those of before the day of retention. `reasons`
    counts rejects per column and reason. `rows_replaced` are rows of earlier imports that
    made way. `already` says that this content came before for the source, read by the
    same mapping: nothing was done.
    """

    id: str
    source: str
    kind: str
    rows_read: int
    rows_imported: int
    rows_rejected: int
    reasons: dict[str, int]
    already: bool = False
    rows_left_out: int = 0
    rows_replaced: int = 0


@dataclass(frozen=True)
class Prepared:
    """An import that is worked out and stands on disk, but does not count yet."""

    result: ImportResult
    change: Change | None
    deed: Deed


@dataclass(frozen=True)
class Order:
    """What is to be imported, and how."""

    file: Path
    source: str
    mapping: SourceMapping
    target: Target
    digest: str
    now: datetime
    max_rejects: float
    instead: bool

    @property
    def id(self) -> str:
        """The identity of an import: its source, its content, and how that is read."""
        read = self.digest.encode() + self.mapping.model_dump_json().encode()
        return f"{self.source}-{hashlib.sha256(read).hexdigest()[:16]}"


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

    `max_rejects` is the share of rows that may be rejected. Rows that came before make
    way for the same rows of this file; with `instead` so do all earlier rows of its
    period and places. The same content read by another mapping takes the place of what
    it gave before.

    Raises:
        InputError: the file cannot be used, or too many rows are rejected.
        PolicyError: the mapping breaks a rule.
    """
    workspace.sweep(now)
    for _ in range(TRIES):
        with prepared(
            workspace,
            file,
            source,
            targets=targets,
            now=now,
            max_rejects=max_rejects,
            instead=instead,
        ) as found:
            try:
                if found.change is not None:
                    workspace.ledger.commit_imports([found.change], [found.deed])
            except Overtaken:
                continue
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
    order = Order(
        file, source, mapping, targets[mapping.kind], digest, now, max_rejects, instead
    )
    stock = _stock(workspace, source)
    earlier = next((i for i in stock.imports.values() if i.sha256 == digest), None)
    if earlier and earlier.id == order.id and _is_kept(workspace, order, stock):
        nothing = workspace.deed("import", order.id, now=now)
        yield Prepared(_already(earlier), None, nothing)
        return
    with workspace.lake.desk() as desk:  # held until the parts count
        found, placed = _worked_out(workspace, order, stock, earlier, desk)
        try:
            yield found
        finally:
            counting = {part.file for part in workspace.ledger.parts(source=source)}
            for part in placed:
                if part.file not in counting:
                    workspace.lake.part_path(part).unlink(missing_ok=True)
            made_way = [part for part in stock.parts if part.file not in counting]
            workspace.lake.spare(made_way)


def content_hash(file: Path) -> str:
    """The SHA-256 of a file's content, in hex.

    Raises:
        InputError: there is no such file, or it cannot be read.
    """
    check_is_file(file)
    try:
        with file.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise InputError(
            f"expected a readable file; {error.strerror}", file=file
        ) from None


def _stock(workspace: Workspace, source: str) -> Stock:
    parts, imports = workspace.ledger.stock(source)
    return Stock(tuple(parts), {record.id: record for record in imports})


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
    refused = _checked(layout, order)
    arrived = max((i.arrival for i in stock.imports.values()), default=0)
    record = _record(order, layout.tally, earlier, arrived)
    found = join(
        layout, record, stock, workspace.lake, desk, zone, instead=order.instead
    )
    if order.target.kind == "contacts":
        found = found.with_counts(zone, desk / "counts")
    parts = _placed(workspace, record, found, refused, desk)
    seen = frozenset(part.id for part in stock.parts)
    old = earlier.id if earlier else None
    change = Change(record, tuple(parts), found.drop, seen, old)
    detail = (
        f"{record.source}: {record.rows_imported} rows of {record.kind}, "
        f"{record.rows_rejected} rejected, {found.replaced} replaced"
    )
    deed = workspace.deed("import", record.id, detail, now=order.now)
    return Prepared(_result(record, layout.tally, found), change, deed), parts


def _town_zone(config: Path) -> str:
    calendar = config / "calendar.toml"
    known = load_policy(calendar, Calendar) if calendar.exists() else Calendar()
    return known.zone


def _checked(layout: Layout, order: Order) -> pl.DataFrame:
    """The rejects, when they are few enough.

    Raises:
        InputError: there are no rows, or too many are rejected; names the first place.
    """
    tally = layout.tally
    if tally.read == 0:
        raise InputError("expected rows, found none", file=order.file)
    broken = pl.scan_parquet(layout.refused)
    too_many = tally.rejected > order.max_rejects * tally.read
    if too_many:
        broken = broken.bottom_k(1, by=LINE)
    found = rejects(broken.collect(), layout.draft.checks, order.source, order.file)
    if too_many:
        raise _too_many(found.row(0, named=True), tally, order)
    return found


def _too_many(first: Mapping[str, object], tally: Tally, order: Order) -> InputError:
    value = f", came '{first['value']}'" if first["value"] is not None else ""
    remedy = "Mend the file, or allow more with --max-rejects."
    if first["reason"] == COMES_AGAIN:
        remedy = (
            "Name the columns that tell such rows apart as 'identity' in its mapping."
        )
    line = first["line"]
    return InputError(
        f"{first['reason']}{value} ({tally.rejected} of {tally.read} rows "
        f"rejected, at most {100 * order.max_rejects:g}% allowed)",
        file=order.file,
        line=line if isinstance(line, int) else None,
        column=str(first["column"]),
        remedy=remedy,
    )


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


def _placed(
    workspace: Workspace,
    record: ImportRecord,
    found: Join,
    refused: pl.DataFrame,
    desk: Path,
) -> list[PartRecord]:
    """Move every new file to its place, under a name that nothing else has."""
    parts: list[PartRecord] = []
    table = desk / "rejects.parquet"
    refused.write_parquet(table)
    owned = [(record.id, laid) for laid in found.files]
    owned += [
        *found.rewritten,
        (record.id, Laid("", {"rejects": table}, refused.height)),
    ]
    if found.extent:
        owned.append((record.id, Laid("", {EXTENT: found.extent}, 1)))
    for owner, laid in owned:
        name = f"{owner}.{uuid.uuid4().hex[:8]}"
        for dataset, draft in laid.tables.items():
            part = PartRecord(
                dataset=dataset,
                source=record.source,
                month=laid.month,
                file=name,
                import_id=owner,
                rows=laid.rows,
            )
            put_in_place(draft, workspace.lake.part_path(part))
            parts.append(part)
    return parts


def _already(record: ImportRecord) -> ImportResult:
    return ImportResult(
        id=record.id,
        source=record.source,
        kind=record.kind,
        rows_read=record.rows_imported + record.rows_rejected,
        rows_imported=record.rows_imported,
        rows_rejected=record.rows_rejected,
        reasons={},
        already=True,
    )


def _result(record: ImportRecord, tally: Tally, found: Join) -> ImportResult:
    return ImportResult(
        id=record.id,
        source=record.source,
        kind=record.kind,
        rows_read=tally.read,
        rows_imported=record.rows_imported,
        rows_rejected=tally.rejected,
        reasons=tally.reasons,
        rows_left_out=tally.left_out,
        rows_replaced=found.replaced,
    )
